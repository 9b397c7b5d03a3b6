/**
 * Closed auctions for queries 4 and 6: open auctions with their best bids are state, their closings pending entries.
 *
 * A bid may come before its auction. It is tried again at its own time: its auction has arrived by then, or will not make it valid.
 * Until then it is a pending entry, whose value holds the price and the time since the earliest event time of the entry's timestamp.
 */
import { HashTable } from 'megaphone-engine/migration';

import { EVENT_TIMES_PER_TIMESTAMP, LONGEST_TICK_US, NexmarkParameterError } from '../parameters.ts';
import type { QueryContext } from '../query.ts';
import type { Auctions, Bids } from '../schemas.ts';
import { type ClosedAuctions, closedAuctionSchema, closingTime } from './closed-auction-rows.ts';
import type { KeyedBinary } from '../../keyed-operator.ts';

/** Columns of the open auctions; the price is 0 without a valid bid. */
const [SELLER, CATEGORY, RESERVE, OPENS, EXPIRES, PRICE] = [0, 1, 2, 3, 4, 5] as const;
/** Value of the entry that closes an auction; it comes after the auction's early bids of the same time. */
const CLOSE = Infinity;

/**
 * Every auction with its winning price, once it has expired; auctions without a valid bid are left out. Keyed by the auction.
 * @throws {NexmarkParameterError} when more event times share a timestamp than an early bid's entry tells apart
 */
export function closedAuctions(
  context: QueryContext,
): KeyedBinary<Auctions, Bids, Readonly<{ open: HashTable }>, ClosedAuctions> {
  const { eventTime } = context;
  if (eventTime.tickUs > LONGEST_TICK_US) {
    throw new NexmarkParameterError(
      `${eventTime.tickUs} us of event time pass in a tick, expected at most ${LONGEST_TICK_US} us: a shorter tick or a lower timeDilation`,
    );
  }
  return {
    name: 'closed-auctions',
    state: (bins) => ({ open: new HashTable(bins, 6) }),
    output: closedAuctionSchema,
    kernel({ state, output, notificator }) {
      const { open } = state;

      const offer = (row: number, price: number, dateTime: number): void => {
        if (price <= open.get(row, PRICE) || price < open.get(row, RESERVE)) return;
        if (dateTime >= open.get(row, OPENS) && dateTime < open.get(row, EXPIRES)) open.set(row, PRICE, price);
      };
      const postpone = (auction: number, price: number, dateTime: number): void => {
        const time = eventTime.timerAt(dateTime);
        const since = dateTime - eventTime.earliestAt(time);
        notificator.notifyAt(time, auction, price * EVENT_TIMES_PER_TIMESTAMP + since);
      };
      const close = (auction: number, row: number): void => {
        if (open.get(row, PRICE) > 0) {
          const out = output.append();
          output.columns.auction[out] = auction;
          output.columns.seller[out] = open.get(row, SELLER);
          output.columns.category[out] = open.get(row, CATEGORY);
          output.columns.price[out] = open.get(row, PRICE);
          output.columns.expires[out] = open.get(row, EXPIRES);
        }
        open.delete(auction);
      };

      return {
        onLeft({ columns, length }): void {
          for (let i = 0; i < length; i++) {
            const row = open.insert(columns.id[i]!);
            open.set(row, SELLER, columns.seller[i]!);
            open.set(row, CATEGORY, columns.category[i]!);
            open.set(row, RESERVE, columns.reserve[i]!);
            open.set(row, OPENS, columns.dateTime[i]!);
            open.set(row, EXPIRES, columns.expires[i]!);
            notificator.notifyAt(closingTime(context, columns.expires[i]!), columns.id[i]!, CLOSE);
          }
        },
        onRight({ columns, length }): void {
          for (let i = 0; i < length; i++) {
            const row = open.find(columns.auction[i]!);
            if (row >= 0) offer(row, columns.price[i]!, columns.dateTime[i]!);
            else postpone(columns.auction[i]!, columns.price[i]!, columns.dateTime[i]!);
          }
        },
        onPending(time, auction, value): void {
          const row = open.find(auction);
          if (value === CLOSE) {
            close(auction, row);
          } else if (row >= 0) {
            const price = Math.floor(value / EVENT_TIMES_PER_TIMESTAMP);
            offer(row, price, (value % EVENT_TIMES_PER_TIMESTAMP) + eventTime.earliestAt(time));
          }
        },
      };
    },
  };
}
