/** hash-count: a hash table per bin; bin = top bits of the key's hash. */
import type { Stream } from 'megaphone-engine';
import {
  type ControlStream,
  type HashedBinning,
  HashTable,
  type Migratable,
  stateMachine,
} from 'megaphone-engine/migration';

import { countSchema, type WordColumns } from './words.ts';

/** The cumulative count of every identifier, migratable. */
export function hashCount(
  words: Stream<WordColumns>,
  control: ControlStream,
): Migratable<(typeof countSchema)['columns']> {
  return stateMachine(words, control, {
    name: 'hash-count',
    key: 'key',
    state: (binning: HashedBinning) => new HashTable(binning, 1),
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
