import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleSpec, sampleSummary } from '../../report/tests/sample-run.ts';
import { judgeRuns } from '../judge-runs.ts';

const met = { spec: sampleSpec({ expect: { p99Ns: 1e9 } }), summary: sampleSummary() };
const unmet = { spec: sampleSpec({ expect: { p99Ns: 1, maxNs: 1 } }), summary: sampleSummary() };
const overloaded = { spec: sampleSpec(), summary: sampleSummary({ valid: false }) };

describe('judgeRuns', () => {
  it('is content when nothing is expected, or everything met', () => {
    assert.deepEqual(judgeRuns([met, { spec: sampleSpec(), summary: sampleSummary() }]), { code: 0 });
  });

  it('counts expectations that are not met', () => {
    assert.deepEqual(judgeRuns([met, unmet]), {
      code: 3,
      complaint: '2 expectations are not met; the table shows which',
    });
  });

  it('puts runs that could not keep up first', () => {
    assert.deepEqual(judgeRuns([unmet, overloaded]), {
      code: 4,
      complaint: '1 of 2 runs could not keep up with the offered rate; expected a lower rate',
    });
  });
});
