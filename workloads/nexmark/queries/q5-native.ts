/**
 * Query 5, hot items. Each worker counts the bids of its auctions by slice (of one slide) in a queue, whose oldest counters
 * are dropped when no window needs them. An auction is reported when it leads a window among those that its worker has
 * reported; the leader of them all is chosen on the worker that the window's end is hashed to.
 */
import { exchangeBy, type Timestamp, unary } from 'megaphone-engine';

import type { EventTime } from '../event-time.ts';
import type { NativeQuery } from '../query.ts';
import { q5Schema, type Q5Rows } from './q5-rows.ts';
import { RowQueue } from './row-queue.ts';
import { WindowLeaders } from './window-leaders.ts';
import { workerTable } from './worker-table.ts';

/** Columns of a counter: PREVIOUS is the auction's counter that was made before, OBSOLETE the time from which on no bid needs it. */
const [AUCTION, SLICE, BIDS, PREVIOUS, OBSOLETE] = [0, 1, 2, 3, 4] as const;
const NONE = -1;

/** The bids of one worker's auctions by slice. */
class BidCounters {
  /** The auction's bids of all slices that are kept, after `count`. */
  total = 0;
  readonly #counters = new RowQueue(5);
  /** The newest counter of each auction. */
  readonly #newest = workerTable(1);
  readonly #eventTime: EventTime;
  readonly #windowUs: number;

  constructor(eventTime: EventTime, windowUs: number) {
    this.#eventTime = eventTime;
    this.#windowUs = windowUs;
  }

  /** Counts a bid; returns the newest counter of its auction. */
  count(auction: number, slice: number, dateTime: number): number {
    const counters = this.#counters;
    const entry = this.#newest.insert(auction);
    const newest = this.#newest.inserted ? NONE : this.#newest.get(entry, 0);
    this.total = 1;
    let own = NONE;
    for (let row = newest; row >= counters.first; row = counters.get(row, PREVIOUS)) {
      if (counters.get(row, SLICE) === slice) own = row;
      this.total += counters.get(row, BIDS);
    }
    if (own !== NONE) {
      counters.set(own, BIDS, counters.get(own, BIDS) + 1);
      return newest;
    }
    own = counters.push();
    counters.set(own, AUCTION, auction);
    counters.set(own, SLICE, slice);
    counters.set(own, BIDS, 1);
    counters.set(own, PREVIOUS, newest);
    counters.set(own, OBSOLETE, dateTime + this.#windowUs);
    this.#newest.set(entry, 0, own);
    return own;
  }

  /** Bids of the slices from `from` up to and without `end`, by the newest counter of an auction. */
  sum(newest: number, from: number, end: number): number {
    const counters = this.#counters;
    let sum = 0;
    for (let row = newest; row >= counters.first; row = counters.get(row, PREVIOUS)) {
      const slice = counters.get(row, SLICE);
      if (slice >= from && slice < end) sum += counters.get(row, BIDS);
    }
    return sum;
  }

  /** Drops the oldest counters, as far as they are obsolete when everything before `frontier` was counted. */
  retire(frontier: Timestamp): void {
    const counters = this.#counters;
    while (counters.size > 0 && this.#eventTime.timerAt(counters.get(counters.first, OBSOLETE)) < frontier) {
      const auction = counters.get(counters.first, AUCTION);
      if (this.#newest.get(this.#newest.find(auction), 0) === counters.first) this.#newest.delete(auction);
      counters.drop();
    }
  }
}

/** The auction with the most bids of each window. */
export const q5Native: NativeQuery<Q5Rows> = ({ bids }, { parameters, eventTime }) => {
  const { q5WindowUs, q5SlideUs } = parameters;
  const { peers } = bids.scope;
  const slices = q5WindowUs / q5SlideUs;
  const leading = unary(bids, 'q5-counts', exchangeBy('auction', peers), q5Schema, ({ output }) => {
    const counters = new BidCounters(eventTime, q5WindowUs);
    const leaders = new WindowLeaders(slices);
    return (input) => {
      for (const batch of input.arrivals) {
        output.at(batch.time);
        const { auction, dateTime } = batch.columns;
        for (let i = 0; i < batch.length; i++) {
          const slice = Math.floor(dateTime[i]! / q5SlideUs);
          const newest = counters.count(auction[i]!, slice, dateTime[i]!);
          if (counters.total < leaders.least(slice)) continue;
          for (let end = slice + 1; end <= slice + slices; end++) {
            const sum = counters.sum(newest, end - slices, end);
            if (!leaders.raise(end, auction[i]!, sum)) continue;
            const out = output.append();
            output.columns.timeUs[out] = end * q5SlideUs;
            output.columns.auction[out] = auction[i]!;
            output.columns.bids[out] = sum;
          }
        }
      }
      counters.retire(input.frontier);
    };
  });

  return unary(leading, 'q5', exchangeBy<Q5Rows>('timeUs', peers), q5Schema, ({ output, notificator }) => {
    const windows = new Map<number, { auction: number; bids: number }>();
    return (input) => {
      for (const { columns, length } of input.arrivals) {
        for (let i = 0; i < length; i++) {
          const end = columns.timeUs[i]!;
          const auction = columns.auction[i]!;
          const bids = columns.bids[i]!;
          const leader = windows.get(end);
          if (leader === undefined) {
            windows.set(end, { auction, bids });
            notificator.notifyAt(eventTime.timerAt(end - 1));
          } else if (bids > leader.bids || (bids === leader.bids && auction < leader.auction)) {
            leader.auction = auction;
            leader.bids = bids;
          }
        }
      }
      for (let time = notificator.next(); time !== null; time = notificator.next()) {
        output.at(time);
        for (const [end, leader] of windows) {
          // Windows whose time has not come have a notification of their own.
          if (eventTime.timerAt(end - 1) > time) continue;
          const out = output.append();
          output.columns.timeUs[out] = end;
          output.columns.auction[out] = leader.auction;
          output.columns.bids[out] = leader.bids;
          windows.delete(end);
        }
      }
    };
  });
};
