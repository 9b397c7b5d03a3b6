/** The dataflow of a run on one worker: workload, control stream, latencies, digest. */
import { inspect, probe, type ColumnTypes, FIRST_TICK, type Scope } from 'megaphone-engine';
import { controlStream, type Departure, type Migratable } from 'megaphone-engine/migration';
import { type Configuration, Controller, planMigration, type Plan, type StepRecord } from 'megaphone-engine/planning';
import type { ProgramContext, ProgramHandle } from 'megaphone-engine/runtime';
import { type BuiltWorkload, type WorkloadInput, workloads } from '../../workloads/index.ts';
import { configurationsOf, peersOf, plannedStrategy } from '../config/owners.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { RateSchedule } from '../load/schedule.ts';
import { CollectionRecorder, type CollectionRow } from '../metrics/collections.ts';
import { Digest, type DigestValue } from '../metrics/digest.ts';
import { EPOCH_NS, type WorkerEpochs } from '../metrics/epoch-histograms.ts';
import { FrontierLatency } from '../metrics/frontier-latency.ts';

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
const STATS_INTERVAL_MS = 250;

/** What a worker brings home. */
export interface WorkerResult {
  /** Latencies of this worker's records. */
  readonly epochs: WorkerEpochs;
  /** Digest of this worker's outputs. */
  readonly digest: DigestValue;
  /** Records sent before the end of the schedule plus one epoch. */
  readonly sentInTime: number;
  /** Steps issued; on worker 0 only. */
  readonly steps: readonly StepRecord[];
  /** Garbage collections of this worker's heap since the start barrier. */
  readonly collections: readonly CollectionRow[];
  /** State that left this worker. */
  readonly departures: readonly Departure[];
}

/** What a run is measured by. A search for the highest rate, or what measuring costs, leaves one or both out. */
export interface Measures {
  /** Latencies of all records. */
  readonly latency: boolean;
  /** The digest of the outputs. */
  readonly digest: boolean;
}

/** What the worker threads are given: the run, and what is measured; everything by default. */
export type WorkerArguments = RunSpec & { readonly measures?: Measures };

/** The input of the workload that a run describes. */
export function workloadInput(spec: RunSpec): WorkloadInput & { readonly schedule: RateSchedule } {
  const configurations = configurationsOf(spec);
  const peers = peersOf(spec);
  return {
    schedule: new RateSchedule(spec.ratePerSecond, spec.durationS, spec.tickNs),
    ratePerSecond: spec.ratePerSecond,
    seed: spec.seed,
    domain: spec.workload.domain,
    parameters: spec.workload.parameters,
    tickNs: spec.tickNs,
    capacityBins: Math.max(...Array.from({ length: peers }, (_, worker) => mostHosted(configurations, worker))),
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
  const workload = workloads[spec.workload.name]!;
  const migrations = plannedMigrations(spec);
  let controller: Controller | null = null;
  let built: BuiltWorkload | null = null;
  if (spec.workload.variant === 'native') {
    built = workload.native(scope, input);
  } else {
    const script = migrations.map(({ plan }, i) => ({
      at: FIRST_TICK + Math.round((spec.migrations[i]!.atS * 1e9) / spec.tickNs),
      plan,
    }));
    const control = controlStream(scope, {
      binShift: spec.binShift,
      initial: configurationsOf(spec)[0]!,
      lookaheadTicks: spec.lookaheadTicks,
      driver: () => {
        controller = new Controller(script, () => built!.migratables.at(-1)!.probe, FIRST_TICK + schedule.endTick);
        return controller;
      },
    });
    built = workload.megaphone(scope, input, control);
  }
  const { results, source, migratables } = built;
  const digest = new Digest();
  const digested = (): typeof results => inspect(results, (batch) => digest.addRows(batch.list, batch.length));
  const done = probe(measures.digest ? digested() : results);
  const latency = new FrontierLatency(schedule, done, scope.worker, scope.peers);
  const collections = new CollectionRecorder(scope.worker);
  const sendingEndsMs = spec.durationS * 1e3 + EPOCH_NS / 1e6;
  let reserved = false;
  let startMs = 0;
  let nextStatsMs = 0;
  let sentInTime = 0;

  const showStats = (): void => {
    stats[STATS.sent] = source.sent;
    stats[STATS.stateBytes] = migratables.reduce((bytes, operator) => bytes + operator.stateBytes(), 0);
    stats[STATS.queuedBytes] = scope.queuedBytes();
  };

  return {
    ready() {
      if (!source.loaded || done.lessThan(FIRST_TICK)) return false;
      if (!reserved) {
        reserved = true;
        const reserves = memoryToReserve(spec, migrations, scope.worker);
        for (const operator of migratables) reserve(operator, reserves, spec, scope.worker);
        showStats();
      }
      return true;
    },
    started(atMs) {
      startMs = atMs;
      latency.start(atMs);
      collections.poll(0);
    },
    afterStep() {
      if (measures.latency) latency.update();
      const elapsedMs = performance.now() - startMs;
      if (elapsedMs <= sendingEndsMs) sentInTime = source.sent;
      if (elapsedMs < nextStatsMs) return;
      nextStatsMs = elapsedMs + STATS_INTERVAL_MS;
      collections.poll(elapsedMs / 1e3);
      showStats();
    },
    result() {
      if (measures.latency) latency.update();
      showStats();
      return {
        epochs: latency.finish(),
        digest: digest.value(),
        sentInTime,
        steps: controller?.log ?? [],
        collections: collections.finish(),
        departures: migratables.flatMap((operator) => operator.departures),
      };
    },
  };
}

/** A migration with the configuration before it. */
interface PlannedMigration {
  readonly before: Configuration;
  readonly plan: Plan;
}

function plannedMigrations(spec: RunSpec): PlannedMigration[] {
  const configurations = configurationsOf(spec);
  const strategy = plannedStrategy(spec.strategy, spec.tickNs);
  return spec.migrations.map((_, i) => {
    const before = configurations[i]!;
    return { before, plan: planMigration(before, configurations[i + 1]!, strategy) };
  });
}

/** Most bins that a worker hosts while it goes through the configurations: those that arrive may precede those that leave. */
function mostHosted(configurations: readonly Configuration[], worker: number): number {
  let most = 0;
  configurations.forEach((configuration, i) => {
    const before = configurations[i - 1] ?? configuration;
    let hosted = 0;
    configuration.forEach((owner, bin) => {
      if (owner === worker || before[bin] === worker) hosted += 1;
    });
    most = Math.max(most, hosted);
  });
  return most;
}

/** What a worker touches before the clock starts. */
interface Reserves {
  /** Bins that it may host besides its initial ones. */
  readonly arriving: number;
  /** By destination: most bins that one step sends there. */
  readonly departing: readonly number[];
}

function memoryToReserve(spec: RunSpec, migrations: readonly PlannedMigration[], worker: number): Reserves {
  const configurations = configurationsOf(spec);
  const initial = configurations[0]!.reduce((bins, owner) => bins + (owner === worker ? 1 : 0), 0);
  const departing = new Array<number>(peersOf(spec)).fill(0);
  for (const { plan } of migrations) {
    for (const step of plan.steps) {
      const counts = new Array<number>(departing.length).fill(0);
      for (const { source, target } of step) if (source === worker) counts[target]! += 1;
      counts.forEach((count, to) => (departing[to] = Math.max(departing[to]!, count)));
    }
  }
  return { arriving: mostHosted(configurations, worker) - initial, departing };
}

/** Touches the memory of bins that will arrive, and of the queues that bins will wait in. */
function reserve(operator: Migratable<ColumnTypes>, reserves: Reserves, spec: RunSpec, worker: number): void {
  const initial = configurationsOf(spec)[0]!;
  const hosted = initial.reduce((bins, owner) => bins + (owner === worker ? 1 : 0), 0);
  const bytesPerBin = hosted === 0 ? 0 : operator.stateBytes() / hosted;
  operator.reserve(
    reserves.arriving,
    reserves.departing.map((bins) => bins * bytesPerBin),
  );
}
