import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MigrationSummary } from '../../experiments/results/run-summary.ts';
import { caption, captionSentences, movedLabel, overloadNotes, recoveryLabel } from '../caption.ts';
import { groupRuns } from '../run-group.ts';
import { fixtureRun, fixtureSpec, fixtureStrategy } from './fixture-runs.ts';

function withoutRecovery({ recoveredS: _, recoveryMs: __, ...rest }: MigrationSummary): MigrationSummary {
  return rest;
}

describe('captions', () => {
  it('state workload, topology, rate, state moved, repeats, machine and version', () => {
    const runs = [1, 2, 3].map((repeat) => fixtureRun({ spec: { repeat } }));
    assert.deepEqual(captionSentences(groupRuns(runs), ['How to read it']), [
      'key-count, 64 million keys, 4096 bins (2¹²)',
      '1 process × 2 workers, 1 million records/s offered for 60 s',
      'State moved per migration: 122 MiB (hand-off by copy)',
      'Recovered (four epochs below twice the median maximum before) after 1.5 s',
      '3 repeats',
      'How to read it',
      'Example CPU 9000, 2 cores, 24 GiB of memory',
      'Node v24.21.0, Linux 6.1.0',
      'Scale laptop, commit 0123456789',
    ]);
  });

  it('give what differs as a list or a range', () => {
    const runs = [4, 8, 10, 12, 14].map((binShift) =>
      fixtureRun({ spec: { binShift, ratePerSecond: binShift < 12 ? 1e6 : 2e6 } }),
    );
    const [workload, load] = captionSentences(groupRuns(runs));
    assert.equal(workload, 'key-count, 64 million keys, 16 bins (2⁴) to 16 384 bins (2¹⁴)');
    assert.match(load ?? '', /1 million and 2 million records\/s/);
  });

  it('leave out keys, bins and moved state where there are none', () => {
    const workload = { name: 'q1', variant: 'native', domain: 0, parameters: { timeDilation: 79 } } as const;
    const [first, , third] = captionSentences(groupRuns([fixtureRun({ spec: { workload, migrations: [] } })]));
    assert.equal(first, 'Q1, time dilation 79');
    assert.equal(third, '1 repeat');
  });

  it('say the state moved per strategy where it differs', () => {
    const groups = groupRuns([
      fixtureRun(),
      fixtureRun({
        spec: { strategy: fixtureStrategy('fluid'), workload: { ...fixtureSpec.workload, domain: 128e6 } },
      }),
    ]);
    assert.equal(movedLabel(groups), 'all-at-once 122 MiB, fluid 244 MiB');
  });

  it('say how long recovery took, per strategy where it differs, and where there was none in time', () => {
    const fluid = fixtureRun({ migrationS: 0.2, spec: { strategy: fixtureStrategy('fluid') } });
    const [, last] = fluid.summary.migrations;
    assert.ok(last !== undefined);
    const lost = { ...fluid, summary: { ...fluid.summary, migrations: [last, withoutRecovery(last)] } };
    assert.equal(recoveryLabel(groupRuns([fixtureRun(), fluid])), 'all-at-once 1.5 s, fluid 500 ms');
    assert.equal(recoveryLabel(groupRuns([lost])), '500 ms (not always)');
    assert.equal(recoveryLabel(groupRuns([fixtureRun({ spec: { migrations: [] } })])), '');
  });

  it('admit changes to the commit and machines outside of a repository', () => {
    const run = fixtureRun();
    const dirty = { ...run, provenance: { ...run.provenance, dirty: true } };
    const unknown = { ...run, provenance: { ...run.provenance, commit: null, dirty: null } };
    assert.match(caption(groupRuns([dirty])), /commit 0123456789 with changes\.$/);
    assert.match(caption(groupRuns([unknown])), /Scale laptop\.$/);
  });

  it('admit that more than one version of the code made the runs', () => {
    const run = fixtureRun();
    const other = fixtureRun({ spec: { strategy: fixtureStrategy('fluid') } });
    const changed = { ...other, provenance: { ...other.provenance, code: 'fedcba9876543210' } };
    assert.match(caption(groupRuns([run, changed])), /Caution: 2 versions of the code made these runs\./);
    assert.doesNotMatch(caption(groupRuns([run, other])), /Caution/);
  });

  it('claim nothing at the smoke scale', () => {
    assert.match(caption(groupRuns([fixtureRun({ spec: { scale: 'smoke' } })])), /its latencies claim nothing/);
    assert.doesNotMatch(caption(groupRuns([fixtureRun()])), /claim nothing/);
  });

  it('name swept parameters once', () => {
    const runs = [1, 2].map((timeDilation) =>
      fixtureRun({
        spec: {
          workload: { name: 'q4', variant: 'megaphone', domain: 0, parameters: { timeDilation, q7WindowUs: 5e6 } },
        },
      }),
    );
    const [workload] = captionSentences(groupRuns(runs));
    assert.equal(workload, 'Q4, 4096 bins (2¹²), q7 window us 5 million, time dilation 1 and 2');
  });

  it('warn about overload only where there was one', () => {
    assert.deepEqual(overloadNotes(groupRuns([fixtureRun()]), 'Hollow marks'), []);
    assert.match(
      overloadNotes(groupRuns([fixtureRun({ valid: false })]), 'Hollow marks').join(),
      /^Hollow marks: .*99\.5 %/,
    );
  });
});
