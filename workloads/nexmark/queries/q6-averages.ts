/** The second operator of query 6: a seller's latest prices in the order of (expires, auction). */
import { HashTable, type Multimap } from 'megaphone-engine/migration';

import type { QueryContext } from '../query.ts';
import type { ClosedAuctions } from './closed-auction-rows.ts';
import type { KeyedUnary } from '../../keyed-operator.ts';
import { type Q6Rows, q6Schema } from './rows.ts';
import { addClosing, takeClosings, waitingClosings } from './waiting-closings.ts';

/** Columns of the sellers: auctions closed so far; the latest prices follow, as a ring. */
const [CLOSED, PRICES] = [0, 1] as const;

type State = Readonly<{ sellers: HashTable; closings: Multimap }>;

/** The average price of a seller's latest closed auctions, one row per closing. */
export function q6Averages(context: QueryContext): KeyedUnary<ClosedAuctions, State, Q6Rows> {
  const { q6Closings } = context.parameters;
  return {
    name: 'q6',
    state: (bins) => ({
      sellers: new HashTable(bins, PRICES + q6Closings),
      closings: waitingClosings(bins),
    }),
    output: q6Schema,
    kernel: ({ state: { sellers, closings }, output, notificator }) => ({
      onRecords({ columns, length, time }): void {
        for (let i = 0; i < length; i++) {
          const seller = columns.seller[i]!;
          if (addClosing(closings, seller, columns, i, context)) notificator.notifyAt(time, seller, 0);
        }
      },
      onPending(time, seller): void {
        const prices = sellers.insert(seller);
        for (const { expires, price } of takeClosings(closings, seller, time, context)) {
          const before = sellers.get(prices, CLOSED);
          sellers.set(prices, CLOSED, before + 1);
          sellers.set(prices, PRICES + (before % q6Closings), price);
          const count = Math.min(before + 1, q6Closings);
          let sum = 0;
          for (let i = 0; i < count; i++) sum += sellers.get(prices, PRICES + i);
          const out = output.append();
          output.columns.timeUs[out] = expires;
          output.columns.seller[out] = seller;
          output.columns.average[out] = sum / count;
        }
      },
    }),
  };
}
