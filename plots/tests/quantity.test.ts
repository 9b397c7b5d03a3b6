import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatCount, formatNumber, formatPower, formatShortCount, keepUnits, plural } from '../quantity.ts';

describe('quantities', () => {
  it('have at most three significant digits below 1000 and are whole above', () => {
    assert.deepEqual([0.01234, 1.5, 99.96, 1234.4, 16_384].map(formatNumber), [
      '0.0123',
      '1.5',
      '100',
      '1234',
      '16,384',
    ]);
  });

  it('are counts in words', () => {
    assert.deepEqual([1, 4096, 62_500, 32e6, 4.1e9].map(formatCount), [
      '1',
      '4096',
      '62.5 thousand',
      '32 million',
      '4.1 billion',
    ]);
  });

  it('are counts with a letter, in millions up to ten thousand of them', () => {
    assert.deepEqual([64, 250_000, 268_435_456, 4096e6, 32e9].map(formatShortCount), [
      '64',
      '250k',
      '268M',
      '4096M',
      '32G',
    ]);
  });

  it('write exponents above the line', () => {
    assert.deepEqual([formatPower(2, 12), formatPower(10, -3)], ['2¹²', '10⁻³']);
  });

  it('agree with their noun', () => {
    assert.deepEqual([plural(1, 'worker'), plural(2, 'process', 'processes')], ['1 worker', '2 processes']);
  });

  it('stay with their unit at a line break', () => {
    assert.equal(keepUnits('for 60 s on 2 cores at 1 million'), 'for 60\u00a0s on 2\u00a0cores at 1\u00a0million');
    assert.equal(keepUnits('repeat 1 some'), 'repeat 1 some');
  });
});
