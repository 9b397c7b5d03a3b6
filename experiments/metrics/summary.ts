/**
 * The totals of a run, computed from what was recorded. Latencies are kept per epoch, so every selection by time is one
 * of whole epochs: an epoch counts only if all of it lies in the selected time.
 */
import type { MemoryRow, MigrationRow, SchedulerRow } from '../results/rows.ts';
import type {
  ClockOffset,
  LatencyFloor,
  LatencySummary,
  MigrationSummary,
  OtherThreads,
  RunSummary,
} from '../results/run-summary.ts';
import type { DigestValue } from './digest.ts';
import type { EpochCounts } from './epoch-histograms.ts';
import { HdrConverter } from './hdr.ts';
import type { SparseCounts } from './log-linear-histogram.ts';
import { type MergedEpochs, sumCounts } from './merge-epochs.ts';
import { type Disturbance, disturbances, overlaps, undisturbed } from './recovery.ts';

/** Less than this share of the offered records sent in time makes a run's latencies meaningless. */
const VALID_SHARE = 0.995;

/** Percentiles of a summary. */
const SUMMARY_PERCENTILES = [50, 90, 99, 99.9, 99.99];

/** All that was measured in a run. */
export interface RunMeasurements {
  /** Length of the schedule. */
  readonly durationS: number;
  /** Time at either end of the schedule that is left out. */
  readonly warmUpS: number;
  /** Latencies of all workers. */
  readonly epochs: MergedEpochs;
  /** Record latencies of all workers, where they were measured. */
  readonly recordEpochs?: MergedEpochs;
  /** Records that the schedule asked for. */
  readonly offeredRecords: number;
  /** Records that left a source before the schedule's end (plus one epoch). */
  readonly sentRecords: number;
  /** Records loaded before the clock started. */
  readonly loadedRecords: number;
  /** How long loading took. */
  readonly loadS: number;
  /** All steps of all migrations, in any order. */
  readonly steps: readonly MigrationRow[];
  /** Memory samples of the measured part, in the order of time. */
  readonly memory: readonly MemoryRow[];
  /** What the scheduler did to each worker, per epoch. */
  readonly scheduler: readonly SchedulerRow[];
  /** Processors of the machine. */
  readonly cores: number;
  /** Digest of all outputs of all workers. */
  readonly digest: DigestValue;
  /** The latencies of the machine itself, where they were measured. */
  readonly floor?: LatencyFloor;
  /** What other threads of the process took, where it is known. */
  readonly others?: OtherThreads;
  /** How the clocks of the processes compare, where there are several. */
  readonly clocks?: readonly ClockOffset[];
  /** Whether the digest equals the oracle's; absent when it was not verified. */
  readonly verified?: boolean;
  /** Whether somebody watched it while it went on. */
  readonly watched?: boolean;
}

/** The content of summary.json. */
export function summarize(run: RunMeasurements): RunSummary {
  const { durationS, epochs } = run;
  const measured = measuredEpochs(epochs, durationS, run.warmUpS);
  const steps = stepsByMigration(run.steps);
  const disturbed = disturbances({ ...epochs, measured, durationS }, steps.map(spanOf));
  const steady = undisturbed(measured, disturbed, epochs.epochNs);
  const total = sumCounts(measured);
  const first = run.memory[0];
  const last = run.memory.at(-1);
  return {
    offeredRecords: run.offeredRecords,
    sentRecords: run.sentRecords,
    completedRecords: run.epochs.epochs.reduce((records, counts) => records + counts.records, 0),
    valid: run.sentRecords >= VALID_SHARE * run.offeredRecords,
    loadedRecords: run.loadedRecords,
    loadS: run.loadS,
    ...(run.floor === undefined ? {} : { floor: run.floor }),
    steady: latencySummary(sumCounts(steady)),
    total: latencySummary(total),
    ...(run.recordEpochs === undefined ? {} : recordSummaries(run.recordEpochs, run, steady)),
    clampedRecords: total.clamped,
    migrations: steps.map((own, index) => migrationSummary(own, disturbed[index]!, epochs)),
    digest: run.digest,
    ...(run.verified === undefined ? {} : { verified: run.verified }),
    ...(run.watched === true && { watched: true }),
    rssPeakBytes: run.memory.reduce((peak, { rssBytes }) => Math.max(peak, rssBytes), 0),
    minorFaults: (last?.minorFaults ?? 0) - (first?.minorFaults ?? 0),
    majorFaults: (last?.majorFaults ?? 0) - (first?.majorFaults ?? 0),
    stolenShare: stolenShare(run),
    ...(run.others === undefined ? {} : { others: run.others }),
    ...(run.clocks === undefined ? {} : { clocks: [...run.clocks] }),
  };
}

/**
 * The epochs that lie outside of the warm-up at both ends of a schedule of `durationS`; ccdf.csv is made of their sum.
 */
export function measuredEpochs(epochs: MergedEpochs, durationS: number, warmUpS: number): EpochCounts[] {
  const endOfScheduleNs = Math.round(durationS * 1e9);
  const fromNs = Math.round(warmUpS * 1e9);
  const toNs = Math.round((durationS - warmUpS) * 1e9);
  return epochs.epochs.filter(({ epoch }) => {
    const startNs = epoch * epochs.epochNs;
    // The schedule may end within an epoch.
    const endNs = Math.min(startNs + epochs.epochNs, endOfScheduleNs);
    return startNs >= fromNs && endNs <= toNs;
  });
}

/** The record latencies of the same epochs that the frontier latencies are totalled over. */
function recordSummaries(
  recordEpochs: MergedEpochs,
  { durationS, warmUpS }: RunMeasurements,
  steady: readonly EpochCounts[],
): Pick<Required<RunSummary>, 'steadyRecord' | 'totalRecord'> {
  const measured = measuredEpochs(recordEpochs, durationS, warmUpS);
  const steadyEpochs = new Set(steady.map(({ epoch }) => epoch));
  return {
    steadyRecord: latencySummary(sumCounts(measured.filter(({ epoch }) => steadyEpochs.has(epoch)))),
    totalRecord: latencySummary(sumCounts(measured)),
  };
}

/** Share of the time of all processors that a hypervisor gave to other machines. */
function stolenShare({ scheduler, cores, epochs }: RunMeasurements): number {
  // Each row has the steal of the whole machine: those of one worker have all of it.
  const rows = scheduler.filter(({ worker }) => worker === scheduler[0]!.worker);
  const stolenMs = rows.reduce((sum, { stealMs }) => sum + stealMs, 0);
  return rows.length === 0 ? 0 : Math.min(1, stolenMs / ((rows.length * epochs.epochNs * cores) / 1e6));
}

/** The steps of each migration, by the migrations' indexes; one without a step does not appear. */
function stepsByMigration(steps: readonly MigrationRow[]): MigrationRow[][] {
  const indexes = [...new Set(steps.map(({ migration }) => migration))].sort((a, b) => a - b);
  return indexes.map((index) => steps.filter(({ migration }) => migration === index));
}

function spanOf(steps: readonly MigrationRow[]): Pick<Disturbance, 'startS' | 'endS'> {
  return {
    startS: Math.min(...steps.map(({ issuedS }) => issuedS)),
    endS: Math.max(...steps.map(({ completedS }) => completedS)),
  };
}

function migrationSummary(
  steps: readonly MigrationRow[],
  disturbance: Disturbance,
  { epochs, epochNs }: MergedEpochs,
): MigrationSummary {
  const { startS, endS, recoveredS } = disturbance;
  const touched = epochs.filter((counts) => overlaps(counts, disturbance, epochNs));
  return {
    migration: steps[0]!.migration,
    startS,
    endS,
    durationMs: (endS - startS) * 1000,
    ...(recoveredS === null ? {} : { recoveredS, recoveryMs: (recoveredS - startS) * 1000 }),
    maxNs: touched.reduce((max, { maxNs }) => Math.max(max, maxNs), 0),
    steps: steps.length,
    bins: steps.reduce((sum, { bins }) => sum + bins, 0),
    bytes: steps.reduce((sum, { bytes }) => sum + bytes, 0),
    maxStepMs: steps.reduce((max, { issuedS, completedS }) => Math.max(max, (completedS - issuedS) * 1000), 0),
  };
}

function latencySummary(counts: SparseCounts): LatencySummary {
  const converter = new HdrConverter();
  try {
    const [p50Ns, p90Ns, p99Ns, p999Ns, p9999Ns] = converter.percentilesNs(counts, SUMMARY_PERCENTILES);
    return {
      p50Ns: p50Ns!,
      p90Ns: p90Ns!,
      p99Ns: p99Ns!,
      p999Ns: p999Ns!,
      p9999Ns: p9999Ns!,
      maxNs: counts.maxNs,
      records: counts.records,
    };
  } finally {
    converter.close();
  }
}
