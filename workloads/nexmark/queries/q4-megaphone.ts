/** Query 4, average price per category: closed auctions, then a running average in the order of (expires, auction). */
import { type HashedBinning, HashTable, unary } from 'megaphone-engine/migration';

import type { MegaphoneQuery } from '../query.ts';
import { closedAuctionsMegaphone } from './closed-auctions-megaphone.ts';
import { type Q4Rows, q4Schema } from './q4-rows.ts';
import { addClosing, closingsInOrder, waitingClosing, waitingClosings } from './waiting-closings.ts';

/** Columns of the totals. */
const [SUM, COUNT] = [0, 1] as const;

/** The average price of a category's closed auctions, one row per closing. */
export const q4Megaphone: MegaphoneQuery<Q4Rows> = (streams, control, context) => {
  const closed = closedAuctionsMegaphone(streams, control, context);
  const options = {
    name: 'q4',
    state: (binning: HashedBinning) => ({ totals: new HashTable(binning, 2), closings: waitingClosings(binning) }),
  };
  const averages = unary(closed.stream, 'category', control, options, q4Schema, ({ state, output, notificator }) => ({
    onRecords({ columns, length, time }): void {
      for (let i = 0; i < length; i++) {
        const category = columns.category[i]!;
        if (addClosing(state.closings, category, columns, i)) notificator.notifyAt(time, category, 0);
      }
    },
    onPending(_time, category): void {
      const { totals, closings } = state;
      const total = totals.insert(category);
      for (const row of closingsInOrder(closings, category)) {
        totals.set(total, SUM, totals.get(total, SUM) + closings.get(row, waitingClosing.price));
        totals.set(total, COUNT, totals.get(total, COUNT) + 1);
        const out = output.append();
        output.columns.timeUs[out] = closings.get(row, waitingClosing.expires);
        output.columns.category[out] = category;
        output.columns.average[out] = totals.get(total, SUM) / totals.get(total, COUNT);
      }
      closings.deleteKey(category);
    },
  }));
  return { stream: averages.stream, migratables: [closed, averages] };
};
