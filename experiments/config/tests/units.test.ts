import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseBinShift, parseCount, parseDurationNs, parseRate, UnitError } from '../units.ts';

const fails = (message: string) => ({ name: 'UnitError', message });

describe('parseDurationNs', () => {
  it('reads every unit', () => {
    const written = ['1 ns', '1us', '1 µs', '250 ms', '0.5 s', '30 s', '20 min', '1e1 h', 0, '0 s'];
    const expected = [1, 1e3, 1e3, 250e6, 0.5e9, 30e9, 1200e9, 36000e9, 0, 0];
    assert.deepEqual(written.map(parseDurationNs), expected);
  });

  it('returns whole seconds exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seconds) => parseDurationNs(`${seconds} s`) === seconds * 1e9),
    );
  });

  it('refuses what has no unit, an unknown one, or is no duration', () => {
    const expected = 'expected a duration such as 30 s, 250 ms or 20 min';
    assert.throws(() => parseDurationNs(30), fails(`30 has no unit; ${expected}`));
    assert.throws(() => parseDurationNs('30'), fails(`30 has no unit; ${expected}`));
    assert.throws(
      () => parseDurationNs('3 days'),
      fails('unknown unit days; expected one of ns, us, µs, ms, s, min, h'),
    );
    assert.throws(() => parseDurationNs('soon'), fails(`${expected}, found "soon"`));
    assert.throws(() => parseDurationNs('-1 s'), fails(`${expected}, found "-1 s"`));
    assert.throws(() => parseDurationNs(null), fails(`${expected}, found nothing`));
  });
});

describe('parseRate', () => {
  it('reads numbers and records per second', () => {
    assert.deepEqual([500000, '500000 records/s', '4e6/s', '0.5 records / s'].map(parseRate), [5e5, 5e5, 4e6, 0.5]);
  });

  it('refuses zero, other units and what is no rate', () => {
    for (const value of [0, -1, NaN, Infinity, '5 records', '5 records/min', true, [1]]) {
      assert.throws(() => parseRate(value), UnitError);
    }
  });
});

describe('parseCount', () => {
  const range = { noun: 'keys', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

  it('reads numbers, powers and the noun', () => {
    const values = [7, '4096e6', '2^28', '4096e6 keys', '2 ^ 3 keys'].map((value) => parseCount(value, range));
    assert.deepEqual(values, [7, 4096e6, 2 ** 28, 4096e6, 8]);
  });

  it('refuses what is not whole, out of range, or of another kind', () => {
    for (const value of [0, 1.5, '1.5', '2^60', '3 bins', '1_000', null, {}]) {
      assert.throws(() => parseCount(value, range), UnitError);
    }
    assert.throws(
      () => parseCount(0, { ...range, maximum: 9 }),
      fails('expected a whole number of keys from 1 to 9, found 0'),
    );
  });
});

describe('parseBinShift', () => {
  it('reads a number of bins and a power of two alike', () => {
    for (let shift = 1; shift <= 20; shift += 1) {
      assert.equal(parseBinShift(2 ** shift), shift);
      assert.equal(parseBinShift(`2^${shift}`), shift);
    }
  });

  it('refuses what is no power of two from 2^1 to 2^20', () => {
    for (const value of [0, 1, 3, 4095, '2^21', 2 ** 21, -4, 'many', null]) {
      assert.throws(() => parseBinShift(value), UnitError);
    }
  });
});
