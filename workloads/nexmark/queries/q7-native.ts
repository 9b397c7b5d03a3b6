/**
 * Query 7, highest bid, without migration. A worker lets the prices pass that are the highest so far of a window among its own bids, which are
 * few; the maximum of them is taken on the worker that the window's end is hashed to. That
 * needs no key, and hence no exchange, as bins that can move do: the pre-reduction is a loop over two numbers.
 */
import { pipeline, unary } from 'megaphone-engine';

import type { NativeQuery } from '../query.ts';
import { nativeUnary } from '../../keyed-operator.ts';
import { q7Highest, windowEnd } from './q7-windows.ts';
import { type Q7Rows, q7Schema } from './rows.ts';

/** The highest price of each window. */
export const q7Native: NativeQuery<Q7Rows> = ({ bids }, context) => {
  const { q7WindowUs } = context.parameters;
  const reduced = unary(bids, pipeline, { name: 'q7-reduce', output: q7Schema }, ({ output }) => {
    // The window of the latest bid, and its highest price so far.
    let end = 0;
    let highest = 0;
    return (input) => {
      const { arrivals } = input;
      for (let i = 0; i < arrivals.length; i++) {
        const batch = arrivals[i]!;
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
  return nativeUnary(reduced, 'timeUs', q7Highest(context));
};
