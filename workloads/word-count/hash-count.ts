/** hash-count: a hash table per bin; bin = top bits of the key's hash. */
import type { Columns, OutputPort, Schema, Stream } from 'megaphone-engine';
import {
  type Bins,
  type ControlStream,
  type HashedBinning,
  HashTable,
  type Migratable,
  stateMachine,
} from 'megaphone-engine/migration';

import type { CountBatch } from './numbered.ts';
import type { CountColumns, WordColumns } from './words.ts';

/** Counts of no identifier. */
export function hashCounts(bins: Bins<HashedBinning>): HashTable {
  return new HashTable(bins, 1);
}

/** Counts a batch of identifiers, and appends each with its count; returns the row of the first. */
export function countByHash(
  counts: HashTable,
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
export function hashCount(
  words: Stream<WordColumns>,
  control: ControlStream,
  output: Schema<CountColumns>,
  countBatch: CountBatch<HashTable> = countByHash,
): Migratable<CountColumns> {
  const options = { name: 'hash-count', state: hashCounts, output };
  return stateMachine(words, 'key', control, options, { foldBatch: countBatch });
}
