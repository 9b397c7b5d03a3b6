import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { type Batch, BatchPool } from '../batch.ts';
import { SchemaError } from '../errors.ts';
import { copyRows, gatherRows } from '../copy-rows.ts';
import { Schema } from '../schema.ts';

const schema = new Schema({ a: 'float64', b: 'int32', c: 'uint8' });
const ROWS = 128;

function block(fill: (row: number) => number, of: Schema = schema): Batch {
  const batch = new BatchPool(of, ROWS).take();
  for (const column of batch.list) for (let row = 0; row < ROWS; row++) column[row] = fill(row);
  return batch;
}

describe('copies of rows', () => {
  it('copy exactly the rows asked for, in loops and in blocks', () => {
    const places = fc.tuple(fc.nat(ROWS), fc.nat(ROWS), fc.nat(ROWS));
    fc.assert(
      fc.property(places, ([from, to, want]) => {
        const count = Math.min(want, ROWS - from, ROWS - to);
        const source = block((row) => row);
        const target = block(() => 200);
        copyRows(source, from, target, to, count);
        for (const column of target.list) {
          column.forEach((value, row) => assert.equal(value, row >= to && row < to + count ? from + row - to : 200));
        }
      }),
    );
  });

  it('gather rows in the order of their indexes', () => {
    const indexes = fc.array(fc.nat(ROWS - 1), { maxLength: ROWS });
    fc.assert(
      fc.property(indexes, fc.nat(ROWS), fc.nat(ROWS), (rows, first, to) => {
        const from = Math.min(first, rows.length);
        const count = Math.min(rows.length - from, ROWS - to);
        const target = block(() => 200);
        gatherRows(
          block((row) => row),
          Int32Array.from(rows),
          from,
          target,
          to,
          count,
        );
        for (const column of target.list) {
          column.forEach((value, row) =>
            assert.equal(value, row >= to && row < to + count ? rows[from + row - to] : 200),
          );
        }
      }),
    );
  });

  it('refuse columns of different element types', () => {
    const source = block(() => 1);
    const target = block(() => 1, new Schema({ a: 'float64', b: 'float64', c: 'uint8' }));
    const message = 'column 1: source and target of a copy have different element types';
    for (const count of [4, ROWS]) {
      assert.throws(() => copyRows(source, 0, target, 0, count), { name: 'SchemaError', message });
    }
    assert.throws(() => gatherRows(source, new Int32Array(4), 0, target, 0, 4), SchemaError);
  });
});
