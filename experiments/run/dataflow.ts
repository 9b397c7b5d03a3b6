/** The dataflow of a run on one worker: workload, control stream, latencies, digest. */
import { type Batch, FIRST_TICK, inspect, probe, type Scope } from 'megaphone-engine';
import { controlStream, type Departure } from 'megaphone-engine/migration';
import { Controller, type StepRecord } from 'megaphone-engine/planning';
import type { ProgramContext, ProgramHandle } from 'megaphone-engine/runtime';
import type { BuiltWorkload, WorkloadInput } from '../../workloads/index.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { workloadOf } from '../config/workload-of.ts';
import { RateSchedule } from '../load/schedule.ts';
import { COLLECTION_INTERVALS, CollectionRecorder } from '../metrics/collections.ts';
import { Digest, type DigestValue } from '../metrics/digest.ts';
import { EPOCH_NS, EpochHistograms, type WorkerEpochs } from '../metrics/epoch-histograms.ts';
import { FrontierLatency } from '../metrics/frontier-latency.ts';
import { LiveReporter } from '../metrics/live-records.ts';
import { fineTimes } from '../metrics/migration-epochs.ts';
import { RecordLatency } from '../metrics/record-latency.ts';
import type { CollectionRow } from '../results/rows.ts';
import { scriptedMigrations } from './scripted-migrations.ts';

/** What a worker shows while it runs: indexes of its statistics. */
export const STATS = {
  /** Records of the schedule sent. */
  sent: 0,
  /** Bytes of state hosted. */
  stateBytes: 1,
  /** Bytes that wait in send queues. */
  queuedBytes: 2,
} as const;

/** How often a worker refreshes what it shows. */
const STATS_INTERVAL_MS = 50;

/** What a worker brings home. */
export interface WorkerResult {
  /** Latencies of this worker's records. */
  readonly epochs: WorkerEpochs;
  /** Record latencies of the records whose results this worker has made, where the run asks for them. */
  readonly recordEpochs?: WorkerEpochs;
  /** Digest of this worker's outputs. */
  readonly digest: DigestValue;
  /** Records sent before the end of the schedule plus one epoch. */
  readonly sentInTime: number;
  /** Steps issued; on worker 0 only. */
  readonly steps: readonly StepRecord[];
  /** State that left this worker. */
  readonly departures: readonly Departure[];
  /** Garbage collections of this worker's heap since the start barrier. */
  readonly collections: readonly CollectionRow[];
}

/** What a run is measured by. A search for the highest rate, or what measuring costs, leaves one or both out. */
export interface Measures {
  /** Latencies of all records. */
  readonly latency: boolean;
  /** The digest of the outputs. */
  readonly digest: boolean;
}

/** What the worker threads are given: the run, what is measured (everything by default), and for each worker of the process a ring to tell of itself. */
export type WorkerArguments = RunSpec & { readonly measures?: Measures; readonly rings?: readonly SharedArrayBuffer[] };

/** The input of the workload that a run describes. */
export function workloadInput(spec: RunSpec): WorkloadInput & { readonly schedule: RateSchedule } {
  return {
    schedule: new RateSchedule(spec.ratePerSecond, spec.durationS, spec.tickNs),
    ratePerSecond: spec.ratePerSecond,
    seed: spec.seed,
    domain: spec.workload.domain,
    parameters: spec.workload.parameters,
    tickNs: spec.tickNs,
    ...(spec.recordLatency === true && { numbered: true }),
  };
}

/** The program of the worker threads. */
export function runWorkload(
  scope: Scope,
  spec: WorkerArguments,
  { stats }: ProgramContext,
): ProgramHandle<WorkerResult> {
  const measures = spec.measures ?? { latency: true, digest: true };
  const input = workloadInput(spec);
  const { schedule } = input;
  const { controller, built } = build(scope, spec, input);
  const { results, source, migratables } = built;
  const last = scope.probe();
  // Right behind the last operator, before the digest takes its time.
  const records = spec.recordLatency === true ? new RecordLatency(schedule, last) : undefined;
  const measured = records === undefined ? results : inspect(results, (batch) => records.observe(batch));
  const digest = new Digest();
  const addToDigest =
    records === undefined
      ? (batch: Batch) => digest.addRows(batch.list, batch.length)
      : // The number of a record is no part of its result.
        (batch: Batch) => digest.addRows(batch.list.slice(0, -1), batch.length);
  const done = probe(measures.digest ? inspect(measured, addToDigest) : measured, last);
  const epochs = new EpochHistograms(EPOCH_NS, fineTimes(spec.migrations.map(({ atS }) => atS)));
  const latency = new FrontierLatency(schedule, done, scope.worker, scope.peers, undefined, epochs);
  const collections = new CollectionRecorder(scope.worker);
  const sendingEndsMs = spec.durationS * 1e3 + EPOCH_NS / 1e6;
  const ring = spec.rings?.[scope.worker % spec.topology.workers];
  const reporter =
    ring &&
    new LiveReporter(ring, () => ({
      epochs,
      steps: controller?.log ?? [],
      departures: migratables.map((operator) => operator.departures),
    }));
  let startMs = 0;
  let nextStatsMs = 0;
  const collectionsMs = (spec.durationS * 1e3) / COLLECTION_INTERVALS;
  let nextCollectionsMs = collectionsMs;
  let sentInTime = 0;

  const showStats = (): void => {
    stats[STATS.sent] = source.sent;
    stats[STATS.stateBytes] = migratables.reduce((bytes, operator) => bytes + operator.stateBytes, 0);
    stats[STATS.queuedBytes] = scope.queuedBytes();
  };

  return {
    // The control stream holds the results back until the rehearsal is over.
    ready() {
      if (!source.loaded || done.lessThan(FIRST_TICK)) return false;
      // What building and loading have left would be collected in the middle of the run.
      globalThis.gc?.();
      // Before the barrier: the first sample of memory counts the state of all workers.
      showStats();
      return true;
    },
    started(atMs) {
      startMs = atMs;
      latency.start(atMs);
      records?.start(atMs);
      collections.poll(0);
    },
    afterStep() {
      if (measures.latency) latency.update();
      records?.update();
      const elapsedMs = performance.now() - startMs;
      if (elapsedMs <= sendingEndsMs) sentInTime = source.sent;
      if (elapsedMs < nextStatsMs) return;
      nextStatsMs = elapsedMs + STATS_INTERVAL_MS;
      showStats();
      reporter?.report({ elapsedMs, sent: source.sent, frontier: done.frontier() });
      if (elapsedMs < nextCollectionsMs) return;
      nextCollectionsMs = elapsedMs + collectionsMs;
      collections.poll(elapsedMs / 1e3);
    },
    result() {
      if (measures.latency) latency.update();
      showStats();
      return {
        epochs: latency.finish(),
        ...(records !== undefined && { recordEpochs: records.finish() }),
        digest: digest.value(),
        sentInTime,
        steps: controller?.log ?? [],
        departures: migratables.flatMap((operator) => operator.departures),
        collections: collections.finish(),
      };
    },
  };
}

/** The workload, with the controller of its migrations where it has any. */
function build(
  scope: Scope,
  spec: RunSpec,
  input: WorkloadInput & { readonly schedule: RateSchedule },
): { readonly controller: Controller | null; readonly built: BuiltWorkload } {
  const workload = workloadOf(spec.workload);
  if (spec.workload.variant === 'native') return { controller: null, built: workload.native(scope, input) };
  const { initial, script, rehearsal } = scriptedMigrations(spec);
  const last = scope.probe();
  const controller = new Controller({ script, rehearsal, probe: last, endTick: input.schedule.endTick });
  const control = controlStream(scope, {
    binShift: spec.binShift,
    initial,
    lookaheadTicks: spec.lookaheadTicks,
    handoff: spec.handoff,
    driver: () => controller,
  });
  const built = workload.megaphone(scope, input, control);
  const migratable = built.migratables.at(-1);
  if (migratable === undefined) {
    throw new Error(
      `${spec.workload.name} has no migratable operators; expected at least one of its megaphone variant`,
    );
  }
  probe(migratable.stream, last);
  return { controller, built };
}
