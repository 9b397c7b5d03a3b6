import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatLatency,
  formatMagnitude,
  formatNumber,
  formatPower,
  formatShortCount,
  formatWait,
  plural,
} from '../quantity.ts';

it('formatLatency picks the unit that fits', () => {
  const written = [0, 830, 41_234, 999_999, 9.8e6, 1.35e9, 75e9].map(formatLatency);
  assert.deepEqual(written, ['0 ns', '830 ns', '41.2 us', '1000 us', '9.8 ms', '1.35 s', '75 s']);
});

it('formatBytes picks the largest binary unit', () => {
  assert.deepEqual([0, 512, 1024, 1.5 * 2 ** 30, 1013 * 2 ** 20].map(formatBytes), [
    '0 B',
    '512 B',
    '1 KiB',
    '1.5 GiB',
    '1013 MiB',
  ]);
});

it('formatCount groups digits', () => {
  assert.deepEqual([5, 999, 1000, 15_000_000].map(formatCount), ['5', '999', '1 000', '15 000 000']);
});

it('formatWait says whole seconds, minutes, hours', () => {
  assert.deepEqual([-1, 12.4, 59.6, 200, 3900].map(formatWait), [
    '0 s',
    '12 s',
    '1 min 00 s',
    '3 min 20 s',
    '1 h 05 min',
  ]);
});

describe('quantities', () => {
  it('have at most three significant digits below 1000 and are whole above', () => {
    assert.deepEqual([0.01234, 1.5, 99.96, 1234.4, 16_384, 1.234e-8].map(formatNumber), [
      '0.0123',
      '1.5',
      '100',
      '1234',
      '16 384',
      '0.0000000123',
    ]);
  });

  it('are counts in words', () => {
    assert.deepEqual([1, 4096, 62_500, 32e6, 4.1e9].map(formatMagnitude), [
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
});
