/** Closings that wait until all of their time have come: averages count them in the order of (expires, auction). */
import type { Columns, Timestamp } from 'megaphone-engine';
import { type Bins, type HashedBinning, Multimap } from 'megaphone-engine/migration';

import type { QueryContext } from '../query.ts';
import { type ClosedAuctions, closingTime } from './closed-auction-rows.ts';

/** Columns of a waiting closing; the last says whether it and those after it are in order. */
const [EXPIRES, AUCTION, PRICE, ORDERED] = [0, 1, 2, 3] as const;

/** A closing that no longer waits. */
export interface Closing {
  /** When the auction closed, in microseconds of event time. */
  readonly expires: number;
  /** The auction. */
  readonly auction: number;
  /** The winning price, in cents. */
  readonly price: number;
}

/** Closings by key, none so far. */
export function waitingClosings(bins: Bins<HashedBinning>): Multimap {
  return new Multimap(bins, 4);
}

/**
 * Adds row `i` of `columns` to the closings of `key`. Returns whether its time has to be announced by a pending entry; a time may be
 * announced more than once.
 */
export function addClosing(
  closings: Multimap,
  key: number,
  columns: Columns<ClosedAuctions>,
  i: number,
  context: QueryContext,
): boolean {
  const expires = columns.expires[i]!;
  const last = closings.last(key);
  const announced = last >= 0 && closingTime(context, closings.get(last, EXPIRES)) === closingTime(context, expires);
  if (last >= 0) closings.set(closings.first(key), ORDERED, 0);
  const row = closings.append(key);
  closings.set(row, EXPIRES, expires);
  closings.set(row, AUCTION, columns.auction[i]!);
  closings.set(row, PRICE, columns.price[i]!);
  closings.set(row, ORDERED, last >= 0 ? 0 : 1);
  return !announced;
}

/** Removes the closings of `key` until and with `time`, and returns them in the order of (expires, auction). */
export function takeClosings(closings: Multimap, key: number, time: Timestamp, context: QueryContext): Closing[] {
  const due: Closing[] = [];
  const first = closings.first(key);
  if (first >= 0 && closings.get(first, ORDERED) === 0) orderClosings(closings, first);
  for (let row = first; row >= 0; row = closings.next(row)) {
    const closing = readClosing(closings, row);
    if (closingTime(context, closing.expires) > time) break;
    due.push(closing);
  }
  closings.deleteFirst(key, due.length);
  return due;
}

/** Puts the list that begins at row `first` in order: once for all times whose closings have come together. */
function orderClosings(closings: Multimap, first: number): void {
  const ordered: Closing[] = [];
  for (let row = first; row >= 0; row = closings.next(row)) ordered.push(readClosing(closings, row));
  ordered.sort((a, b) => a.expires - b.expires || a.auction - b.auction);
  let row = first;
  for (const { expires, auction, price } of ordered) {
    closings.set(row, EXPIRES, expires);
    closings.set(row, AUCTION, auction);
    closings.set(row, PRICE, price);
    closings.set(row, ORDERED, 1);
    row = closings.next(row);
  }
}

function readClosing(closings: Multimap, row: number): Closing {
  return {
    expires: closings.get(row, EXPIRES),
    auction: closings.get(row, AUCTION),
    price: closings.get(row, PRICE),
  };
}
