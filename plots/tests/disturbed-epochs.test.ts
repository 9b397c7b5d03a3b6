import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { disturbedSpans } from '../disturbed-epochs.ts';
import { fixtureRun } from './fixture-runs.ts';

const row = (epoch: number, worker: number, waitMs: number, stealMs = 0) => {
  return { epoch, worker, onCpuNs: 0, runQueueWaitNs: waitMs * 1e6, stealMs };
};

describe('disturbed epochs', () => {
  it('are those in which some worker waited, or the machine lost time, for a notable share', () => {
    const scheduler = [
      row(0, 0, 9),
      row(0, 1, 9),
      row(1, 0, 0),
      row(1, 1, 10),
      row(2, 0, 0, 20),
      row(2, 1, 0, 20),
      row(6, 0, 250),
    ];
    assert.deepEqual(disturbedSpans({ ...fixtureRun(), scheduler }), [
      { fromS: 0.25, toS: 0.75 },
      { fromS: 1.5, toS: 1.75 },
    ]);
  });

  it('are none where nothing was recorded', () => {
    assert.deepEqual(disturbedSpans(fixtureRun()), []);
    assert.deepEqual(disturbedSpans({ ...fixtureRun(), timeline: [], scheduler: [row(0, 0, 250)] }), []);
  });
});
