import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LowBitsBinning } from '../../hash.ts';
import { BinError, ContainerSizeError, KeyError } from '../bin-error.ts';
import { DenseArray } from '../dense-array.ts';
import { BIN_SHIFT, checkContract } from './contract.ts';
import { ChunkRecorder, move } from './transfer.ts';

const binning = new LowBitsBinning(BIN_SHIFT);
const SLOTS = 10;
const BINS = 2 ** BIN_SHIFT;

checkContract<DenseArray, Map<number, number>>('DenseArray', {
  create: () => new DenseArray(binning, SLOTS),
  model: () => new Map(),
  keys: SLOTS * BINS,
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
  ],
  emptyTransfers: true,
});

describe('DenseArray', () => {
  const all = (options = {}): DenseArray => {
    const array = new DenseArray(binning, SLOTS, options);
    for (let bin = 0; bin < BINS; bin++) array.create(bin);
    return array;
  };

  it('refuses keys outside its domain', () => {
    const array = all();
    for (const key of [SLOTS * BINS, -1, -BINS, NaN, 2 ** 53 - 1, 2 ** 32]) {
      for (const access of [() => array.add(key, 1), () => array.get(key), () => array.set(key, 1)]) {
        assert.throws(access, (error) => error instanceof KeyError && Object.is(error.key, key));
      }
    }
    for (let key = 0; key < SLOTS * BINS; key++) assert.equal(array.get(key), 0);
  });

  it('adds a column of keys as if one by one, repeated keys too', () => {
    const array = all();
    const keys = Float64Array.of(5, 6, 5, 5, 39, 99);
    const sums = new Float64Array(7);
    array.addAll(keys, 5, 2, sums, 1);
    assert.deepEqual([...sums], [0, 2, 2, 4, 6, 2, 0]);
    array.addAll(keys, 2, 1, keys, 0);
    assert.deepEqual([...keys], [7, 3, 5, 5, 39, 99]);
  });

  it('adds nothing of a column when one of its keys cannot be added', () => {
    const array = all();
    array.extract(3, new ChunkRecorder(8));
    const sums = new Float64Array(2);
    assert.throws(() => array.addAll(Float64Array.of(4, 3), 2, 1, sums, 0), BinError);
    assert.throws(() => array.addAll(Float64Array.of(4, 40), 2, 1, sums, 0), KeyError);
    assert.equal(array.get(4), 0);
  });

  it('gives the place of a bin that left to a bin that comes', () => {
    const left = all({ capacityBins: BINS });
    const right = new DenseArray(binning, SLOTS);
    assert.equal(left.pooledWords, 0);
    for (const bin of [1, 3]) move(bin, left, right, 8);
    assert.equal(left.pooledWords, 2 * SLOTS);
    move(3, right, left, 9);
    assert.equal(left.pooledWords, SLOTS);
    assert.equal(right.pooledWords, SLOTS);
  });

  it('has as many free places as were reserved', () => {
    const array = new DenseArray(binning, SLOTS, { capacityBins: 1 });
    array.create(0);
    array.add(0, 7);
    array.reserve(2);
    array.reserve(1);
    assert.equal(array.pooledWords, 2 * SLOTS);
    for (const bin of [1, 2]) array.create(bin);
    assert.equal(array.pooledWords, 0);
    assert.equal(array.get(0), 7);
  });

  it('tells apart keys beyond 2^31', () => {
    const wide = new LowBitsBinning(20);
    const array = new DenseArray(wide, 5000);
    array.create(7);
    const key = 4097 * 2 ** 20 + 7;
    assert.equal(array.add(key, 3), 3);
    assert.equal(array.get(2 ** 20 + 7), 0);
    assert.equal(array.get(key), 3);
  });

  it('refuses sizes that are no positive integers', () => {
    for (const slots of [0, -1, 1.5, NaN]) assert.throws(() => new DenseArray(binning, slots), ContainerSizeError);
    assert.throws(() => new DenseArray(binning, 1, { capacityBins: -1 }), ContainerSizeError);
  });
});
