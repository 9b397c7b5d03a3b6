import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HashedBinning } from '../../hash.ts';
import { BinError, ContainerSizeError, KeyError } from '../bin-error.ts';
import { HashTable } from '../hash-table.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { ChunkRecorder, move } from './transfer.ts';

const binning = new HashedBinning(BIN_SHIFT);
const BINS = 2 ** BIN_SHIFT;

/** Spreads small test keys over the whole range of keys. */
const wide = (key: number): number => (key < 40 ? key : key * 2 ** 40 + 1);

function hostAll(valueColumns = 1): HashTable {
  const table = new HashTable(binning, valueColumns);
  for (let bin = 0; bin < BINS; bin++) table.create(bin);
  return table;
}

checkContract<HashTable, Map<number, [number, number]>>('HashTable', {
  create: () => new HashTable(binning, 2),
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
    (table, key) => table.find(wide(key)),
    (table, key) => table.insert(wide(key)),
    (table, key) => table.delete(wide(key)),
    (table, key) => table.forEachInBin(binning.binOf(wide(key)), () => undefined),
  ],
  emptyTransfers: false,
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
    const left = hostAll();
    const right = new HashTable(binning, 1);
    for (let key = 0; key < 100; key++) left.add(key, 1);
    const moved = left.entries(2);
    move(2, left, right, 8);
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

  it('builds arriving bins from the memory of bins that left', () => {
    const left = hostAll();
    const right = hostAll();
    for (let key = 0; key < 1000; key++) left.add(key, 1);
    for (let bin = 0; bin < BINS; bin++) right.extract(bin, new ChunkRecorder(8));
    move(1, left, right, 100);
    const pooled = left.pooledWords;
    assert.ok(pooled > 0);
    move(1, right, left, 100);
    assert.equal(left.pooledWords, 0);
    assert.equal(right.pooledWords, pooled);
    move(1, left, right, 100);
    assert.equal(left.pooledWords, pooled);
    assert.equal(right.pooledWords, 0);
  });

  it('reserves memory for bins of the sizes that it hosts', () => {
    const left = hostAll();
    const right = new HashTable(binning, 1);
    for (let key = 0; key < 1000; key++) left.add(key, 1);
    left.reserve(2);
    const reserved = left.pooledWords;
    assert.ok(reserved > 0);
    left.reserve(2);
    assert.equal(left.pooledWords, reserved);
    right.reserve(1);
    assert.equal(right.pooledWords, 8 * 2);
  });

  it('allocates a first table with room for the expected entries', () => {
    for (const expected of [1, 5, 6, 100, 1000]) {
      const table = new HashTable(new HashedBinning(1), 1, { expectedEntriesPerBin: expected });
      table.create(0);
      table.create(1);
      for (let key = 0; Math.max(table.entries(0), table.entries(1)) < expected; key++) table.add(key, 1);
      const fullest = table.entries(0) >= expected ? 0 : 1;
      const bytes = table.bytes(fullest);
      const fresh = new HashTable(new HashedBinning(1), 1, { expectedEntriesPerBin: expected });
      fresh.reserve(1);
      assert.equal(bytes, 8 * (3 + fresh.pooledWords));
    }
  });

  it('refuses sizes that are no positive integers', () => {
    for (const size of [0, -1, 1.5]) {
      assert.throws(() => new HashTable(binning, size), ContainerSizeError);
      assert.throws(() => new HashTable(binning, 1, { expectedEntriesPerBin: size }), ContainerSizeError);
    }
  });
});
