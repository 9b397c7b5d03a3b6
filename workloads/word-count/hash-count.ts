/** hash-count: a hash table per bin; bin = top bits of the key's hash. */
import type { Columns, OutputPort, Stream } from 'megaphone-engine';
import {
  type ControlStream,
  type HashedBinning,
  HashTable,
  type Migratable,
  stateMachine,
} from 'megaphone-engine/migration';

import { type CountColumns, countSchema, type WordColumns } from './words.ts';

/** Counts of no identifier. */
export function hashCounts(binning: HashedBinning): HashTable {
  return new HashTable(binning, 1);
}

/** Counts a batch of identifiers, and appends each with its count. */
export function countByHash(
  counts: HashTable,
  words: Columns<WordColumns>,
  length: number,
  output: OutputPort<CountColumns>,
): void {
  const row = output.appendMany(length);
  const { key, count } = output.columns;
  key.set(words.key.subarray(0, length), row);
  for (let i = 0; i < length; i++) count[row + i] = counts.add(words.key[i]!, 1);
}

/** The cumulative count of every identifier, migratable. */
export function hashCount(words: Stream<WordColumns>, control: ControlStream): Migratable<CountColumns> {
  return stateMachine(words, control, {
    name: 'hash-count',
    key: 'key',
    state: hashCounts,
    output: countSchema,
    fold: { foldBatch: countByHash },
  });
}
