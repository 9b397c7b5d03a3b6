/** key-count: a dense array per bin; bin = low bits of the key, slot = the rest. */
import type { Columns, OutputPort, Stream } from 'megaphone-engine';
import {
  type ControlStream,
  DenseArray,
  LowBitsBinning,
  type Migratable,
  stateMachine,
} from 'megaphone-engine/migration';

import { type CountColumns, countSchema, type WordColumns } from './words.ts';

/** Counts of the identifiers 0 .. domain - 1, with room for `capacityBins` bins. */
export function denseCounts(binning: LowBitsBinning, domain: number, capacityBins: number): DenseArray {
  return new DenseArray(binning, Math.ceil(domain / 2 ** binning.binShift), { capacityBins });
}

/** Counts a batch of identifiers, and appends each with its count. */
export function countByKey(
  counts: DenseArray,
  words: Columns<WordColumns>,
  length: number,
  output: OutputPort<CountColumns>,
): void {
  const row = output.appendMany(length);
  output.columns.key.set(words.key.subarray(0, length), row);
  counts.addAll(words.key, length, 1, output.columns.count, row);
}

/** The cumulative count of every identifier, migratable. */
export function keyCount(
  words: Stream<WordColumns>,
  control: ControlStream,
  domain: number,
  capacityBins: number,
): Migratable<CountColumns> {
  return stateMachine(words, control, {
    name: 'key-count',
    key: 'key',
    binning: (binShift) => new LowBitsBinning(binShift),
    state: (binning) => denseCounts(binning, domain, capacityBins),
    output: countSchema,
    fold: { foldBatch: countByKey },
  });
}
