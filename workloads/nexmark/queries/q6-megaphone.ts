/** Query 6, average selling price by seller: closed auctions, then a seller's latest prices in the order of (expires, auction). */
import { type HashedBinning, HashTable, unary } from 'megaphone-engine/migration';

import type { MegaphoneQuery } from '../query.ts';
import { closedAuctionsMegaphone } from './closed-auctions-megaphone.ts';
import { type Q6Rows, q6Schema } from './q6-rows.ts';
import { addClosing, closingsInOrder, waitingClosing, waitingClosings } from './waiting-closings.ts';

/** Columns of the sellers: auctions closed so far; the latest prices follow, as a ring. */
const [CLOSED, PRICES] = [0, 1] as const;

/** The average price of a seller's latest closed auctions, one row per closing. */
export const q6Megaphone: MegaphoneQuery<Q6Rows> = (streams, control, context) => {
  const { q6Closings } = context.parameters;
  const closed = closedAuctionsMegaphone(streams, control, context);
  const options = {
    name: 'q6',
    state: (binning: HashedBinning) => ({
      sellers: new HashTable(binning, PRICES + q6Closings),
      closings: waitingClosings(binning),
    }),
  };
  const averages = unary(closed.stream, 'seller', control, options, q6Schema, ({ state, output, notificator }) => ({
    onRecords({ columns, length, time }): void {
      for (let i = 0; i < length; i++) {
        const seller = columns.seller[i]!;
        if (addClosing(state.closings, seller, columns, i)) notificator.notifyAt(time, seller, 0);
      }
    },
    onPending(_time, seller): void {
      const { sellers, closings } = state;
      const prices = sellers.insert(seller);
      for (const row of closingsInOrder(closings, seller)) {
        const before = sellers.get(prices, CLOSED);
        sellers.set(prices, CLOSED, before + 1);
        sellers.set(prices, PRICES + (before % q6Closings), closings.get(row, waitingClosing.price));
        const count = Math.min(before + 1, q6Closings);
        let sum = 0;
        for (let i = 0; i < count; i++) sum += sellers.get(prices, PRICES + i);
        const out = output.append();
        output.columns.timeUs[out] = closings.get(row, waitingClosing.expires);
        output.columns.seller[out] = seller;
        output.columns.average[out] = sum / count;
      }
      closings.deleteKey(seller);
    },
  }));
  return { stream: averages.stream, migratables: [closed, averages] };
};
