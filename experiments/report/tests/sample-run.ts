/** Runs and summaries for tests. */
import type { RunSpec } from '../../config/run-spec.ts';
import type { RunSummary } from '../../results/run-summary.ts';

/** A small run, with some of its values replaced. */
export function sampleSpec(changes: Partial<RunSpec> = {}): RunSpec {
  return {
    experiment: 'sample',
    title: 'A sample',
    figure: 'timeline',
    scale: 'smoke',
    workload: { name: 'key-count', variant: 'megaphone', domain: 65536, parameters: {} },
    topology: { processes: 1, workers: 2 },
    binShift: 6,
    ratePerSecond: 20000,
    durationS: 3,
    warmUpS: 0.5,
    seed: 1,
    tickNs: 1000,
    lookaheadTicks: 250,
    initial: { name: 'balanced' },
    migrations: [
      { atS: 1, to: { name: 'imbalanced' } },
      { atS: 2, to: { name: 'balanced' } },
    ],
    strategy: { name: 'all-at-once', gapMs: 0 },
    handoff: 'copy',
    preTouch: 'all',
    verify: false,
    repeat: 1,
    ...changes,
  };
}

/** The summary of such a run, with some of its values replaced. */
export function sampleSummary(changes: Partial<RunSummary> = {}): RunSummary {
  const latencies = {
    p50Ns: 41_234,
    p90Ns: 60_000,
    p99Ns: 252_000,
    p999Ns: 1_350_000,
    p9999Ns: 2e6,
    maxNs: 2_400_000,
    records: 40000,
  };
  const migration = {
    migration: 0,
    startS: 1,
    endS: 1.4,
    durationMs: 402.5,
    recoveredS: 1.75,
    recoveryMs: 750,
    maxNs: 400e6,
    steps: 1,
    bins: 16,
    bytes: 131072,
    maxStepMs: 402,
  };
  return {
    offeredRecords: 60000,
    sentRecords: 60000,
    completedRecords: 60000,
    valid: true,
    loadedRecords: 65536,
    loadS: 0.02,
    steady: latencies,
    total: latencies,
    clampedRecords: 0,
    migrations: [migration, { ...migration, migration: 1, startS: 2, endS: 2.3, recoveredS: 2.75 }],
    digest: { records: 60000, sum: '00000000deadbeef' },
    rssPeakBytes: 2 ** 27,
    minorFaults: 1000,
    majorFaults: 0,
    stolenShare: 0.01,
    ...changes,
  };
}
