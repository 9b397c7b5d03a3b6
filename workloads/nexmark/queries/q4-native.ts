/** Query 4, average price per category: closed auctions, then a running average in the order of (expires, auction). */
import { exchangeBy, unary } from 'megaphone-engine';

import type { NativeQuery } from '../query.ts';
import { type ClosedAuctions, closingTime } from './closed-auction-rows.ts';
import { closedAuctionsNative } from './closed-auctions-native.ts';
import { ClosingHeap } from './closing-heap.ts';
import { type Q4Rows, q4Schema } from './q4-rows.ts';

/** The average price of a category's closed auctions, one row per closing. */
export const q4Native: NativeQuery<Q4Rows> = (streams, context) => {
  const closed = closedAuctionsNative(streams, context);
  const pact = exchangeBy<ClosedAuctions>('category', closed.scope.peers);
  return unary(closed, 'q4', pact, q4Schema, ({ output, notificator }) => {
    const closings = new ClosingHeap();
    const sums = new Map<number, number>();
    const counts = new Map<number, number>();
    return (input) => {
      for (const { columns, length, time } of input.arrivals) {
        notificator.notifyAt(time);
        for (let i = 0; i < length; i++) {
          closings.push(columns.expires[i]!, columns.auction[i]!, columns.category[i], columns.price[i]);
        }
      }
      for (let time = notificator.next(); time !== null; time = notificator.next()) {
        output.at(time);
        while (closings.size > 0 && closingTime(context, closings.expires) <= time) {
          const category = closings.group;
          const sum = (sums.get(category) ?? 0) + closings.price;
          const count = (counts.get(category) ?? 0) + 1;
          sums.set(category, sum);
          counts.set(category, count);
          const out = output.append();
          output.columns.timeUs[out] = closings.expires;
          output.columns.category[out] = category;
          output.columns.average[out] = sum / count;
          closings.pop();
        }
      }
    };
  });
};
