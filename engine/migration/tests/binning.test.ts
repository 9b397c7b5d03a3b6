import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { BatchPool } from '../../dataflow/batch.ts';
import { hashKey } from '../../dataflow/hash.ts';
import { Schema } from '../../dataflow/schema.ts';
import { BinShiftError, binRoute, checkBinShift, HashedBinning, LowBitsBinning } from '../binning.ts';

const key = fc.oneof(fc.maxSafeNat(), fc.nat(1000), fc.integer({ min: 2 ** 31 - 3, max: 2 ** 33 }));
const binShift = fc.integer({ min: 1, max: 20 });

describe('checkBinShift', () => {
  it('accepts 1..20 and refuses anything else', () => {
    for (let shift = 1; shift <= 20; shift++) checkBinShift(shift);
    for (const shift of [0, 21, -1, 1.5, NaN]) assert.throws(() => checkBinShift(shift), BinShiftError);
  });
});

describe('binnings', () => {
  for (const [name, stride] of Object.entries({
    dense: 1,
    even: 2,
    'multiples of 2^12': 4096,
    'multiples of 2^32': 2 ** 32,
  })) {
    it(`spreads ${name} keys evenly over bins`, () => {
      const binning = new HashedBinning(6);
      const bins = new Array<number>(64).fill(0);
      for (let i = 0; i < 64_000; i++) bins[binning.binOf(i * stride)]!++;
      for (const [bin, count] of bins.entries()) assert.ok(count > 800 && count < 1200, `bin ${bin} has ${count} keys`);
    });
  }

  it('hashed: the most significant bits of the hash', () => {
    fc.assert(
      fc.property(key, binShift, (k, shift) => {
        const bin = new HashedBinning(shift).binOf(k);
        assert.equal(bin, Math.floor(hashKey(k) / 2 ** (32 - shift)));
      }),
    );
  });

  it('low bits: the remainder of the key, beyond 2^31 too', () => {
    fc.assert(
      fc.property(key, binShift, (k, shift) => {
        assert.equal(new LowBitsBinning(shift).binOf(k), k % 2 ** shift);
      }),
    );
  });

  it('tell the owners of a column of keys, and no further', () => {
    const PEERS = 3;
    const keys = fc.array(key, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 6 }), fc.nat(), fc.boolean(), (list, shift, seed, narrow) => {
        const length = seed % (list.length + 1);
        const column = narrow ? Int32Array.from(list, (k) => k % 2 ** 31) : Float64Array.from(list);
        const owners = Int32Array.from({ length: 2 ** shift }, (_, bin) => (bin * 7 + seed) % PEERS);
        for (const binning of [new HashedBinning(shift), new LowBitsBinning(shift)]) {
          const found = new Int32Array(list.length).fill(-7);
          binning.ownersOf(column, length, owners, found);
          const expected = Array.from(column, (k, i) => (i < length ? owners[binning.binOf(k)]! : -7));
          assert.deepEqual([...found], expected);
        }
      }),
    );
  });
});

describe('routes by bins', () => {
  it('send each record to the owner of its bin at the time of its batch', () => {
    const schema = new Schema({ value: 'int32', key: 'float64' });
    const batch = new BatchPool(schema, 8).take();
    batch.columns.key.set([0, 1, 2, 3, 5]);
    batch.length = 5;
    batch.time = 6;
    const binning = new LowBitsBinning(1);
    const route = binRoute<(typeof schema)['columns']>('key', binning, (time) => Int32Array.of(0, time));
    const destinations = new Int32Array(8);
    route.destinations(batch, destinations);
    assert.deepEqual([...destinations.subarray(0, 5)], [0, 6, 0, 6, 6]);
  });
});
