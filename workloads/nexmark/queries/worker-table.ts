/** A hash table for the variants without migration. */
import { HashedBinning, HashTable } from 'megaphone-engine/migration';

/** A table of all keys of a worker, with rows of `valueColumns` numbers; none of it ever moves. */
export function workerTable(valueColumns: number): HashTable {
  // Two bins are the fewest that a table knows.
  const table = new HashTable(new HashedBinning(1), valueColumns);
  table.create(0);
  table.create(1);
  return table;
}
