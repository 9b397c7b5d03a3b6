/** key-count: a dense array per bin; bin = low bits of the key, slot = the rest. */
import type { Columns, OutputPort, Schema, Stream } from 'megaphone-engine';
import {
  type Bins,
  type ControlStream,
  DenseArray,
  LowBitsBinning,
  type Migratable,
  stateMachine,
} from 'megaphone-engine/migration';

import type { CountBatch } from './numbered.ts';
import type { CountColumns, WordColumns } from './words.ts';

/** Counts of the identifiers 0 .. domain - 1. */
export function denseCounts(bins: Bins<LowBitsBinning>, domain: number): DenseArray {
  return new DenseArray(bins, Math.ceil(domain / 2 ** bins.binning.binShift));
}

/** Counts a batch of identifiers, and appends each with its count; returns the row of the first. */
export function countByKey(
  counts: DenseArray,
  words: Columns<WordColumns>,
  length: number,
  output: OutputPort<CountColumns>,
): number {
  const row = output.appendMany(length);
  const { key, count } = output.columns;
  key.set(words.key.subarray(0, length), row);
  counts.addAll(words.key, length, 1, count, row);
  return row;
}

/** The cumulative count of every identifier, migratable. */
export function keyCount(
  words: Stream<WordColumns>,
  control: ControlStream,
  output: Schema<CountColumns>,
  domain: number,
  countBatch: CountBatch<DenseArray> = countByKey,
): Migratable<CountColumns> {
  const options = {
    name: 'key-count',
    binning: (binShift: number) => new LowBitsBinning(binShift),
    state: (bins: Bins<LowBitsBinning>) => denseCounts(bins, domain),
    output,
  };
  return stateMachine(words, 'key', control, options, { foldBatch: countBatch });
}
