import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { type Batch, BatchPool } from '../../dataflow/batch.ts';
import { decodeFrame, frameBytes, frameHeader, writeFrame } from '../frame.ts';
import { mixedSchema } from './channels.ts';

const row = fc.record({ key: fc.double(), kind: fc.nat(255), count: fc.integer() });

function encodeFrame(channel: number, batch: Batch): Buffer {
  const frame = Buffer.alloc(frameBytes(mixedSchema, batch.length));
  writeFrame(frame, 0, channel, batch);
  return frame;
}

describe('frames', () => {
  it('bring back time and records, whatever was in the target', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 16 }), fc.nat(2 ** 31 - 2), fc.nat(1000), (rows, time, channel) => {
        const pool = new BatchPool(mixedSchema, 16);
        const batch = pool.take();
        batch.time = time;
        batch.length = rows.length;
        rows.forEach(({ key, kind, count }, i) => {
          batch.columns.key[i] = key;
          batch.columns.kind[i] = kind;
          batch.columns.count[i] = count;
        });
        const frame = encodeFrame(channel, batch);
        assert.deepEqual(frameHeader(frame), { channel, time, count: rows.length });
        const target = pool.take();
        for (const column of target.list) column.fill(77);
        decodeFrame(frame, target);
        assert.equal(target.time, time);
        assert.equal(target.length, rows.length);
        rows.forEach(({ key, kind, count }, i) => {
          assert.ok(Object.is(target.columns.key[i], key));
          assert.equal(target.columns.kind[i], kind);
          assert.equal(target.columns.count[i], count);
        });
        for (const column of target.list) for (const rest of column.subarray(rows.length)) assert.equal(rest, 77);
      }),
    );
  });

  it('hold the used rows only', () => {
    const batch = new BatchPool(mixedSchema, 64).take();
    assert.equal(encodeFrame(0, batch).byteLength, 16);
    batch.length = 3;
    assert.equal(encodeFrame(0, batch).byteLength, 16 + 3 * mixedSchema.bytesPerRow);
  });

  it('decode the same after a copy to another place in memory', () => {
    const pool = new BatchPool(mixedSchema, 8);
    const batch = pool.take();
    batch.length = 1;
    batch.columns.key[0] = Math.PI;
    const frame = encodeFrame(1, batch);
    const moved = Buffer.alloc(frame.length + 64).subarray(4);
    moved.set(frame);
    const target = pool.take();
    decodeFrame(moved, target);
    assert.equal(target.columns.key[0], Math.PI);
  });
});
