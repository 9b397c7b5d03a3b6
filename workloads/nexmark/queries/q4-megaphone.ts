/** Query 4, average price per category: closed auctions, then a running average in the order of (expires, auction). */
import { type HashedBinning, HashTable, Multimap, unary } from 'megaphone-engine/migration';

import { type MegaphoneQuery } from '../query.ts';
import { closedAuctionsMegaphone } from './closed-auctions-megaphone.ts';
import { type Q4Rows, q4Schema } from './q4-rows.ts';

/** Columns of the totals. */
const [SUM, COUNT] = [0, 1] as const;
/** Columns of the closings of the present time. */
const [EXPIRES, AUCTION, PRICE] = [0, 1, 2] as const;

/** The average price of a category's closed auctions, one row per closing. */
export const q4Megaphone: MegaphoneQuery<Q4Rows> = (streams, control, context) => {
  const closed = closedAuctionsMegaphone(streams, control, context);
  const options = {
    name: 'q4',
    state: (binning: HashedBinning) => ({ totals: new HashTable(binning, 2), closings: new Multimap(binning, 3) }),
  };
  const averages = unary(closed.stream, 'category', control, options, q4Schema, ({ state, output, notificator }) => ({
    onRecords({ columns, length, time }): void {
      for (let i = 0; i < length; i++) {
        const category = columns.category[i]!;
        if (state.closings.count(category) === 0) notificator.notifyAt(time, category, 0);
        const row = state.closings.append(category);
        state.closings.set(row, EXPIRES, columns.expires[i]!);
        state.closings.set(row, AUCTION, columns.auction[i]!);
        state.closings.set(row, PRICE, columns.price[i]!);
      }
    },
    onPending(_time, category): void {
      const { totals, closings } = state;
      const rows: number[] = [];
      for (let row = closings.first(category); row >= 0; row = closings.next(row)) rows.push(row);
      const order = (a: number, b: number, column: number) => closings.get(a, column) - closings.get(b, column);
      rows.sort((a, b) => order(a, b, EXPIRES) || order(a, b, AUCTION));
      const total = totals.insert(category);
      for (const row of rows) {
        totals.set(total, SUM, totals.get(total, SUM) + closings.get(row, PRICE));
        totals.set(total, COUNT, totals.get(total, COUNT) + 1);
        const out = output.append();
        output.columns.timeUs[out] = closings.get(row, EXPIRES);
        output.columns.category[out] = category;
        output.columns.average[out] = totals.get(total, SUM) / totals.get(total, COUNT);
      }
      closings.deleteKey(category);
    },
  }));
  return { stream: averages.stream, migratables: [closed, averages] };
};
