/** Lines of sweeps for tests. */
import type { LiveSample } from '../../../experiments/metrics/live-sample.ts';
import type { LiveLine, LiveSweepLine } from '../../../experiments/report/live-lines.ts';

/** The first line of a sweep of some runs. */
export function sweepLine(
  labels: readonly string[],
  changes: Partial<LiveSweepLine['runs'][number]> = {},
): LiveSweepLine {
  return {
    type: 'sweep',
    experiment: 'invented',
    title: 'An invented experiment',
    startedAtMs: 0,
    runs: labels.map((label, index) => ({
      id: `000000000${index}-1`,
      label,
      durationS: 10,
      ...changes,
    })),
  };
}

/** A sample of the run at a quarter second. */
export function sampleAt(quarter: number, changes: Partial<LiveSample> = {}): LiveSample {
  const latencies = { records: 2500, p50Ns: 40_000, p99Ns: 300_000 + 1000 * quarter, maxNs: 2_000_000 };
  return {
    offeredRecords: 2500 * quarter,
    sentRecords: 2490 * quarter,
    completedRecords: 2480 * quarter,
    offeredPerSecond: 10_000,
    sentPerSecond: 9_960,
    behindS: 0.0125,
    rssBytes: 300e6,
    stateBytes: 2 ** 20,
    epochs: quarter < 2 ? [] : [{ epoch: quarter - 2, ...latencies }],
    lastSecond: latencies,
    bands: [],
    moving: null,
    stepsDone: 0,
    stepsTotal: 12,
    processes: 1,
    processesTotal: 1,
    ...changes,
  };
}

/** The line of a sample. */
export function progressLine(quarter: number, changes: Partial<LiveSample> = {}): LiveLine {
  const elapsedS = quarter / 4;
  const live = sampleAt(quarter, changes);
  return { type: 'progress', phase: 'run', elapsedS, totalS: 10, leftS: 25 - elapsedS, live };
}
