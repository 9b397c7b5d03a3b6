/** Query 6, average selling price by seller: closed auctions, then a seller's latest prices in the order of (expires, auction). */
import { exchangeBy, unary } from 'megaphone-engine';

import type { NativeQuery } from '../query.ts';
import { type ClosedAuctions, closingTime } from './closed-auction-rows.ts';
import { closedAuctionsNative } from './closed-auctions-native.ts';
import { ClosingHeap } from './closing-heap.ts';
import { type Q6Rows, q6Schema } from './q6-rows.ts';
import { workerTable } from './worker-table.ts';

/** Columns of the sellers: auctions closed so far; the latest prices follow, as a ring. */
const [CLOSED, PRICES] = [0, 1] as const;

/** The average price of a seller's latest closed auctions, one row per closing. */
export const q6Native: NativeQuery<Q6Rows> = (streams, context) => {
  const { q6Closings } = context.parameters;
  const closed = closedAuctionsNative(streams, context);
  const pact = exchangeBy<ClosedAuctions>('seller', closed.scope.peers);
  return unary(closed, 'q6', pact, q6Schema, ({ output, notificator }) => {
    const closings = new ClosingHeap();
    const sellers = workerTable(PRICES + q6Closings);

    const average = (seller: number, price: number): number => {
      const prices = sellers.insert(seller);
      const before = sellers.get(prices, CLOSED);
      sellers.set(prices, CLOSED, before + 1);
      sellers.set(prices, PRICES + (before % q6Closings), price);
      const count = Math.min(before + 1, q6Closings);
      let sum = 0;
      for (let i = 0; i < count; i++) sum += sellers.get(prices, PRICES + i);
      return sum / count;
    };

    return (input) => {
      for (const { columns, length, time } of input.arrivals) {
        notificator.notifyAt(time);
        for (let i = 0; i < length; i++) {
          closings.push(columns.expires[i]!, columns.auction[i]!, columns.seller[i], columns.price[i]);
        }
      }
      for (let time = notificator.next(); time !== null; time = notificator.next()) {
        output.at(time);
        while (closings.size > 0 && closingTime(context, closings.expires) <= time) {
          const out = output.append();
          output.columns.timeUs[out] = closings.expires;
          output.columns.seller[out] = closings.group;
          output.columns.average[out] = average(closings.group, closings.price);
          closings.pop();
        }
      }
    };
  });
};
