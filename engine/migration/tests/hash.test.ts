import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BinShiftError, binOfHash, checkBinShift, HashedBinning, hashKey, LowBitsBinning } from '../hash.ts';

const key = fc.oneof(fc.maxSafeNat(), fc.nat(1000), fc.integer({ min: 2 ** 31 - 3, max: 2 ** 33 }));
const binShift = fc.integer({ min: 1, max: 20 });

describe('hashKey', () => {
  it('is an unsigned 32-bit integer', () => {
    fc.assert(
      fc.property(key, (k) => {
        const hash = hashKey(k);
        assert.ok(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32, `hash of ${k} is ${hash}`);
      }),
    );
  });

  it('stays what it is, as processes and stored results depend on it', () => {
    assert.deepEqual(
      [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map(hashKey),
      [0xd9aaf7d3, 0xaddc76bc, 0xd9f40881, 0xdd325158, 0x38bca02b, 0x2f70026f],
    );
  });

  it('does not let keys that differ in low bits only collide', () => {
    for (const high of [0, 1, 2 ** 20]) {
      const hashes = new Set(Array.from({ length: 20_000 }, (_, low) => hashKey(high * 2 ** 32 + low)));
      assert.equal(hashes.size, 20_000);
    }
  });

  it('flips each bit of the hash for about half of the single-bit changes of the key', () => {
    const samples = 2_000;
    for (const bit of [0, 1, 15, 31, 32, 40, 52]) {
      const flips = new Array<number>(32).fill(0);
      for (let i = 0; i < samples; i++) {
        const k = (i * 0x1_2345_6789_ab) % 2 ** 53;
        const flipped = Math.floor(k / 2 ** bit) % 2 === 0 ? k + 2 ** bit : k - 2 ** bit;
        const difference = hashKey(k) ^ hashKey(flipped);
        for (let j = 0; j < 32; j++) flips[j]! += (difference >>> j) & 1;
      }
      for (const [j, count] of flips.entries()) {
        assert.ok(Math.abs(count / samples - 0.5) < 0.1, `key bit ${bit}, hash bit ${j}: ${count} of ${samples}`);
      }
    }
  });

  for (const [name, stride] of Object.entries({
    dense: 1,
    even: 2,
    'multiples of 2^12': 4096,
    'multiples of 2^32': 2 ** 32,
  })) {
    it(`spreads ${name} keys evenly over bins`, () => {
      const bins = new Array<number>(64).fill(0);
      for (let i = 0; i < 64_000; i++) bins[binOfHash(hashKey(i * stride), 6)]!++;
      for (const [bin, count] of bins.entries()) assert.ok(count > 800 && count < 1200, `bin ${bin} has ${count} keys`);
    });
  }
});

describe('checkBinShift', () => {
  it('accepts 1..20 and refuses anything else', () => {
    for (let shift = 1; shift <= 20; shift++) checkBinShift(shift);
    for (const shift of [0, 21, -1, 1.5, NaN]) assert.throws(() => checkBinShift(shift), BinShiftError);
  });
});

describe('binnings', () => {
  it('hashed: the most significant bits of the hash', () => {
    fc.assert(
      fc.property(key, binShift, (k, shift) => {
        const bin = new HashedBinning(shift).binOf(k);
        assert.equal(bin, binOfHash(hashKey(k), shift));
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

  it('fill the bins of a column as binOf finds them, and no further', () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1 }), binShift, fc.nat(), (keys, shift, seed) => {
        const length = seed % keys.length;
        for (const binning of [new HashedBinning(shift), new LowBitsBinning(shift)]) {
          const bins = new Int32Array(keys.length).fill(-7);
          binning.fillBins(Float64Array.from(keys), length, bins);
          const expected = keys.map((k, i) => (i < length ? binning.binOf(k) : -7));
          assert.deepEqual([...bins], expected);
        }
      }),
    );
  });
});
