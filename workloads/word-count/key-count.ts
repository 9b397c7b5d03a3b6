/** key-count: a dense array per bin; bin = low bits of the key, slot = the rest. */
import { type Stream } from 'megaphone-engine';
import {
  type ControlStream,
  DenseArray,
  LowBitsBinning,
  type Migratable,
  stateMachine,
} from 'megaphone-engine/migration';

import { countSchema, type WordColumns } from './words.ts';

/** The cumulative count of every identifier, migratable. */
export function keyCount(
  words: Stream<WordColumns>,
  control: ControlStream,
  domain: number,
  capacityBins: number,
): Migratable<(typeof countSchema)['columns']> {
  return stateMachine(words, control, {
    name: 'key-count',
    key: 'key',
    binning: (binShift) => new LowBitsBinning(binShift),
    state: (binning) => new DenseArray(binning, Math.ceil(domain / 2 ** binning.binShift), { capacityBins }),
    output: countSchema,
    fold: (counts, words, row, output) => {
      const key = words.key[row]!;
      const count = counts.add(key, 1);
      const out = output.append();
      output.columns.key[out] = key;
      output.columns.count[out] = count;
    },
  });
}
