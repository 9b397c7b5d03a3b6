/**
 * Query 7, highest bid. A worker lets the prices pass that are the highest so far of a window among its own bids, which are
 * few; the maximum of them is taken on the worker that the window's end is hashed to.
 */
import { exchangeBy, unary } from 'megaphone-engine';

import type { NativeQuery } from '../query.ts';
import { type Q7Rows, q7Schema, windowEnd } from './q7-rows.ts';

/** The highest price of each window. */
export const q7Native: NativeQuery<Q7Rows> = ({ bids }, { parameters, eventTime }) => {
  const { q7WindowUs } = parameters;
  const reduced = unary(bids, 'q7-reduce', null, q7Schema, ({ output }) => {
    // The window of the latest bid, and its highest price so far.
    let end = 0;
    let highest = 0;
    return (input) => {
      for (const batch of input.arrivals) {
        output.at(batch.time);
        const { price, dateTime } = batch.columns;
        for (let row = 0; row < batch.length; row++) {
          if (dateTime[row]! >= end || dateTime[row]! < end - q7WindowUs) {
            end = windowEnd(dateTime[row]!, q7WindowUs);
            highest = 0;
          }
          if (price[row]! <= highest) continue;
          highest = price[row]!;
          const out = output.append();
          output.columns.timeUs[out] = end;
          output.columns.price[out] = highest;
        }
      }
    };
  });
  const byWindow = exchangeBy<Q7Rows>('timeUs', bids.scope.peers);
  return unary(reduced, 'q7', byWindow, q7Schema, ({ output, notificator }) => {
    const highest = new Map<number, number>();
    return (input) => {
      for (const { columns, length } of input.arrivals) {
        for (let row = 0; row < length; row++) {
          const end = columns.timeUs[row]!;
          const known = highest.get(end);
          if (known === undefined) notificator.notifyAt(eventTime.timerAt(end - 1));
          highest.set(end, Math.max(known ?? 0, columns.price[row]!));
        }
      }
      for (let time = notificator.next(); time !== null; time = notificator.next()) {
        output.at(time);
        for (const [end, price] of highest) {
          // Windows whose time has not come have a notification of their own.
          if (eventTime.timerAt(end - 1) > time) continue;
          const out = output.append();
          output.columns.timeUs[out] = end;
          output.columns.price[out] = price;
          highest.delete(end);
        }
      }
    };
  });
};
