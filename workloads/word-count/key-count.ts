/** key-count: a dense array per bin; bin = low bits of the key, slot = the rest. */
import type { Stream } from 'megaphone-engine';
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
    fold: {
      foldBatch(counts, words, length, output) {
        const row = output.appendMany(length);
        output.columns.key.set(words.key.subarray(0, length), row);
        counts.addAll(words.key, length, 1, output.columns.count, row);
      },
    },
  });
}
