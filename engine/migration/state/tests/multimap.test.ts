import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Extents } from '../../../dataflow/extents.ts';
import { HashedBinning } from '../../binning.ts';
import { ContainerSizeError, KeyError } from '../bin-error.ts';
import { Multimap } from '../multimap.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { extentsOf, move } from './moves.ts';

const binning = new HashedBinning(BIN_SHIFT);
const BINS = 2 ** BIN_SHIFT;
const KEYS = 24;

function rows(map: Multimap, key: number): [number, number][] {
  const found: [number, number][] = [];
  for (let row = map.first(key); row >= 0; row = map.next(row)) found.push([map.get(row, 0), map.get(row, 1)]);
  return found;
}

checkContract<Multimap, Map<number, [number, number][]>>('Multimap', {
  create: (extents) => new Multimap({ binning, extents }, 2),
  parts: ({ parts }) => [parts.keys, parts.rows],
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
    } else if (kind === 8) {
      const count = Math.abs(value) % 4;
      map.deleteFirst(key, count);
      model.set(key, (model.get(key) ?? []).slice(count));
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
      const last = map.last(key);
      assert.deepEqual(last < 0 ? undefined : [map.get(last, 0), map.get(last, 1)], expected.at(-1));
      assert.equal(keys.has(key), expected.length > 0);
      entries += expected.length;
    }
    assert.equal(map.parts.rows.entries(bin), entries);
    assert.equal(map.parts.keys.entries(bin), keys.size);
  },
  accesses: [
    (map, key) => map.first(key),
    (map, key) => map.last(key),
    (map, key) => map.append(key),
    (map, key) => map.count(key),
    (map, key) => map.deleteKey(key),
    (map, key) => map.deleteFirst(key, 1),
    (map, key) => map.forEachKeyInBin(binning.binOf(key), () => undefined),
  ],
  emptyTransfers: false,
  exactBytes: true,
});

describe('Multimap', () => {
  function hostAll(): Multimap {
    const map = new Multimap({ binning, extents: extentsOf(1)[0]! }, 2);
    for (let bin = 0; bin < BINS; bin++) {
      map.parts.keys.create(bin);
      map.parts.rows.create(bin);
    }
    return map;
  }

  const bytes = ({ parts }: Multimap): number => parts.keys.totalBytes + parts.rows.totalBytes;

  it('uses removed rows again, so that a bin that turns over does not grow', () => {
    const map = hostAll();
    for (let i = 0; i < 100; i++) map.append(i % 10);
    const before = bytes(map);
    for (let round = 0; round < 200; round++) {
      map.deleteKey(round % 10);
      for (let i = 0; i < 10; i++) map.append(round % 10);
    }
    assert.equal(bytes(map), before);
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
    assert.equal(bytes(map), 0);
  });

  it('keeps its free rows when a bin moves: they are used again where it arrives', () => {
    for (const handoff of ['share', 'copy'] as const) {
      const [one, other] = extentsOf(2) as [Extents, Extents];
      const [left, right] = [new Multimap({ binning, extents: one }, 1), new Multimap({ binning, extents: other }, 1)];
      const inBin = Array.from({ length: 40 }, (_, key) => key).filter((key) => binning.binOf(key) === 1);
      const [gone, kept] = inBin as [number, number];
      for (const part of [left.parts.keys, left.parts.rows]) part.create(1);
      for (let i = 0; i < 6; i++) left.set(left.append(i % 2 === 0 ? gone : kept), 0, i);
      left.deleteKey(gone);
      const before = left.parts.rows.bytes(1);
      for (const part of ['keys', 'rows'] as const) {
        move(
          1,
          { container: left.parts[part], extents: one },
          { container: right.parts[part], extents: other },
          handoff,
        );
      }
      for (let i = 0; i < 3; i++) right.append(gone);
      assert.equal(right.parts.rows.bytes(1), before);
      const values: number[] = [];
      for (let row = right.first(kept); row >= 0; row = right.next(row)) values.push(right.get(row, 0));
      assert.deepEqual(values, [1, 3, 5]);
    }
  });

  it('refuses keys that are no integers in 0..2^53 - 1', () => {
    const map = hostAll();
    assert.throws(() => map.append(-1), KeyError);
    assert.equal(map.first(-1), -1);
    assert.equal(map.size, 0);
  });

  it('refuses sizes that are no positive integers', () => {
    const bins = { binning, extents: extentsOf(1)[0]! };
    assert.throws(() => new Multimap(bins, 0), ContainerSizeError);
    assert.throws(() => new Multimap(bins, 1, { expectedRowsPerBin: 0 }), ContainerSizeError);
    assert.throws(() => new Multimap(bins, 1, { expectedKeysPerBin: 0 }), ContainerSizeError);
  });
});
