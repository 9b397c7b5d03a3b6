/**
 * Copies of rows between columns. Each element type has a loop of its own: a loop that sees several types of array
 * becomes megamorphic, which costs about ten times the time in V8.
 */
import type { Batch } from './batch.ts';
import { copyBlock } from './block-copy.ts';
import { SchemaError } from './errors.ts';
import type { ColumnTypes } from './schema.ts';

/** From this many rows on a block copy beats a loop. */
const BLOCK_COPY_ROWS = 48;

/** Copies `count` rows of all columns from row `from` of `source` to row `to` of `target`. */
export function copyRows<C extends ColumnTypes>(
  source: Batch<C>,
  from: number,
  target: Batch<C>,
  to: number,
  count: number,
): void {
  for (let c = 0; c < source.list.length; c++) {
    const a = source.list[c]!;
    const b = target.list[c]!;
    if (count >= BLOCK_COPY_ROWS) {
      const rowBytes = a.BYTES_PER_ELEMENT;
      if (b.BYTES_PER_ELEMENT !== rowBytes) throw differentColumns(c);
      const start = source.starts[c]! + from * rowBytes;
      copyBlock(source.memory, start, target.memory, target.starts[c]! + to * rowBytes, count * rowBytes);
    } else if (a instanceof Float64Array && b instanceof Float64Array) copyFloat64(a, from, b, to, count);
    else if (a instanceof Int32Array && b instanceof Int32Array) copyInt32(a, from, b, to, count);
    else if (a instanceof Uint8Array && b instanceof Uint8Array) copyUint8(a, from, b, to, count);
    else throw differentColumns(c);
  }
}

/**
 * Copies the rows `rows[from .. from + count)` of all columns of `source` to the consecutive rows of `target` that start
 * at `to`.
 */
export function gatherRows<C extends ColumnTypes>(
  source: Batch<C>,
  rows: Int32Array,
  from: number,
  target: Batch<C>,
  to: number,
  count: number,
): void {
  for (let c = 0; c < source.list.length; c++) {
    const a = source.list[c]!;
    const b = target.list[c]!;
    if (a instanceof Float64Array && b instanceof Float64Array) gatherFloat64(a, rows, from, b, to, count);
    else if (a instanceof Int32Array && b instanceof Int32Array) gatherInt32(a, rows, from, b, to, count);
    else if (a instanceof Uint8Array && b instanceof Uint8Array) gatherUint8(a, rows, from, b, to, count);
    else throw differentColumns(c);
  }
}

function copyFloat64(a: Float64Array, from: number, b: Float64Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) b[to + i] = a[from + i]!;
}

function copyInt32(a: Int32Array, from: number, b: Int32Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) b[to + i] = a[from + i]!;
}

function copyUint8(a: Uint8Array, from: number, b: Uint8Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) b[to + i] = a[from + i]!;
}

function gatherFloat64(
  a: Float64Array,
  rows: Int32Array,
  from: number,
  b: Float64Array,
  to: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) b[to + i] = a[rows[from + i]!]!;
}

function gatherInt32(a: Int32Array, rows: Int32Array, from: number, b: Int32Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) b[to + i] = a[rows[from + i]!]!;
}

function gatherUint8(a: Uint8Array, rows: Int32Array, from: number, b: Uint8Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) b[to + i] = a[rows[from + i]!]!;
}

function differentColumns(column: number): SchemaError {
  return new SchemaError(`column ${column}: source and target of a copy have different element types`);
}
