import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatBytes, formatCount, formatLatency, formatWait } from '../quantity.ts';

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
