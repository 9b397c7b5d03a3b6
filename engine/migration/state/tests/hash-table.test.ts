import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Extents } from '../../../dataflow/extents.ts';
import { HashedBinning } from '../../binning.ts';
import { BinError, ContainerSizeError, KeyError } from '../bin-error.ts';
import { HashTable } from '../hash-table.ts';
import { emptyImage } from '../container.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { extentsOf, move } from './moves.ts';

const binning = new HashedBinning(BIN_SHIFT);
const BINS = 2 ** BIN_SHIFT;

/** Spreads small test keys over the whole range of keys. */
const wide = (key: number): number => (key < 40 ? key : key * 2 ** 40 + 1);

function hostAll(extents = extentsOf(1)[0]!): HashTable {
  const table = new HashTable({ binning, extents }, 1);
  for (let bin = 0; bin < BINS; bin++) table.create(bin);
  return table;
}

checkContract<HashTable, Map<number, [number, number]>>('HashTable', {
  create: (extents) => new HashTable({ binning, extents }, 2),
  parts: (table) => [table],
  model: () => new Map(),
  keys: 80,
  binOf: (key) => binning.binOf(wide(key)),
  update: (table, model, kind, shortKey, value) => {
    const key = wide(shortKey);
    const old = model.get(key);
    if (kind < 4) {
      const next: [number, number] = [(old?.[0] ?? 0) + value, old?.[1] ?? 0];
      model.set(key, next);
      assert.equal(table.add(key, value), next[0]);
    } else if (kind < 7) {
      const row = table.insert(key);
      assert.equal(table.inserted, old === undefined);
      assert.deepEqual([table.get(row, 0), table.get(row, 1)], old ?? [0, 0]);
      table.set(row, 1, value);
      model.set(key, [old?.[0] ?? 0, value]);
    } else {
      assert.equal(table.delete(key), model.delete(key));
    }
  },
  compare: (table, model, bin) => {
    const expected = [...model].filter(([key]) => binning.binOf(key) === bin);
    const seen = new Map<number, [number, number]>();
    table.forEachInBin(bin, (key, row) => seen.set(key, [table.get(row, 0), table.get(row, 1)]));
    assert.deepEqual(seen, new Map(expected));
    assert.equal(table.entries(bin), expected.length);
    for (let shortKey = 0; shortKey < 80; shortKey++) {
      const key = wide(shortKey);
      if (binning.binOf(key) !== bin) continue;
      const row = table.find(key);
      assert.deepEqual(row < 0 ? undefined : [table.get(row, 0), table.get(row, 1)], model.get(key));
    }
  },
  accesses: [
    (table, key) => table.add(wide(key), 1),
    (table, key) => table.addAll(Float64Array.of(wide(key)), 1, 1, new Float64Array(1), 0),
    (table, key) => table.find(wide(key)),
    (table, key) => table.insert(wide(key)),
    (table, key) => table.delete(wide(key)),
    (table, key) => table.forEachInBin(binning.binOf(wide(key)), () => undefined),
  ],
  emptyTransfers: false,
  exactBytes: true,
});

describe('HashTable', () => {
  it('finds every other key after deletions in long runs', () => {
    const operation = fc.record({ remove: fc.boolean(), key: fc.nat(300) });
    fc.assert(
      fc.property(fc.array(operation, { minLength: 200, maxLength: 800 }), (operations) => {
        const table = hostAll();
        const model = new Set<number>();
        for (const { remove, key } of operations) {
          if (remove) assert.equal(table.delete(key), model.delete(key));
          else {
            table.add(key, 1);
            model.add(key);
          }
        }
        for (let key = 0; key <= 300; key++) assert.equal(table.find(key) >= 0, model.has(key), `key ${key}`);
        assert.equal(table.size, model.size);
      }),
      { numRuns: 50 },
    );
  });

  it('finds all keys of a table that has grown far', () => {
    const table = hostAll();
    for (let key = 0; key < 20_000; key++) table.add(key * 977, key);
    assert.equal(table.size, 20_000);
    for (let key = 0; key < 20_000; key++) assert.equal(table.get(table.find(key * 977), 0), key);
    for (let key = 0; key < 20_000; key += 2) assert.ok(table.delete(key * 977));
    for (let key = 0; key < 20_000; key++) assert.equal(table.find(key * 977) >= 0, key % 2 === 1);
  });

  it('removes the rows of a bin that are chosen, and no row of another bin', () => {
    const table = hostAll();
    for (let key = 0; key < 1000; key++) table.add(key, key);
    table.deleteInBin(2, (key, row) => {
      assert.equal(table.get(row, 0), key);
      return key % 3 === 0;
    });
    for (let key = 0; key < 1000; key++) {
      assert.equal(table.find(key) >= 0, !(table.binOf(key) === 2 && key % 3 === 0));
    }
    assert.throws(() => table.deleteInBin(BINS, () => true), BinError);
  });

  it('counts the entries of hosted bins in its size', () => {
    const [one, other] = extentsOf(2) as [Extents, Extents];
    const left = hostAll(one);
    const right = new HashTable({ binning, extents: other }, 1);
    for (let key = 0; key < 100; key++) left.add(key, 1);
    const moved = left.entries(2);
    move(2, { container: left, extents: one }, { container: right, extents: other });
    assert.equal(left.size, 100 - moved);
    assert.equal(right.size, moved);
  });

  it('refuses keys that are no integers in 0..2^53 - 1, and finds none', () => {
    const table = hostAll();
    for (const key of [-1, -2, NaN, 0.5, 2 ** 53, Infinity]) {
      assert.equal(table.find(key), -1);
      assert.equal(table.delete(key), false);
      assert.throws(() => table.insert(key), KeyError);
      assert.throws(() => table.add(key, 1), KeyError);
    }
    assert.equal(table.add(2 ** 53 - 1, 4), 4);
    assert.equal(table.size, 1);
  });

  it('allocates a first table with room for the expected entries', () => {
    for (const expected of [1, 5, 6, 100, 1000]) {
      const bins = { binning: new HashedBinning(1), extents: extentsOf(1)[0]! };
      const table = new HashTable(bins, 1, { expectedEntriesPerBin: expected });
      for (const bin of [0, 1]) table.create(bin);
      const firstBytes = [0, 0];
      for (let key = 0; Math.min(table.entries(0), table.entries(1)) < expected; key++) {
        const bin = table.binOf(key);
        if (table.entries(bin) === expected) continue;
        table.add(key, 1);
        firstBytes[bin] ||= table.bytes(bin);
      }
      assert.deepEqual([table.bytes(0), table.bytes(1)], firstBytes);
    }
  });

  it('adds a column as if one by one, while tables grow in between, for either type of keys', () => {
    const columns = fc.array(fc.array(fc.nat(150), { maxLength: 60 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(columns, fc.constantFrom('float64', 'wide', 'int32'), (list, kind) => {
        const [table, plain] = [hostAll(), hostAll()];
        list.forEach((short, n) => {
          const keys = kind === 'wide' ? short.map(wide) : short;
          const column = kind === 'int32' ? Int32Array.from(keys) : Float64Array.from(keys);
          const sums = new Float64Array(keys.length + 2).fill(-7);
          table.addAll(column, keys.length, n + 1, sums, 1);
          assert.deepEqual([...sums], [-7, ...keys.map((key) => plain.add(key, n + 1)), -7]);
        });
        for (let bin = 0; bin < BINS; bin++) {
          const seen: [number, number][] = [];
          table.forEachInBin(bin, (key, row) => seen.push([key, table.get(row, 0)]));
          const expected: [number, number][] = [];
          plain.forEachInBin(bin, (key, row) => expected.push([key, plain.get(row, 0)]));
          assert.deepEqual(new Map(seen), new Map(expected));
        }
        assert.equal(table.size, plain.size);
        assert.equal(table.totalBytes, plain.totalBytes);
      }),
    );
  });

  it('counts keys in a table that has just grown within the same column', () => {
    const table = hostAll();
    const known = Array.from({ length: 8 }, (_, key) => key);
    for (const key of known) table.add(key, 1);
    // The new keys come first and make every table grow; the known ones were looked up before that.
    const keys = Float64Array.from([...Array.from({ length: 100 }, (_, i) => 1000 + i), ...known]);
    const sums = new Float64Array(keys.length);
    table.addAll(keys, keys.length, 1, sums, 0);
    for (const key of known) assert.equal(table.get(table.find(key), 0), 2, `key ${key}`);
    assert.deepEqual([...sums.subarray(100)], Array<number>(8).fill(2));
  });

  it('adds nothing of a column with a key of a bin that is elsewhere, and stops at a key that is none', () => {
    const table = hostAll();
    table.release(2, emptyImage());
    const [here, there] = [0, 1].map((n) => {
      for (let key = 0; ; key++) if ((table.binOf(key) === 2) === (n === 1)) return key;
    }) as [number, number];
    for (const column of [Float64Array, Int32Array]) {
      assert.throws(() => table.addAll(column.of(here, there), 2, 1, new Float64Array(2), 0), BinError);
      assert.equal(table.find(here), -1);
    }
    const complete = hostAll();
    for (const key of [-1, NaN, 1.5, 2 ** 53]) {
      assert.throws(() => complete.addAll(Float64Array.of(7, key, 8), 3, 1, new Float64Array(3), 0), KeyError);
      assert.equal(complete.find(8), -1);
    }
    assert.equal(complete.get(complete.find(7), 0), 4);
    assert.throws(() => complete.addAll(Int32Array.of(-1), 1, 1, new Float64Array(1), 0), KeyError);
    assert.equal(complete.size, 1);
  });

  it('refuses sizes that are no positive integers', () => {
    const extents = extentsOf(1)[0]!;
    for (const size of [0, -1, 1.5]) {
      assert.throws(() => new HashTable({ binning, extents }, size), ContainerSizeError);
      assert.throws(() => new HashTable({ binning, extents }, 1, { expectedEntriesPerBin: size }), ContainerSizeError);
    }
  });
});
