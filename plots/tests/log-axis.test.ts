import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  countLabel,
  decadeDomain,
  logAxis,
  logTicks,
  paddedDomain,
  plainLabel,
  powerLabel,
  powerOfTen,
} from '../log-axis.ts';

const latency = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
const latencies = fc.array(latency, { minLength: 1, maxLength: 20 });

describe('logarithmic axes', () => {
  it('cover whole decades, at least one', () => {
    assert.deepEqual(decadeDomain([0.02, 3, 950]), [0.01, 1000]);
    assert.deepEqual(decadeDomain([1, 10]), [1, 10]);
    assert.deepEqual(decadeDomain([10]), [10, 100]);
    assert.deepEqual(decadeDomain([]), [1, 10]);
  });

  it('pass over values without a logarithm', () => {
    assert.deepEqual(decadeDomain([0, -5, NaN, Infinity, 20]), [10, 100]);
    assert.deepEqual(paddedDomain([0, NaN]), [1, 10]);
  });

  it('label every power of ten and tick its multiples', () => {
    const { major, minor } = logTicks([0.01, 1000]);
    assert.deepEqual(major, [0.01, 0.1, 1, 10, 100, 1000]);
    assert.equal(minor.length, 5 * 8);
    assert.deepEqual(minor.slice(0, 3), [0.02, 0.03, 0.04]);
  });

  it('label multiples by 2 and 5 where fewer than three powers of ten are in sight', () => {
    assert.deepEqual(logTicks([1, 10]).major, [1, 2, 5, 10]);
    assert.deepEqual(logTicks([15, 60]).major, [20, 50]);
  });

  it('hold every value inside the domain, with two labels at least', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        for (const domain of [decadeDomain(values), paddedDomain(values)]) {
          assert.ok(values.every((value) => value >= domain[0] * (1 - 1e-9) && value <= domain[1] * (1 + 1e-9)));
          assert.ok(logTicks(domain).major.length >= 2, `labels in ${String(domain)}`);
        }
      }),
    );
  });

  it('miss no power of ten inside the domain', () => {
    fc.assert(
      fc.property(fc.integer({ min: -6, max: 6 }), fc.integer({ min: 1, max: 8 }), (from, decades) => {
        const { major } = logTicks([powerOfTen(from), powerOfTen(from + decades)]);
        for (let exponent = from; exponent <= from + decades; exponent += 1) {
          assert.ok(major.includes(powerOfTen(exponent)));
        }
      }),
    );
  });

  it('write labels in digits, with unit letters, or as powers', () => {
    assert.deepEqual([0.001, 5, 1000, 10_000].map(plainLabel), ['0.001', '5', '1000', '10 000']);
    assert.deepEqual([500, 20_000, 1e6].map(countLabel), ['500', '20k', '1M']);
    assert.deepEqual([1e-4, 1, 2e-3].map(powerLabel), ['10⁻⁴', '10⁰', '']);
  });

  it('give the axis its title and all ticks in order', () => {
    const axis = logAxis([1, 100], 'latency (ms)');
    assert.equal(axis.title, 'latency (ms)');
    assert.equal(axis.values.length, 19);
    assert.deepEqual(
      axis.values,
      [...axis.values].sort((a, b) => a - b),
    );
  });
});
