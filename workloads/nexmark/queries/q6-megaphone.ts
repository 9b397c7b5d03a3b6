/** Query 6, average selling price by seller: closed auctions, then a seller's latest prices in the order of (expires, auction). */
import { type HashedBinning, HashTable, Multimap, unary } from 'megaphone-engine/migration';

import { type MegaphoneQuery } from '../query.ts';
import { closedAuctionsMegaphone } from './closed-auctions-megaphone.ts';
import { type Q6Rows, q6Schema } from './q6-rows.ts';

/** Columns of the sellers: auctions closed so far; the latest prices follow, as a ring. */
const [CLOSED, PRICES] = [0, 1] as const;
/** Columns of the closings of the present time. */
const [EXPIRES, AUCTION, PRICE] = [0, 1, 2] as const;

/** The average price of a seller's latest closed auctions, one row per closing. */
export const q6Megaphone: MegaphoneQuery<Q6Rows> = (streams, control, context) => {
  const { q6Closings } = context.parameters;
  const closed = closedAuctionsMegaphone(streams, control, context);
  const options = {
    name: 'q6',
    state: (binning: HashedBinning) => ({
      sellers: new HashTable(binning, PRICES + q6Closings),
      closings: new Multimap(binning, 3),
    }),
  };
  const averages = unary(closed.stream, 'seller', control, options, q6Schema, ({ state, output, notificator }) => ({
    onRecords({ columns, length, time }): void {
      for (let i = 0; i < length; i++) {
        const seller = columns.seller[i]!;
        if (state.closings.count(seller) === 0) notificator.notifyAt(time, seller, 0);
        const row = state.closings.append(seller);
        state.closings.set(row, EXPIRES, columns.expires[i]!);
        state.closings.set(row, AUCTION, columns.auction[i]!);
        state.closings.set(row, PRICE, columns.price[i]!);
      }
    },
    onPending(_time, seller): void {
      const { sellers, closings } = state;
      const rows: number[] = [];
      for (let row = closings.first(seller); row >= 0; row = closings.next(row)) rows.push(row);
      const order = (a: number, b: number, column: number) => closings.get(a, column) - closings.get(b, column);
      rows.sort((a, b) => order(a, b, EXPIRES) || order(a, b, AUCTION));
      const prices = sellers.insert(seller);
      for (const row of rows) {
        const before = sellers.get(prices, CLOSED);
        sellers.set(prices, CLOSED, before + 1);
        sellers.set(prices, PRICES + (before % q6Closings), closings.get(row, PRICE));
        const count = Math.min(before + 1, q6Closings);
        let sum = 0;
        for (let i = 0; i < count; i++) sum += sellers.get(prices, PRICES + i);
        const out = output.append();
        output.columns.timeUs[out] = closings.get(row, EXPIRES);
        output.columns.seller[out] = seller;
        output.columns.average[out] = sum / count;
      }
      closings.deleteKey(seller);
    },
  }));
  return { stream: averages.stream, migratables: [closed, averages] };
};
