/** Counts the entries of migratable state, to check that it stays bounded. */
import type { TestContext } from 'node:test';

import { HashTable, PendingQueue } from 'megaphone-engine/migration';

/** What is counted. */
interface Sized {
  /** Entries of all hosted bins. */
  readonly size: number;
}

/**
 * Watches the hash tables, keys of multimaps and pending queues that host a bin from now on until the end of the test.
 *
 * Returns a function that tells the entries of all of them, over all workers and operators.
 */
export function countEntries(test: TestContext): () => number {
  const containers = new Set<Sized>();
  for (const prototype of [HashTable.prototype, PendingQueue.prototype]) {
    const create: (this: Sized, bin: number) => void = Reflect.get(prototype, 'create');
    test.mock.method(prototype, 'create', function (this: Sized, bin: number) {
      containers.add(this);
      create.call(this, bin);
    });
  }
  return () => {
    let entries = 0;
    for (const { size } of containers) entries += size;
    return entries;
  };
}
