/** Closings that wait until all of their time have come, as migratable state: averages count them in the order of (expires, auction). */
import type { Columns } from 'megaphone-engine';
import { type HashedBinning, Multimap } from 'megaphone-engine/migration';

import type { ClosedAuctions } from './closed-auction-rows.ts';

/** Columns of a waiting closing. */
export const waitingClosing = { expires: 0, auction: 1, price: 2 } as const;

/** Closings by key, none so far. */
export function waitingClosings(binning: HashedBinning): Multimap {
  return new Multimap(binning, 3);
}

/** Adds row `i` of `columns` to the closings of `key`; returns whether it is the first. */
export function addClosing(closings: Multimap, key: number, columns: Columns<ClosedAuctions>, i: number): boolean {
  const first = closings.count(key) === 0;
  const row = closings.append(key);
  closings.set(row, waitingClosing.expires, columns.expires[i]!);
  closings.set(row, waitingClosing.auction, columns.auction[i]!);
  closings.set(row, waitingClosing.price, columns.price[i]!);
  return first;
}

/** Row positions of the closings of `key` in the order of (expires, auction). */
export function closingsInOrder(closings: Multimap, key: number): number[] {
  const rows: number[] = [];
  for (let row = closings.first(key); row >= 0; row = closings.next(row)) rows.push(row);
  const { expires, auction } = waitingClosing;
  const difference = (a: number, b: number, column: number): number =>
    closings.get(a, column) - closings.get(b, column);
  return rows.sort((a, b) => difference(a, b, expires) || difference(a, b, auction));
}
