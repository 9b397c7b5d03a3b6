import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunSpec } from '../../config/run-spec.ts';
import { sampleSpec } from '../../report/tests/sample-run.ts';
import { digestMismatches } from '../digests.ts';

const run = (label: string, sum: string, changes: Partial<RunSpec> = {}) => ({
  label,
  spec: sampleSpec(changes),
  digest: { records: 5, sum },
});

describe('digestMismatches', () => {
  it('finds runs that computed something else from the same input', () => {
    const first = run('all-at-once', 'aa');
    const same = run('fluid', 'aa', { strategy: { name: 'fluid', gapMs: 0 }, binShift: 12 });
    const other = run('optimized', 'ab', { strategy: { name: 'optimized', binsPerPair: 1, gapMs: 0 } });
    const fewer = { ...run('native', 'aa', { migrations: [] }), digest: { records: 4, sum: 'aa' } };
    assert.deepEqual(digestMismatches([first, same, other, fewer]), [
      { first, other },
      { first, other: fewer },
    ]);
  });

  it('does not compare runs of different inputs', () => {
    const runs = [
      run('a', '01'),
      run('b', '02', { seed: 2 }),
      run('c', '03', { ratePerSecond: 1 }),
      run('d', '04', { durationS: 9 }),
    ];
    assert.deepEqual(digestMismatches(runs), []);
  });
});
