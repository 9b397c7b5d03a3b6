import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allocateHeap, Extents } from '../../../dataflow/extents.ts';
import { LowBitsBinning } from '../../binning.ts';
import { BinError, ContainerSizeError, KeyError } from '../bin-error.ts';
import { emptyImage } from '../container.ts';
import { DenseArray } from '../dense-array.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { extentsOf } from './moves.ts';

const binning = new LowBitsBinning(BIN_SHIFT);
const SLOTS = 10;
const BINS = 2 ** BIN_SHIFT;
const DOMAIN = SLOTS * BINS;

checkContract<DenseArray, Map<number, number>>('DenseArray', {
  create: (extents) => new DenseArray({ binning, extents }, SLOTS),
  parts: (array) => [array],
  model: () => new Map(),
  keys: DOMAIN,
  binOf: (key) => key % BINS,
  update: (array, model, kind, key, value) => {
    if (kind < 7) {
      model.set(key, (model.get(key) ?? 0) + value);
      assert.equal(array.add(key, value), model.get(key));
    } else {
      model.set(key, value);
      array.set(key, value);
    }
  },
  compare: (array, model, bin) => {
    for (let slot = 0; slot < SLOTS; slot++) {
      const key = slot * BINS + bin;
      assert.equal(array.get(key), model.get(key) ?? 0);
    }
    assert.equal(array.entries(bin), SLOTS);
    assert.equal(array.bytes(bin), 8 * SLOTS);
  },
  accesses: [
    (array, key) => array.add(key, 1),
    (array, key) => array.get(key),
    (array, key) => array.set(key, 1),
    (array, key) => array.addAll(Float64Array.of(key), 1, 1, new Float64Array(1), 0),
    (array, key) => array.addAll(Int32Array.of(key), 1, 1, new Float64Array(1), 0),
  ],
  emptyTransfers: true,
  exactBytes: true,
});

describe('DenseArray', () => {
  const all = (): DenseArray => {
    const array = new DenseArray({ binning, extents: extentsOf(1)[0]! }, SLOTS);
    for (let bin = 0; bin < BINS; bin++) array.create(bin);
    return array;
  };
  const contents = (array: DenseArray): number[] => Array.from({ length: DOMAIN }, (_, key) => array.get(key));

  it('refuses keys outside its domain and keys that are no integers, and changes nothing', () => {
    const array = all();
    for (let key = 0; key < DOMAIN; key++) array.set(key, key);
    const before = contents(array);
    const outside = [DOMAIN, -1, -BINS, -(2 ** 32), 2 ** 53 - 1, 2 ** 32, 2 ** 31, Infinity, -Infinity];
    for (const key of [...outside, NaN, 1.5, 0.5, -0.5, 4.000001]) {
      for (const access of [
        () => array.add(key, 1),
        () => array.get(key),
        () => array.set(key, 1),
        () => array.addAll(Float64Array.of(2, key), 2, 1, new Float64Array(2), 0),
      ]) {
        assert.throws(access, (error) => error instanceof KeyError && Object.is(error.key, key), `key ${key}`);
      }
    }
    for (const key of [DOMAIN, -1, -BINS, 2 ** 31 - 1, -(2 ** 31)]) {
      const sums = new Float64Array(2);
      assert.throws(
        () => array.addAll(Int32Array.of(2, key), 2, 1, sums, 0),
        (error) => error instanceof KeyError && error.key === key,
      );
    }
    assert.deepEqual(contents(array), before);
  });

  it('adds a column of keys of either type as if one by one, repeated keys too', () => {
    for (const keys of [Float64Array.of(5, 6, 5, 5, 39, 99), Int32Array.of(5, 6, 5, 5, 39, 99)]) {
      const array = all();
      const sums = new Float64Array(7);
      array.addAll(keys, 5, 2, sums, 1);
      assert.deepEqual([...sums], [0, 2, 2, 4, 6, 2, 0]);
    }
  });

  it('equals repeated adds over random columns', () => {
    const columns = fc.array(fc.array(fc.nat(DOMAIN - 1), { maxLength: 30 }), { maxLength: 6 });
    fc.assert(
      fc.property(columns, fc.boolean(), (list, narrow) => {
        const [array, plain] = [all(), all()];
        list.forEach((keys, delta) => {
          const sums = new Float64Array(keys.length);
          array.addAll(narrow ? Int32Array.from(keys) : Float64Array.from(keys), keys.length, delta, sums, 0);
          assert.deepEqual(
            [...sums],
            keys.map((key) => plain.add(key, delta)),
          );
        });
        assert.deepEqual(contents(array), contents(plain));
      }),
    );
  });

  it('adds nothing of a column when one of its keys cannot be added', () => {
    const array = all();
    array.release(3, emptyImage());
    const sums = new Float64Array(2);
    for (const column of [Float64Array, Int32Array]) {
      assert.throws(() => array.addAll(column.of(4, 3), 2, 1, sums, 0), BinError);
      assert.throws(() => array.addAll(column.of(4, 40), 2, 1, sums, 0), KeyError);
    }
    assert.equal(array.get(4), 0);
  });

  it('gives the memory of a bin that left to the next one', () => {
    const extents = extentsOf(1)[0]!;
    const array = new DenseArray({ binning, extents }, SLOTS);
    array.create(1);
    const image = emptyImage();
    array.release(1, image);
    assert.deepEqual([image.used, image.capacity], [SLOTS, SLOTS]);
    extents.free(image.offset, image.capacity);
    array.create(2);
    assert.equal(array.totalBytes, 8 * SLOTS);
    const next = emptyImage();
    array.release(2, next);
    assert.equal(next.offset, image.offset);
  });

  it('tells apart keys beyond 2^31', () => {
    const extents = new Extents(allocateHeap(2 ** 23));
    const array = new DenseArray({ binning: new LowBitsBinning(20), extents }, 5000);
    array.create(7);
    const key = 4097 * 2 ** 20 + 7;
    assert.equal(array.add(key, 3), 3);
    assert.equal(array.get(2 ** 20 + 7), 0);
    assert.equal(array.get(key), 3);
  });

  it('refuses sizes that are no positive integers', () => {
    const extents = extentsOf(1)[0]!;
    for (const slots of [0, -1, 1.5, NaN]) {
      assert.throws(() => new DenseArray({ binning, extents }, slots), ContainerSizeError);
    }
  });
});
