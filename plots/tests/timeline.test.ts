import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { migrationMarks, migrationSpans } from '../migration-marks.ts';
import { timelinePoints } from '../latency-lines.ts';
import { fixtureRun, fixtureStrategy } from './fixture-runs.ts';

const row = (epoch: number, maxNs: number, records = 1) => ({
  epoch,
  startS: epoch / 4,
  records,
  p25Ns: 100,
  p50Ns: 2e6,
  p99Ns: 3e6,
  p999Ns: 4e6,
  maxNs,
});

describe('the timeline', () => {
  it('draws four lines of steps in milliseconds, from the start of each epoch to its end, none below a microsecond', () => {
    const points = timelinePoints([row(0, 5e6), row(1, 6e6)]);
    assert.deepEqual(
      points.map(({ line, timeS, latencyMs }) => [line, timeS, latencyMs]),
      [
        ['maximum', 0, 5],
        ['maximum', 0.25, 6],
        ['maximum', 0.5, 6],
        ['99th percentile', 0, 3],
        ['99th percentile', 0.25, 3],
        ['99th percentile', 0.5, 3],
        ['median', 0, 2],
        ['median', 0.25, 2],
        ['median', 0.5, 2],
        ['25th percentile', 0, 0.001],
        ['25th percentile', 0.25, 0.001],
        ['25th percentile', 0.5, 0.001],
      ],
    );
  });

  it('interrupts its lines where epochs are missing or empty', () => {
    const missing = timelinePoints([row(0, 5e6), row(1, 5e6), row(3, 5e6)]);
    const empty = timelinePoints([row(0, 5e6), row(1, 5e6), row(2, 0, 0), row(3, 5e6)]);
    assert.deepEqual(missing, empty);
    assert.deepEqual(
      missing.slice(0, 6).map(({ timeS, latencyMs }) => [timeS, latencyMs]),
      [
        [0, 5],
        [0.25, 5],
        [0.5, 5],
        [0.75, null],
        [0.75, 5],
        [1, 5],
      ],
    );
  });

  it('draws nothing for a run without records', () => {
    assert.deepEqual(timelinePoints([]), []);
    assert.deepEqual(timelinePoints([row(0, 0, 0)]), []);
  });

  it('marks a migration from its first step issued to its last completed', () => {
    const { migrations } = fixtureRun({ migrationS: 4, spec: { strategy: fixtureStrategy('fluid') } });
    assert.deepEqual(migrationSpans(migrations), [
      { label: 'migration 1', fromS: 20, toS: 24 },
      { label: 'migration 2', fromS: 40, toS: 44 },
    ]);
  });

  it('shortens the labels of migrations that are close together', () => {
    const { migrations } = fixtureRun();
    const labels = (pxPerS: number) => migrationMarks(migrations, pxPerS)[0]?.data.values.map(({ label }) => label);
    assert.deepEqual(labels(10), ['migration 1', 'migration 2']);
    assert.deepEqual(labels(1), ['1', '2']);
    assert.deepEqual(migrationMarks([], 10), []);
  });
});
