/**
 * Query 5, hot items, with migration: bids per auction and slice (of one slide) as state, and their removal as pending
 * entries. An auction is reported when it leads a window among those that its worker has reported; the leader of them all is
 * chosen where the window's end is hashed to.
 */
import { type HashedBinning, HashTable, Multimap, unary } from 'megaphone-engine/migration';

import { type MegaphoneQuery } from '../query.ts';
import { q5Schema, type Q5Rows } from './q5-rows.ts';
import { WindowLeaders } from './window-leaders.ts';

/** Columns of an auction's slices. */
const [SLICE, BIDS] = [0, 1] as const;
/** Stands for the slice in rows that are not in use. */
const NO_SLICE = -1;
/** Columns of the windows. */
const [LEADER, MOST] = [0, 1] as const;

/** The auction with the most bids of each window. */
export const q5Megaphone: MegaphoneQuery<Q5Rows> = ({ bids }, control, { parameters, eventTime }) => {
  const { q5WindowUs, q5SlideUs } = parameters;
  const slices = q5WindowUs / q5SlideUs;
  const countOptions = {
    name: 'q5-counts',
    state: (binning: HashedBinning) => ({ counts: new Multimap(binning, 2) }),
  };
  const leading = unary(bids, 'auction', control, countOptions, q5Schema, ({ state, output, notificator }) => {
    const { counts } = state;
    const leaders = new WindowLeaders(slices);

    /** Counts a bid; returns the auction's bids of all slices that are kept. */
    const count = (auction: number, slice: number, dateTime: number): number => {
      let total = 1;
      let own = -1;
      let unused = -1;
      for (let row = counts.first(auction); row >= 0; row = counts.next(row)) {
        if (counts.get(row, SLICE) === slice) own = row;
        else if (counts.get(row, SLICE) === NO_SLICE) unused = row;
        total += counts.get(row, BIDS);
      }
      if (own < 0) {
        own = unused >= 0 ? unused : counts.append(auction);
        counts.set(own, SLICE, slice);
        notificator.notifyAt(eventTime.timerAt(dateTime + q5WindowUs), auction, slice);
      }
      counts.set(own, BIDS, counts.get(own, BIDS) + 1);
      return total;
    };
    /** Reports an auction for the windows with the slice that it leads. */
    const report = (auction: number, slice: number): void => {
      for (let end = slice + 1; end <= slice + slices; end++) {
        let sum = 0;
        for (let row = counts.first(auction); row >= 0; row = counts.next(row)) {
          const other = counts.get(row, SLICE);
          if (other >= end - slices && other < end) sum += counts.get(row, BIDS);
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
          if (count(auction[i]!, slice, dateTime[i]!) >= leaders.least(slice)) report(auction[i]!, slice);
        }
      },
      onPending(_time, auction, slice): void {
        let used = 0;
        for (let row = counts.first(auction); row >= 0; row = counts.next(row)) {
          if (counts.get(row, SLICE) === slice) {
            counts.set(row, SLICE, NO_SLICE);
            counts.set(row, BIDS, 0);
          }
          used += counts.get(row, BIDS);
        }
        if (used === 0) counts.deleteKey(auction);
      },
    };
  });

  const options = { name: 'q5', state: (binning: HashedBinning) => ({ windows: new HashTable(binning, 2) }) };
  const hottest = unary(leading.stream, 'timeUs', control, options, q5Schema, ({ state, output, notificator }) => ({
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
  }));
  return { stream: hottest.stream, migratables: [leading, hottest] };
};
