/** Closed auctions for queries 4 and 6: one table of open auctions and one queue of closings per worker. */
import { binary, exchangeBy, type Stream } from 'megaphone-engine';

import type { QueryContext } from '../query.ts';
import type { Auctions, Bids, NexmarkStreams } from '../schemas.ts';
import { type ClosedAuctions, closedAuctionSchema, closingTime } from './closed-auction-rows.ts';
import { ClosingHeap } from './closing-heap.ts';
import { HeldBids } from './held-bids.ts';
import { OpenAuctions } from './open-auctions.ts';

/** Every auction with its winning price, once it has expired; auctions without a valid bid are left out. */
export function closedAuctionsNative(
  { auctions, bids }: NexmarkStreams,
  context: QueryContext,
): Stream<ClosedAuctions> {
  const { eventTime } = context;
  const { peers } = auctions.scope;
  const pacts = [exchangeBy<Auctions>('id', peers), exchangeBy<Bids>('auction', peers)] as const;
  return binary(auctions, bids, 'closed-auctions', pacts, closedAuctionSchema, ({ output, notificator }) => {
    const open = new OpenAuctions();
    const closings = new ClosingHeap();
    const held = new HeldBids();
    let absorbed = 0;

    const offer = (slot: number, price: number, dateTime: number): void => {
      if (price <= open.price[slot]! || price < open.reserve[slot]!) return;
      if (dateTime >= open.opens[slot]! && dateTime < open.expires[slot]!) open.price[slot] = price;
    };
    /** Offers the held bids whose auction has arrived, and forgets those whose auction can no longer arrive. */
    const offerHeld = (): void => {
      const count = held.length;
      held.length = 0;
      for (let i = 0; i < count; i++) {
        const auction = held.auction[i]!;
        const price = held.price[i]!;
        const dateTime = held.dateTime[i]!;
        const slot = open.find(auction);
        if (slot !== undefined) offer(slot, price, dateTime);
        else if (eventTime.timerAt(dateTime) >= absorbed) held.push(auction, price, dateTime);
      }
    };
    const close = (auction: number): void => {
      const slot = open.find(auction)!;
      if (open.price[slot]! > 0) {
        const out = output.append();
        output.columns.auction[out] = auction;
        output.columns.seller[out] = open.seller[slot]!;
        output.columns.category[out] = open.category[slot]!;
        output.columns.price[out] = open.price[slot]!;
        output.columns.expires[out] = open.expires[slot]!;
      }
      open.delete(auction, slot);
    };

    return (auctionInput, bidInput) => {
      for (const { columns, length } of auctionInput.arrivals) {
        for (let i = 0; i < length; i++) {
          const auction = columns.id[i]!;
          const expires = columns.expires[i]!;
          const slot = open.add(auction);
          open.seller[slot] = columns.seller[i]!;
          open.category[slot] = columns.category[i]!;
          open.reserve[slot] = columns.reserve[i]!;
          open.opens[slot] = columns.dateTime[i]!;
          open.expires[slot] = expires;
          if (expires < closings.expires) notificator.notifyAt(closingTime(context, expires));
          closings.push(expires, auction);
        }
      }
      for (const { columns, length } of bidInput.arrivals) {
        const { auction, price, dateTime } = columns;
        for (let i = 0; i < length; i++) {
          const slot = open.find(auction[i]!);
          if (slot !== undefined) offer(slot, price[i]!, dateTime[i]!);
          else held.push(auction[i]!, price[i]!, dateTime[i]!);
        }
      }
      const frontier = Math.min(auctionInput.frontier, bidInput.frontier);
      if (frontier > absorbed) {
        absorbed = frontier;
        offerHeld();
      }
      for (let time = notificator.next(); time !== null; time = notificator.next()) {
        output.at(time);
        while (closings.size > 0 && closingTime(context, closings.expires) <= time) {
          close(closings.auction);
          closings.pop();
        }
        if (closings.size > 0) notificator.notifyAt(closingTime(context, closings.expires));
      }
    };
  });
}
