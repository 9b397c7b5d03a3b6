import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HashedBinning } from '../../hash.ts';
import { ContainerSizeError, KeyError } from '../bin-error.ts';
import { Multimap } from '../multimap.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { ChunkRecorder, move } from './transfer.ts';

const binning = new HashedBinning(BIN_SHIFT);
const BINS = 2 ** BIN_SHIFT;
const KEYS = 24;

function rows(map: Multimap, key: number): [number, number][] {
  const found: [number, number][] = [];
  for (let row = map.first(key); row >= 0; row = map.next(row)) found.push([map.get(row, 0), map.get(row, 1)]);
  return found;
}

checkContract<Multimap, Map<number, [number, number][]>>('Multimap', {
  create: () => new Multimap(binning, 2),
  model: () => new Map(),
  keys: KEYS,
  binOf: (key) => binning.binOf(key),
  update: (map, model, kind, key, value) => {
    if (kind < 8) {
      const row = map.append(key);
      assert.deepEqual([map.get(row, 0), map.get(row, 1), map.next(row)], [0, 0, -1]);
      map.set(row, 0, value);
      map.set(row, 1, -value);
      model.set(key, [...(model.get(key) ?? []), [value, -value]]);
    } else {
      assert.equal(map.deleteKey(key), model.get(key)?.length ?? 0);
      model.delete(key);
    }
  },
  compare: (map, model, bin) => {
    let entries = 0;
    const keys = new Set<number>();
    map.forEachKeyInBin(bin, (key) => keys.add(key));
    for (let key = 0; key < KEYS; key++) {
      if (binning.binOf(key) !== bin) continue;
      const expected = model.get(key) ?? [];
      assert.deepEqual(rows(map, key), expected);
      assert.equal(map.count(key), expected.length);
      assert.equal(keys.has(key), expected.length > 0);
      entries += expected.length;
    }
    assert.equal(map.entries(bin), entries);
  },
  accesses: [
    (map, key) => map.first(key),
    (map, key) => map.append(key),
    (map, key) => map.count(key),
    (map, key) => map.deleteKey(key),
    (map, key) => map.forEachKeyInBin(binning.binOf(key), () => undefined),
  ],
  emptyTransfers: false,
});

describe('Multimap', () => {
  function hostAll(): Multimap {
    const map = new Multimap(binning, 2);
    for (let bin = 0; bin < BINS; bin++) map.create(bin);
    return map;
  }

  it('uses removed rows again, so that a bin that turns over does not grow', () => {
    const map = hostAll();
    for (let i = 0; i < 100; i++) map.append(i % 10);
    const before = map.bytes(0) + map.bytes(1) + map.bytes(2) + map.bytes(3);
    for (let round = 0; round < 200; round++) {
      map.deleteKey(round % 10);
      for (let i = 0; i < 10; i++) map.append(round % 10);
    }
    assert.equal(map.bytes(0) + map.bytes(1) + map.bytes(2) + map.bytes(3), before);
    assert.equal(map.size, 10);
  });

  it('removes the rows of the keys of a bin that are chosen, and none of another bin', () => {
    const map = hostAll();
    for (let i = 0; i < 60; i++) map.append(i % 20);
    map.deleteKeysInBin(1, (key) => key % 2 === 0);
    for (let key = 0; key < 20; key++) {
      assert.equal(map.count(key), binning.binOf(key) === 1 && key % 2 === 0 ? 0 : 3);
    }
  });

  it('transfers nothing of a bin whose keys are all gone', () => {
    const map = hostAll();
    for (let key = 0; key < 10; key++) map.append(key);
    for (let key = 0; key < 10; key++) map.deleteKey(key);
    for (let bin = 0; bin < BINS; bin++) assert.equal(map.bytes(bin), 0);
  });

  it('builds arriving bins from the memory of bins that left', () => {
    const left = hostAll();
    const right = new Multimap(binning, 2);
    for (let i = 0; i < 500; i++) left.append(i % 50);
    move(0, left, right, 64);
    const pooled = left.pooledWords;
    assert.ok(pooled > 0);
    move(0, right, left, 64);
    assert.equal(left.pooledWords, 0);
    assert.equal(right.pooledWords, pooled);
  });

  it('refuses keys that are no integers in 0..2^53 - 1', () => {
    const map = hostAll();
    assert.throws(() => map.append(-1), KeyError);
    assert.equal(map.first(-1), -1);
    assert.equal(map.size, 0);
  });

  it('refuses sizes that are no positive integers', () => {
    assert.throws(() => new Multimap(binning, 0), ContainerSizeError);
    assert.throws(() => new Multimap(binning, 1, { expectedRowsPerBin: 0 }), ContainerSizeError);
    assert.throws(() => new Multimap(binning, 1, { expectedKeysPerBin: 0 }), ContainerSizeError);
  });

  it('takes chunks of several bins in turns', () => {
    const map = hostAll();
    for (let key = 0; key < KEYS; key++) map.append(key);
    const recorders = [0, 1].map((bin) => {
      const recorder = new ChunkRecorder(8);
      map.extract(bin, recorder);
      return recorder;
    });
    const target = new Multimap(binning, 2);
    for (const bin of [0, 1]) target.create(bin);
    const longest = Math.max(...recorders.map(({ chunks }) => chunks.length));
    for (let i = 0; i < longest; i++) {
      for (const bin of [0, 1]) {
        const words = recorders[bin]!.chunks[i]?.words;
        if (words !== undefined) target.install(bin, words, 0, words.length);
      }
    }
    for (let key = 0; key < KEYS; key++) if (binning.binOf(key) < 2) assert.deepEqual(rows(target, key), [[0, 0]]);
  });
});
