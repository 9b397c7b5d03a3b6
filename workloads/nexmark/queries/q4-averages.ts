/** The second operator of query 4: a running average per category in the order of (expires, auction). */
import { HashTable, type Multimap } from 'megaphone-engine/migration';

import type { QueryContext } from '../query.ts';
import type { ClosedAuctions } from './closed-auction-rows.ts';
import type { KeyedUnary } from '../../keyed-operator.ts';
import { type Q4Rows, q4Schema } from './rows.ts';
import { addClosing, takeClosings, waitingClosings } from './waiting-closings.ts';

/** Columns of the totals. */
const [SUM, COUNT] = [0, 1] as const;

type State = Readonly<{ totals: HashTable; closings: Multimap }>;

/** The average price of a category's closed auctions, one row per closing. */
export function q4Averages(context: QueryContext): KeyedUnary<ClosedAuctions, State, Q4Rows> {
  return {
    name: 'q4',
    state: (bins) => ({ totals: new HashTable(bins, 2), closings: waitingClosings(bins) }),
    output: q4Schema,
    kernel: ({ state: { totals, closings }, output, notificator }) => ({
      onRecords({ columns, length, time }): void {
        for (let i = 0; i < length; i++) {
          const category = columns.category[i]!;
          if (addClosing(closings, category, columns, i, context)) notificator.notifyAt(time, category, 0);
        }
      },
      onPending(time, category): void {
        const total = totals.insert(category);
        for (const { expires, price } of takeClosings(closings, category, time, context)) {
          totals.set(total, SUM, totals.get(total, SUM) + price);
          totals.set(total, COUNT, totals.get(total, COUNT) + 1);
          const out = output.append();
          output.columns.timeUs[out] = expires;
          output.columns.category[out] = category;
          output.columns.average[out] = totals.get(total, SUM) / totals.get(total, COUNT);
        }
      },
    }),
  };
}
