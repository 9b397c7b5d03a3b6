/** A run for the tests of this folder. */
import type { RunSpec } from '../../config/run-spec.ts';
import type { Provenance } from '../run-record.ts';
import type { RunResults } from '../run-writer.ts';

export const spec: RunSpec = {
  experiment: 'fig1',
  title: 'Migration of a quarter of the keys',
  figure: 'timeline',
  scale: 'smoke',
  workload: { name: 'key-count', variant: 'megaphone', domain: 1_000_000, parameters: {} },
  topology: { processes: 1, workers: 2 },
  binShift: 8,
  ratePerSecond: 100_000,
  durationS: 6,
  warmUpS: 1,
  seed: 1,
  tickNs: 1000,
  lookaheadTicks: 1000,
  initial: { name: 'balanced' },
  migrations: [
    { atS: 2, to: { name: 'imbalanced' } },
    { atS: 4, to: { name: 'explicit', owners: [0, 1] } },
  ],
  strategy: { name: 'batched', binsPerStep: 4, gapMs: 0 },
  handoff: 'copy',
  preTouch: 'all',
  verify: false,
  repeat: 1,
};

export const provenance: Provenance = {
  commit: '0123456789012345678901234567890123456789',
  dirty: false,
  code: '0123456789abcdef',
  startedAt: '2026-01-02T03:04:05.678Z',
  node: 'v24.0.0',
  kernel: 'Linux 6.1',
  cpu: 'A processor',
  cores: 2,
  memoryBytes: 8e9,
};

const latencies = { p50Ns: 1, p90Ns: 2, p99Ns: 3, p999Ns: 4, p9999Ns: 5, maxNs: 6, records: 7 };

export const results: RunResults = {
  timeline: [
    { epoch: 0, startS: 0, records: 5, p25Ns: 1, p50Ns: 2, p99Ns: 3, p999Ns: 4, maxNs: 5 },
    { epoch: 2, startS: 0.5, records: 1, p25Ns: 1, p50Ns: 1, p99Ns: 1, p999Ns: 1, maxNs: 1 },
  ],
  ccdf: [{ latencyNs: 1, fractionAbove: 1e-7, records: 10_000_000 }],
  migrations: [{ migration: 0, step: 0, timeTicks: 7, issuedS: 2.000001, completedS: 2.5, bins: 4, bytes: 1e10 }],
  memory: [{ timeS: 0.5, rssBytes: 1e9, stateBytes: 2, queuedBytes: 3, minorFaults: 4, majorFaults: 5 }],
  scheduler: [],
  summary: {
    offeredRecords: 600_000,
    sentRecords: 600_000,
    completedRecords: 600_000,
    valid: true,
    loadedRecords: 0,
    loadS: 0,
    steady: latencies,
    total: latencies,
    clampedRecords: 0,
    migrations: [
      { migration: 0, startS: 2, endS: 2.5, durationMs: 500, maxNs: 9, steps: 1, bins: 4, bytes: 1e10, maxStepMs: 500 },
    ],
    digest: { records: 3, sum: '0123456789abcdef' },
    stolenShare: 0,
    rssPeakBytes: 1e9,
    minorFaults: 1,
    majorFaults: 0,
  },
  histograms: (write) => {
    write('#first\n');
    write('#second\n');
  },
};
