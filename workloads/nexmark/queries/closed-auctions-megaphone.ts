/** Closed auctions for queries 4 and 6: open auctions with their best bids are migratable state, their closings pending entries. */
import {
  binary,
  type ControlStream,
  type HashedBinning,
  HashTable,
  type Migratable,
  Multimap,
} from 'megaphone-engine/migration';

import { type QueryContext } from '../query.ts';
import { type NexmarkStreams } from '../schemas.ts';
import { type ClosedAuctions, closedAuctionSchema } from './closed-auction-rows.ts';

/** Columns of the open auctions; the price is 0 without a valid bid. */
const [SELLER, CATEGORY, RESERVE, OPENS, EXPIRES, PRICE] = [0, 1, 2, 3, 4, 5] as const;
/** Columns of the bids that are held because their auction is unknown. */
const [BID_PRICE, BID_TIME] = [0, 1] as const;
/** What an entry is for. */
const [FORGET_BIDS, CLOSE] = [0, 1] as const;

/** Every auction with its winning price, once it has expired; auctions without a valid bid are left out. */
export function closedAuctionsMegaphone(
  { auctions, bids }: NexmarkStreams,
  control: ControlStream,
  { eventTime }: QueryContext,
): Migratable<ClosedAuctions> {
  const options = {
    name: 'closed-auctions',
    state: (binning: HashedBinning) => ({ open: new HashTable(binning, 6), held: new Multimap(binning, 2) }),
  };
  return binary(auctions, bids, ['id', 'auction'], control, options, closedAuctionSchema, (context) => {
    const { state, output, notificator } = context;
    const { open, held } = state;

    const offer = (row: number, price: number, dateTime: number): void => {
      if (price <= open.get(row, PRICE) || price < open.get(row, RESERVE)) return;
      if (dateTime >= open.get(row, OPENS) && dateTime < open.get(row, EXPIRES)) open.set(row, PRICE, price);
    };
    const hold = (auction: number, price: number, dateTime: number): void => {
      if (held.count(auction) === 0) notificator.notifyAt(eventTime.timerAt(dateTime), auction, FORGET_BIDS);
      const row = held.append(auction);
      held.set(row, BID_PRICE, price);
      held.set(row, BID_TIME, dateTime);
    };
    /** Forgets the held bids up to `time`, and keeps the others. */
    const forget = (time: number, auction: number): void => {
      const later: number[] = [];
      for (let row = held.first(auction); row >= 0; row = held.next(row)) {
        if (eventTime.timerAt(held.get(row, BID_TIME)) > time)
          later.push(held.get(row, BID_TIME), held.get(row, BID_PRICE));
      }
      held.deleteKey(auction);
      // The latest comes first and sets the next entry: every bid is looked at a constant number of times.
      while (later.length > 0) hold(auction, later.pop()!, later.pop()!);
    };

    return {
      onLeft({ columns, length }): void {
        for (let i = 0; i < length; i++) {
          const auction = columns.id[i]!;
          const row = open.insert(auction);
          open.set(row, SELLER, columns.seller[i]!);
          open.set(row, CATEGORY, columns.category[i]!);
          open.set(row, RESERVE, columns.reserve[i]!);
          open.set(row, OPENS, columns.dateTime[i]!);
          open.set(row, EXPIRES, columns.expires[i]!);
          notificator.notifyAt(eventTime.timerAt(columns.expires[i]!), auction, CLOSE);
          for (let bid = held.first(auction); bid >= 0; bid = held.next(bid)) {
            offer(row, held.get(bid, BID_PRICE), held.get(bid, BID_TIME));
          }
          held.deleteKey(auction);
        }
      },
      onRight({ columns, length }): void {
        for (let i = 0; i < length; i++) {
          const row = open.find(columns.auction[i]!);
          if (row >= 0) offer(row, columns.price[i]!, columns.dateTime[i]!);
          else hold(columns.auction[i]!, columns.price[i]!, columns.dateTime[i]!);
        }
      },
      onPending(time, auction, kind): void {
        if (kind === FORGET_BIDS) return forget(time, auction);
        const row = open.find(auction);
        if (open.get(row, PRICE) > 0) {
          const out = output.append();
          output.columns.auction[out] = auction;
          output.columns.seller[out] = open.get(row, SELLER);
          output.columns.category[out] = open.get(row, CATEGORY);
          output.columns.price[out] = open.get(row, PRICE);
          output.columns.expires[out] = open.get(row, EXPIRES);
        }
        open.delete(auction);
      },
    };
  });
}
