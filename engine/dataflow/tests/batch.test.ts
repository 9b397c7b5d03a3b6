import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { BatchPool } from '../batch.ts';
import { Schema } from '../schema.ts';

const schema = new Schema({ key: 'float64', kind: 'uint8' });

describe('batch pools', () => {
  it('give an empty batch with one reference', () => {
    const batch = new BatchPool(schema, 16).take();
    assert.deepEqual([batch.length, batch.references, batch.capacity], [0, 1, 16]);
    assert.equal(batch.list[0], batch.columns.key);
  });

  it('reuse a batch after its last consumer has let go of it', () => {
    const pool = new BatchPool(schema, 8);
    const batch = pool.take();
    batch.references += 1;
    batch.length = 5;
    batch.release();
    assert.notEqual(pool.take(), batch);
    batch.release();
    const again = pool.take();
    assert.equal(again, batch);
    assert.deepEqual([again.length, again.references], [0, 1]);
  });

  it('take batches from those that were reserved', () => {
    const pool = new BatchPool(schema, 8);
    pool.reserve(2);
    const reserved = [pool.take(), pool.take()];
    assert.ok(reserved.every((batch) => batch.columns.key[7] === 1));
    assert.equal(pool.take().columns.key[7], 0);
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
