import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MigrationRow } from '../../results/rows.ts';
import { runSummarySchema } from '../../results/run-summary.ts';
import { EPOCH_NS, EpochHistograms } from '../epoch-histograms.ts';
import { mergeEpochs } from '../merge-epochs.ts';
import { measuredEpochs, type RunMeasurements, summarize } from '../summary.ts';

/** One record per epoch of `epochs` epochs; the latency of epoch e is `leastNs` + e. */
function numbered(epochs: number, leastNs = 0) {
  const recorder = new EpochHistograms();
  for (let epoch = 0; epoch < epochs; epoch++) {
    recorder.record(epoch * EPOCH_NS, leastNs + epoch);
  }
  return mergeEpochs([recorder.finish()]);
}

const step = (migration: number, index: number, issuedS: number, completedS: number): MigrationRow => ({
  migration,
  step: index,
  timeTicks: Math.round(issuedS * 1e6),
  issuedS,
  completedS,
  bins: 2,
  bytes: 100,
});

const run: RunMeasurements = {
  durationS: 10,
  warmUpS: 1,
  epochs: numbered(40),
  offeredRecords: 40,
  sentRecords: 40,
  loadedRecords: 7,
  loadS: 0.5,
  steps: [],
  memory: [],
  scheduler: [],
  cores: 2,
  digest: { records: 40, sum: '00000000000000ff' },
};

const epochsOf = (counts: readonly { epoch: number }[]) => counts.map(({ epoch }) => epoch);

describe('measuredEpochs', () => {
  it('leaves out both ends', () => {
    assert.deepEqual(epochsOf(measuredEpochs(numbered(12), 3, 1)), [4, 5, 6, 7]);
    assert.deepEqual(epochsOf(measuredEpochs(numbered(12), 3, 0)), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(epochsOf(measuredEpochs(numbered(12), 3, 2)), []);
  });

  it('leaves out epochs that are partly warm-up, and knows a schedule that ends within an epoch', () => {
    assert.deepEqual(epochsOf(measuredEpochs(numbered(8), 2, 0.3)), [2, 3, 4, 5]);
    assert.deepEqual(epochsOf(measuredEpochs(numbered(5), 1.1, 0)), [0, 1, 2, 3, 4]);
  });
});

describe('summarize', () => {
  it('has what results/README.md lists', () => {
    const summary = summarize({ ...run, verified: true });
    assert.deepEqual(runSummarySchema.parse(summary), summary);
    assert.equal(summary.verified, true);
    assert.ok(!('verified' in summarize(run)));
  });

  it('leaves the warm-up out of both totals', () => {
    const { steady, total, completedRecords } = summarize(run);
    assert.equal(completedRecords, 40);
    assert.deepEqual(steady, total);
    assert.deepEqual(total, { p50Ns: 19, p90Ns: 32, p99Ns: 35, p999Ns: 35, p9999Ns: 35, maxNs: 35, records: 32 });
  });

  it('totals record latencies over the epochs of the frontier latencies', () => {
    const steps = [step(0, 0, 4, 4.2)];
    const plain = summarize({ ...run, steps });
    const summary = summarize({ ...run, steps, recordEpochs: numbered(40, 100) });
    assert.deepEqual(runSummarySchema.parse(summary), summary);
    assert.ok(plain.steady.records < plain.total.records, 'the migration is no part of what is steady');
    assert.equal(summary.steadyRecord?.records, plain.steady.records);
    assert.deepEqual(
      [summary.totalRecord?.records, summary.totalRecord?.p50Ns, summary.totalRecord?.maxNs],
      [plain.total.records, plain.total.p50Ns + 100, plain.total.maxNs + 100],
    );
    assert.deepEqual([summary.steady, summary.total], [plain.steady, plain.total]);
  });

  it('is not steady until the backlog of a stall has drained', () => {
    // From 5 s to 6.5 s nothing completes, then twice the offered rate: the last record that waited is that of 8 s.
    const recorder = new EpochHistograms();
    for (let n = 0; n < 10_000; n++) {
      const intendedS = n / 1000;
      const isLate = intendedS >= 5 && intendedS < 8;
      recorder.record(intendedS * 1e9, isLate ? ((8 - intendedS) / 2) * 1e9 : 50_000);
    }
    const epochs = mergeEpochs([recorder.finish()]);
    const { steady, total, migrations } = summarize({ ...run, epochs, steps: [step(0, 0, 5, 6.5)] });
    const digits = (latencyNs: number) => Number((latencyNs / 1e6).toPrecision(2));
    assert.equal(digits(steady.p99Ns), 0.05);
    assert.equal(digits(steady.maxNs), 0.05);
    assert.equal(steady.records, 4750);
    assert.equal(total.records, 8000);
    const [migration] = migrations;
    assert.deepEqual(
      [migration?.durationMs, migration?.recoveredS, migration?.recoveryMs, digits(migration?.maxNs ?? 0)],
      [1500, 8, 3000, 1500],
    );
  });

  it('sums up the steps of a migration, in whatever order they come', () => {
    const steps = [step(0, 1, 5.3, 5.6), step(0, 0, 5.1, 5.3)];
    const { migrations } = summarize({ ...run, epochs: numbered(40, 100), steps });
    assert.equal(migrations.length, 1);
    const [migration] = migrations;
    assert.ok(migration);
    const { durationMs, recoveryMs, maxStepMs, ...exact } = migration;
    // All latencies are below twice the median, so it has recovered when it ends (epoch 22).
    const expected = {
      migration: 0,
      startS: 5.1,
      endS: 5.6,
      recoveredS: 5.6,
      maxNs: 122,
      steps: 2,
      bins: 4,
      bytes: 200,
    };
    assert.deepEqual(exact, expected);
    assert.deepEqual(
      [durationMs, recoveryMs, maxStepMs].map(Math.round as (ms: number | undefined) => number),
      [500, 500, 300],
    );
  });

  it('says which migrations moved something', () => {
    const { migrations } = summarize({ ...run, steps: [step(2, 0, 7, 7.05), step(1, 0, 3, 3.05)] });
    assert.deepEqual(
      migrations.map(({ migration, startS }) => [migration, startS]),
      [
        [1, 3],
        [2, 7],
      ],
    );
  });

  it('has no recovery where there was none before the next migration', () => {
    const steps = [step(1, 0, 3.5, 3.55), step(0, 0, 3, 3.05)];
    const { migrations, steady } = summarize({ ...run, epochs: numbered(40, 100), steps });
    assert.deepEqual(
      migrations.map(({ startS, recoveredS, maxNs }) => ({ startS, recoveredS, maxNs })),
      [
        { startS: 3, recoveredS: undefined, maxNs: 113 },
        { startS: 3.5, recoveredS: 3.55, maxNs: 114 },
      ],
    );
    assert.equal(steady.records, 32 - 4);
  });

  it('says how many latencies were too long to be told apart', () => {
    const recorder = new EpochHistograms();
    recorder.record(5 * EPOCH_NS, 1e13, 3);
    recorder.record(30 * EPOCH_NS, 1);
    assert.equal(summarize({ ...run, epochs: mergeEpochs([recorder.finish()]) }).clampedRecords, 3);
  });

  it('passes on what was measured beside the run', () => {
    const floor = { p50Ns: 1, p99Ns: 2, p999Ns: 3, maxNs: 4 };
    const others = { processorMs: 5, slices: 6 };
    const summary = summarize({ ...run, floor, others });
    assert.deepEqual([summary.floor, summary.others], [floor, others]);
    assert.deepEqual(runSummarySchema.parse(summary), summary);
  });

  it('is not valid when less than 99.5 % was sent in time', () => {
    assert.equal(summarize({ ...run, offeredRecords: 1000, sentRecords: 995 }).valid, true);
    assert.equal(summarize({ ...run, offeredRecords: 1000, sentRecords: 994 }).valid, false);
  });

  it('has zeros where it covers no record', () => {
    const { total } = summarize({ ...run, warmUpS: 6 });
    assert.deepEqual(total, { p50Ns: 0, p90Ns: 0, p99Ns: 0, p999Ns: 0, p9999Ns: 0, maxNs: 0, records: 0 });
  });

  it('has the share of processor time that was stolen, counted once for all workers', () => {
    const times = { onCpuNs: 0, runQueueWaitNs: 0 };
    const scheduler = [0, 1].flatMap((epoch) =>
      [0, 1].map((worker) => ({ ...times, epoch, worker, stealMs: epoch === 0 ? 100 : 50 })),
    );
    assert.equal(summarize(run).stolenShare, 0);
    assert.equal(summarize({ ...run, scheduler }).stolenShare, 150 / (2 * 250 * 2));
  });

  it('has the peak of memory and the faults of the measured part', () => {
    const sample = { timeS: 0, stateBytes: 0, queuedBytes: 0 };
    const { rssPeakBytes, minorFaults, majorFaults } = summarize({
      ...run,
      memory: [
        { ...sample, rssBytes: 100, minorFaults: 10, majorFaults: 1 },
        { ...sample, rssBytes: 300, minorFaults: 15, majorFaults: 1 },
        { ...sample, rssBytes: 200, minorFaults: 30, majorFaults: 3 },
      ],
    });
    assert.deepEqual(
      { rssPeakBytes, minorFaults, majorFaults },
      { rssPeakBytes: 300, minorFaults: 20, majorFaults: 2 },
    );
  });
});
