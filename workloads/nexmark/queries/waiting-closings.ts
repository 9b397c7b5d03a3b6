/** Closings that wait until all of their time have come: averages count them in the order of (expires, auction). */
import type { Columns, Timestamp } from 'megaphone-engine';
import { type Bins, type HashedBinning, Multimap } from 'megaphone-engine/migration';

import type { QueryContext } from '../query.ts';
import { type ClosedAuctions, closingTime } from './closed-auction-rows.ts';

/** Columns of a waiting closing. */
const [EXPIRES, AUCTION, PRICE] = [0, 1, 2] as const;

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
  return new Multimap(bins, 3);
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
  const first = closings.first(key);
  const announced = first >= 0 && closingTime(context, closings.get(first, EXPIRES)) === closingTime(context, expires);
  const row = closings.append(key);
  closings.set(row, EXPIRES, expires);
  closings.set(row, AUCTION, columns.auction[i]!);
  closings.set(row, PRICE, columns.price[i]!);
  return !announced;
}

/** Removes the closings of `key` until and with `time`, and returns them in the order of (expires, auction). */
export function takeClosings(closings: Multimap, key: number, time: Timestamp, context: QueryContext): Closing[] {
  const due: Closing[] = [];
  const later: Closing[] = [];
  for (let row = closings.first(key); row >= 0; row = closings.next(row)) {
    const expires = closings.get(row, EXPIRES);
    const closing = { expires, auction: closings.get(row, AUCTION), price: closings.get(row, PRICE) };
    (closingTime(context, expires) <= time ? due : later).push(closing);
  }
  closings.deleteKey(key);
  for (const { expires, auction, price } of later) {
    const row = closings.append(key);
    closings.set(row, EXPIRES, expires);
    closings.set(row, AUCTION, auction);
    closings.set(row, PRICE, price);
  }
  return due.sort((a, b) => a.expires - b.expires || a.auction - b.auction);
}
