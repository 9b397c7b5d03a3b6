import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Batch, BatchPool } from '../batch.ts';
import { Schema } from '../schema.ts';

const schema = new Schema({ key: 'float64', kind: 'uint8' });

describe('batch pools', () => {
  it('give an empty batch of the capacity', () => {
    const batch = new BatchPool(schema, 16).take();
    assert.deepEqual([batch.length, batch.capacity], [0, 16]);
    assert.equal(batch.list[0], batch.columns.key);
  });

  it('reuse a batch, emptied, after its last owner has released it', () => {
    const pool = new BatchPool(schema, 8);
    const batch = pool.take();
    batch.retain();
    batch.length = 5;
    batch.release();
    assert.notEqual(pool.take(), batch);
    batch.release();
    const again = pool.take();
    assert.equal(again, batch);
    assert.equal(again.length, 0);
  });

  it('copy a batch with its time and records into one of their own', () => {
    const pool = new BatchPool(schema, 8);
    const batch = pool.take();
    batch.time = 7;
    batch.columns.key.set([1, 2]);
    batch.columns.kind.set([3, 4]);
    batch.length = 2;
    const copy = pool.copy(batch);
    batch.columns.key.fill(0);
    batch.columns.kind.fill(0);
    const rows = [...copy.columns.key.subarray(0, copy.length), ...copy.columns.kind.subarray(0, copy.length)];
    assert.deepEqual([copy.time, copy.length, rows], [7, 2, [1, 2, 3, 4]]);
    assert.equal(copy.pool, pool);
  });

  it('refuse batches that are no positive multiple of 8 records', () => {
    for (const rows of [0, 4, 12, -8, 8.5]) {
      assert.throws(() => new BatchPool(schema, rows), {
        name: 'EngineError',
        message: `rows of a batch: ${rows}; expected a positive multiple of 8`,
      });
    }
  });
});

describe('batches', () => {
  it('refuse to be released by somebody who does not own them, and stay in their pool once', () => {
    const pool = new BatchPool(schema, 8);
    const batch = pool.take();
    batch.release();
    assert.throws(() => batch.release(), {
      name: 'EngineError',
      message: 'batch: released more often than it was retained',
    });
    assert.equal(pool.take(), batch);
    assert.notEqual(pool.take(), batch);
  });

  it('that lie in a ring have no owners', () => {
    const slot = new Batch(schema, 8, Buffer.alloc(schema.blockBytes(8)), 0);
    slot.release();
    slot.release();
    assert.equal(slot.pool, null);
  });
});
