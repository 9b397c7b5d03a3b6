import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { durationMarks, maxVsDuration } from '../max-vs-duration.ts';
import { groupRuns } from '../run-group.ts';
import { fixtureRun, fixtureSpec } from './fixture-runs.ts';

describe('maximum against duration', () => {
  it('has a line for each value of the other dimension when two are swept', () => {
    const runs = [64e6, 128e6].flatMap((domain) =>
      [4, 8, 12].map((binShift) =>
        fixtureRun({ spec: { binShift, workload: { ...fixtureSpec.workload, domain } }, migrationS: binShift / 10 }),
      ),
    );
    assert.deepEqual(
      durationMarks(groupRuns(runs)).map(({ series, label }) => [series, label]),
      [
        ['all-at-once, 64 million keys', '2⁴'],
        ['all-at-once, 128 million keys', '2⁴'],
        ['all-at-once, 64 million keys', '2⁸'],
        ['all-at-once, 128 million keys', '2⁸'],
        ['all-at-once, 64 million keys', '2¹²'],
        ['all-at-once, 128 million keys', '2¹²'],
      ],
    );
  });

  it('has one line when two dimensions are swept together', () => {
    const runs = [6, 8, 10].map((binShift) =>
      fixtureRun({
        spec: { binShift, workload: { ...fixtureSpec.workload, domain: 2 ** (16 + binShift) } },
        migrationS: binShift / 10,
      }),
    );
    assert.deepEqual(
      durationMarks(groupRuns(runs)).map(({ series, label }) => [series, label]),
      [
        ['all-at-once', '2⁶'],
        ['all-at-once', '2⁸'],
        ['all-at-once', '2¹⁰'],
      ],
    );
  });

  it('is refused without a migration', () => {
    assert.throws(() => maxVsDuration(groupRuns([fixtureRun({ spec: { migrations: [] } })])), { name: 'ResultsError' });
  });
});
