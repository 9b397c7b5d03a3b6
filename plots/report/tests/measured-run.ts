/** FIXTURE: runs with invented latencies, of which the harness's own code makes every file. Nothing in them was measured. */
import assert from 'node:assert/strict';
import { type EpochCounts, EPOCH_NS, type Epochs } from '../../../experiments/metrics/epoch-histograms.ts';
import { writeHistogramLog } from '../../../experiments/metrics/hdr.ts';
import { ccdfRows, timelineRows } from '../../../experiments/metrics/latency-rows.ts';
import { LogLinearHistogram } from '../../../experiments/metrics/log-linear-histogram.ts';
import { sumCounts } from '../../../experiments/metrics/merge-epochs.ts';
import { measuredEpochs, summarize } from '../../../experiments/metrics/summary.ts';
import type { RunSpec } from '../../../experiments/config/run-spec.ts';
import { beginRun, publishRun } from '../../../experiments/results/run-attempt.ts';
import { runDirectory } from '../../../experiments/results/run-folders.ts';
import { type Run, readRun } from '../../../experiments/results/run-reader.ts';
import { writeResults } from '../../../experiments/results/run-writer.ts';
import { fixtureRun, fixtureSpec, fixtureStrategy } from '../../tests/fixture-runs.ts';

/** A run with what was recorded. */
export interface MeasuredRun {
  /** As read from its files. */
  readonly run: Run;
  /** The histograms of its epochs. */
  readonly epochs: Epochs;
}

/** The default run: two migrations within 12 s. */
export const measuredSpec: RunSpec = {
  ...fixtureSpec,
  experiment: 'invented',
  title: 'FIXTURE: invented latencies, & <marks>',
  durationS: 12,
  warmUpS: 1,
  ratePerSecond: 4000,
  migrations: [
    { atS: 4, to: { name: 'imbalanced' } },
    { atS: 8, to: { name: 'balanced' } },
  ],
  expect: { p99Ns: 3e6, maxNs: 50e6 },
};

/** Specs of three strategies. */
export const strategies = (['all-at-once', 'fluid', 'optimized'] as const).map((name): RunSpec => ({
  ...measuredSpec,
  strategy: fixtureStrategy(name),
}));

/** Writes a run below `results`. Latencies depend on its strategy and repeat, and on `factor`. */
export function writeMeasuredRun(results: string, spec: RunSpec, factor = 1): MeasuredRun {
  const sample = fixtureRun({ spec, migrationS: 0.3 });
  const epochs = inventedEpochs(spec, factor);
  const scheduler = epochs.epochs.flatMap(({ epoch }) =>
    [0, 1].map((worker) => ({
      epoch,
      worker,
      onCpuNs: 1e8,
      runQueueWaitNs: epoch % 7 === 0 ? 4e7 : 1e6,
      stealMs: epoch % 11 === 0 ? 30 : 0,
    })),
  );
  const measured = sumCounts(measuredEpochs(epochs, spec.durationS, spec.warmUpS));
  const summary = summarize({
    durationS: spec.durationS,
    warmUpS: spec.warmUpS,
    epochs,
    offeredRecords: 48_000,
    sentRecords: 48_000,
    loadedRecords: 0,
    loadS: 0,
    steps: sample.migrations,
    memory: sample.memory,
    scheduler,
    cores: 2,
    digest: { records: 1, sum: '0123456789abcdef' },
  });
  const directory = runDirectory(results, spec);
  const attempt = beginRun(directory, spec, sample.provenance);
  writeResults(attempt, {
    ...sample,
    summary,
    scheduler,
    timeline: timelineRows(epochs),
    ccdf: ccdfRows(measured),
    collections: [{ worker: 0, kind: 1, startS: 3, pauseMs: 2.5 }],
    histograms: (write) => writeHistogramLog(epochs, 1.7e12, write),
  });
  publishRun(attempt, directory, assert.fail);
  return { run: readRun(directory), epochs };
}

function inventedEpochs({ durationS, ratePerSecond, migrations, strategy, repeat }: RunSpec, factor: number): Epochs {
  const histogram = new LogLinearHistogram();
  const height = { 'all-at-once': 100, fluid: 4, batched: 6, optimized: 8 }[strategy.name] * factor;
  let state = repeat * 7919;
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const count = (durationS * 1e9) / EPOCH_NS;
  const epochs = Array.from({ length: count }, (_, epoch): EpochCounts => {
    const startS = (epoch * EPOCH_NS) / 1e9;
    const isMigrating = migrations.some(({ atS }) => startS >= atS && startS < atS + 0.5);
    for (let record = 0; record < (ratePerSecond * EPOCH_NS) / 1e9; record++) {
      const base = 20_000 * factor * (1 + random()) * (random() < 0.02 ? 60 * (0.5 + random() / 2) : 1);
      histogram.record(base + (isMigrating ? random() * height * 1e6 : 0));
    }
    return { epoch, ...histogram.drain() };
  });
  return { epochNs: EPOCH_NS, epochs };
}
