import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MigrationSummary } from '../../results/run-summary.ts';
import { expectationRows, judgeExpectations } from '../expectations.ts';
import { reportLines } from '../table.ts';
import { sampleSpec, sampleSummary } from './sample-run.ts';

const outcomes = (...run: Parameters<typeof judgeExpectations>) =>
  judgeExpectations(...run).map(({ name, outcome }) => `${name} ${outcome}`);

function withoutRecovery({ recoveredS: _, recoveryMs: _1, ...rest }: MigrationSummary): MigrationSummary {
  return rest;
}

describe('judgeExpectations', () => {
  it('compares steady percentiles and the worst migration, the limit included', () => {
    const expect = {
      p99Ns: 252_000,
      p999Ns: 1e6,
      maxNs: 2.4e6,
      migrationMaxNs: 399e6,
      recoveryNs: 750e6,
      durationNs: 402e6,
    };
    assert.deepEqual(outcomes({ spec: sampleSpec({ expect }), summary: sampleSummary() }), [
      'p99 met',
      'p999 not met',
      'max met',
      'migrationMax not met',
      'recovery met',
      'duration not met',
    ]);
  });

  it('does not take a migration that has not recovered, or moved nothing, for a fast one', () => {
    const spec = sampleSpec({ expect: { recoveryNs: 1e12, migrationMaxNs: 1e12 } });
    const [first, second] = sampleSummary().migrations;
    const late = withoutRecovery(second!);
    assert.deepEqual(outcomes({ spec, summary: sampleSummary({ migrations: [first!, late] }) }), [
      'migrationMax met',
      'recovery not met',
    ]);
    assert.deepEqual(outcomes({ spec, summary: sampleSummary({ migrations: [first!] }) }), [
      'migrationMax not met',
      'recovery not met',
    ]);
  });

  it('does not judge runs that could not keep up, or migrations where there are none', () => {
    const expect = { p99Ns: 1, durationNs: 1 };
    const overloaded = { spec: sampleSpec({ expect }), summary: sampleSummary({ valid: false }) };
    assert.deepEqual(outcomes(overloaded), ['p99 not judged', 'duration not judged']);
    const still = { spec: sampleSpec({ expect, migrations: [] }), summary: sampleSummary({ migrations: [] }) };
    assert.deepEqual(outcomes(still), ['p99 not met', 'duration not judged']);
    const empty = { ...sampleSummary().steady, records: 0, p99Ns: 0 };
    const unmeasured = { spec: sampleSpec({ expect }), summary: sampleSummary({ steady: empty }) };
    assert.deepEqual(outcomes(unmeasured), ['p99 not met', 'duration not met']);
  });

  it('has nothing to say where nothing is expected', () => {
    assert.deepEqual(judgeExpectations({ spec: sampleSpec(), summary: sampleSummary() }), []);
    assert.deepEqual(expectationRows([{ spec: sampleSpec(), summary: sampleSummary() }]), []);
  });
});

it('the report shows which expectations hold', () => {
  const expect = { p99Ns: 1e6, migrationMaxNs: 100e6 };
  const lines = reportLines([{ spec: sampleSpec({ expect }), summary: sampleSummary() }]);
  assert.deepEqual(lines.slice(lines.indexOf('Expectations')), [
    'Expectations',
    'run          expectation   measured  at most',
    'all-at-once  p99             252 us     1 ms  met',
    '             migrationMax    400 ms   100 ms  not met',
  ]);
});
