import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { DestinationError, Partition } from '../partition.ts';

describe('a partition', () => {
  it('groups rows by destination, in order, again and again', () => {
    const lists = fc.array(fc.array(fc.nat(), { maxLength: 20 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), lists, (peers, batches) => {
        const partition = new Partition(peers, 20);
        for (const batch of batches) {
          const destinations = Int32Array.from({ length: 20 }, (_, i) => (batch[i] ?? 0) % peers);
          partition.fill(destinations, batch.length);
          for (let to = 0; to < peers; to++) {
            const from = to * partition.capacity;
            const expected = [...batch.keys()].filter((i) => destinations[i] === to);
            assert.deepEqual([...partition.rows.subarray(from, from + partition.counts[to]!)], expected);
          }
        }
      }),
    );
  });

  it('refuses a destination that is no worker', () => {
    for (const peers of [1, 2, 3]) {
      for (const wrong of [-1, peers, 2 ** 30]) {
        const partition = new Partition(peers, 8);
        assert.throws(
          () => partition.fill(Int32Array.of(0, wrong, 0), 3),
          (error: Error) => {
            assert.ok(error instanceof DestinationError);
            assert.equal(error.message, `row 1 goes to worker ${wrong}; expected a worker in 0..${peers - 1}`);
            return true;
          },
        );
        partition.fill(Int32Array.of(0, wrong), 1);
      }
    }
  });
});
