/**
 * The operators of query 5: bids per auction and slice (of one slide) as state; a pending entry per bin removes what no window needs
 * any more. An auction is reported when it leads a window among those that its worker has reported; the leader of them all is
 * chosen where the window's end is hashed to.
 */
import { HashTable, Multimap } from 'megaphone-engine/migration';

import type { QueryContext } from '../query.ts';
import type { Bids } from '../schemas.ts';
import type { KeyedUnary } from '../../keyed-operator.ts';
import { q5Schema, type Q5Rows } from './rows.ts';
import { WindowLeaders } from './window-leaders.ts';

/** Columns of the auctions: the newest slice, its bids, and the bids of the earlier slices. */
const [NEWEST, BIDS, EARLIER_BIDS] = [0, 1, 2] as const;
/** Columns of an auction's earlier slices. */
const [SLICE, COUNT] = [0, 1] as const;
/** Columns of the windows. */
const [LEADER, MOST] = [0, 1] as const;

type CountState = Readonly<{ counts: HashTable; earlier: Multimap }>;

/** The auctions that lead a window, as far as the worker has seen; keyed by the auction. */
export function q5Leading({ parameters, eventTime }: QueryContext): KeyedUnary<Bids, CountState, Q5Rows> {
  const { q5WindowUs, q5SlideUs } = parameters;
  const slices = q5WindowUs / q5SlideUs;
  /** Slices from one removal to the next. */
  const period = Math.ceil(slices / 4);
  return {
    name: 'q5-counts',
    state: (bins) => ({ counts: new HashTable(bins, 3), earlier: new Multimap(bins, 2) }),
    output: q5Schema,
    // A removal visits a whole bin: that of all auctions of a worker would stop it for milliseconds.
    nativeBinShift: 8,
    kernel({ state, output, notificator }) {
      const { counts, earlier } = state;
      const leaders = new WindowLeaders(slices);

      /** Adds bids to one of the earlier slices of the auction in row `row`. */
      const addEarlier = (row: number, auction: number, slice: number, added: number): void => {
        let known = earlier.first(auction);
        while (known >= 0 && earlier.get(known, SLICE) !== slice) known = earlier.next(known);
        if (known < 0) known = earlier.append(auction);
        earlier.set(known, SLICE, slice);
        earlier.set(known, COUNT, earlier.get(known, COUNT) + added);
        counts.set(row, EARLIER_BIDS, counts.get(row, EARLIER_BIDS) + added);
      };
      /** Forgets the earlier slices up to and with `slice`. */
      const keepAfter = (slice: number, row: number, auction: number): void => {
        const later: number[] = [];
        for (let other = earlier.first(auction); other >= 0; other = earlier.next(other)) {
          if (earlier.get(other, SLICE) > slice) later.push(earlier.get(other, SLICE), earlier.get(other, COUNT));
        }
        earlier.deleteKey(auction);
        counts.set(row, EARLIER_BIDS, 0);
        for (let i = 0; i < later.length; i += 2) addEarlier(row, auction, later[i]!, later[i + 1]!);
      };
      /** Removes from the auction's bin, as soon as no window needs them, the slices up to and with `slice`. */
      const removeUpTo = (slice: number, auction: number): void =>
        notificator.notifyAt(eventTime.timerAt((slice + slices) * q5SlideUs), auction, slice);
      /** Counts a bid and returns the auction's row. */
      const count = (auction: number, slice: number): number => {
        const row = counts.insert(auction);
        const newest = counts.inserted ? -1 : counts.get(row, NEWEST);
        // Not all bins at one time.
        if (counts.inserted && counts.entries(counts.binOf(auction)) === 1)
          removeUpTo(slice + (auction % period), auction);
        if (slice > newest) {
          if (newest >= 0) addEarlier(row, auction, newest, counts.get(row, BIDS));
          counts.set(row, NEWEST, slice);
          counts.set(row, BIDS, 0);
        }
        if (slice < newest) addEarlier(row, auction, slice, 1);
        else counts.set(row, BIDS, counts.get(row, BIDS) + 1);
        return row;
      };
      /** Reports an auction for the windows with the slice that it leads. */
      const report = (row: number, auction: number, slice: number): void => {
        for (let end = slice + 1; end <= slice + slices; end++) {
          let sum = counts.get(row, NEWEST) < end ? counts.get(row, BIDS) : 0;
          for (let other = earlier.first(auction); other >= 0; other = earlier.next(other)) {
            const position = earlier.get(other, SLICE);
            if (position >= end - slices && position < end) sum += earlier.get(other, COUNT);
          }
          if (!leaders.raise(end, auction, sum)) continue;
          const out = output.append();
          output.columns.timeUs[out] = end * q5SlideUs;
          output.columns.auction[out] = auction;
          output.columns.bids[out] = sum;
        }
      };

      return {
        onRecords({ columns, length }): void {
          const { auction, dateTime } = columns;
          for (let i = 0; i < length; i++) {
            const slice = Math.floor(dateTime[i]! / q5SlideUs);
            const row = count(auction[i]!, slice);
            const most = counts.get(row, BIDS) + counts.get(row, EARLIER_BIDS);
            if (most >= leaders.least(slice)) report(row, auction[i]!, slice);
          }
        },
        onPending(_time, auction, slice): void {
          const bin = counts.binOf(auction);
          counts.deleteInBin(bin, (other, row) => {
            const ended = counts.get(row, NEWEST) <= slice;
            if (ended) earlier.deleteKey(other);
            else if (counts.get(row, EARLIER_BIDS) > 0) keepAfter(slice, row, other);
            return ended;
          });
          if (counts.entries(bin) > 0) removeUpTo(slice + period, auction);
        },
      };
    },
  };
}

/** The auction with the most bids of each window; keyed by the window's end. */
export function q5Hottest({ eventTime }: QueryContext): KeyedUnary<Q5Rows, Readonly<{ windows: HashTable }>, Q5Rows> {
  return {
    name: 'q5',
    state: (bins) => ({ windows: new HashTable(bins, 2) }),
    output: q5Schema,
    kernel: ({ state, output, notificator }) => ({
      onRecords({ columns, length }): void {
        const { windows } = state;
        for (let i = 0; i < length; i++) {
          const end = columns.timeUs[i]!;
          const row = windows.insert(end);
          if (windows.inserted) notificator.notifyAt(eventTime.timerAt(end - 1), end, 0);
          const lead = columns.bids[i]! - windows.get(row, MOST);
          if (lead < 0 || (lead === 0 && columns.auction[i]! >= windows.get(row, LEADER))) continue;
          windows.set(row, LEADER, columns.auction[i]!);
          windows.set(row, MOST, columns.bids[i]!);
        }
      },
      onPending(_time, end): void {
        const row = state.windows.find(end);
        const out = output.append();
        output.columns.timeUs[out] = end;
        output.columns.auction[out] = state.windows.get(row, LEADER);
        output.columns.bids[out] = state.windows.get(row, MOST);
        state.windows.delete(end);
      },
    }),
  };
}
