/**
 * Query 7, highest bid, with migration. Bids are spread by price, which makes the bins even. A bin lets the prices pass that
 * are its window's highest so far, which are few; the maximum of them is taken where the window's end is hashed to.
 */
import { type Bins, DenseArray, LowBitsBinning, stateMachine } from 'megaphone-engine/migration';

import type { MegaphoneQuery } from '../query.ts';
import { megaphoneUnary } from '../../keyed-operator.ts';
import { q7Highest, windowEnd } from './q7-windows.ts';
import { type Q7Rows, q7Schema } from './rows.ts';

/** The highest price of each window. */
export const q7Megaphone: MegaphoneQuery<Q7Rows> = ({ bids }, control, context) => {
  const { q7WindowUs } = context.parameters;
  const bins = 2 ** control.binShift;
  const options = {
    name: 'q7-reduce',
    binning: (binShift: number) => new LowBitsBinning(binShift),
    // Two numbers per bin: the end of the window that it saw last at `bin`, the highest price at `bin + bins`.
    state: (bins: Bins<LowBitsBinning>) => new DenseArray(bins, 2),
    output: q7Schema,
  };
  const reduced = stateMachine(bids, 'price', control, options, {
    foldBatch(highest, { price, dateTime }, length, output): void {
      for (let row = 0; row < length; row++) {
        const end = windowEnd(dateTime[row]!, q7WindowUs);
        const bin = price[row]! & (bins - 1);
        if (highest.get(bin + bins) >= price[row]! && highest.get(bin) === end) continue;
        highest.set(bin, end);
        highest.set(bin + bins, price[row]!);
        const out = output.append();
        output.columns.timeUs[out] = end;
        output.columns.price[out] = price[row]!;
      }
    },
  });
  const highest = megaphoneUnary(reduced.stream, 'timeUs', control, q7Highest(context));
  return { stream: highest.stream, migratables: [reduced, highest] };
};
