/**
 * The process of one run: receives a RunSpec, runs it on worker threads, samples the process meanwhile, and writes the
 * result files.
 */
import { cpus } from 'node:os';
import { FIRST_TICK } from 'megaphone-engine';
import { launch, LaunchError } from 'megaphone-engine/runtime';
import { workloads } from '../../workloads/index.ts';
import { peersOf } from '../config/owners.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { Digest, type DigestValue, sameDigest } from '../metrics/digest.ts';
import { EPOCH_NS } from '../metrics/epoch-histograms.ts';
import { floorSeconds, type MachineFloor, measureFloor } from '../metrics/floor.ts';
import { writeHistogramLog } from '../metrics/hdr.ts';
import { ccdfRows, timelineRows } from '../metrics/latency-rows.ts';
import { type MergedEpochs, mergeEpochs, sumCounts } from '../metrics/merge-epochs.ts';
import { nearMigrations } from '../metrics/migration-epochs.ts';
import { ProcessSampler } from '../metrics/process-sampler.ts';
import { measuredEpochs, summarize } from '../metrics/summary.ts';
import type { RunPhase } from '../report/phases.ts';
import type { MemoryRow, MigrationRow, SchedulerRow } from '../results/rows.ts';
import type { OtherThreads } from '../results/run-summary.ts';
import { writeResults } from '../results/run-writer.ts';
import { STATS, workloadInput, type WorkerResult } from './dataflow.ts';
import type { ChildMessage, RunMessage } from './messages.ts';

/** Time between two samples of memory. */
const SAMPLE_MS = 50;

/** Samples of memory per epoch; at its end the scheduler's accounts are read too. */
const SAMPLES_PER_EPOCH = EPOCH_NS / 1e6 / SAMPLE_MS;

/** What the main thread sees while the workers run. */
class Observation {
  readonly memory: MemoryRow[] = [];
  readonly scheduler: SchedulerRow[] = [];
  /** Wall-clock time of the start barrier. */
  startedAtMs = 0;
  loadS = 0;
  /** What the threads beside the workers took. */
  others: OtherThreads = { processorMs: 0, slices: 0 };
  readonly #spec: RunSpec;
  readonly #sampler = new ProcessSampler((message) => process.stderr.write(`${message}\n`));
  #stats: readonly Float64Array[] = [];
  #timer: NodeJS.Timeout | undefined;
  #builtMs = 0;
  #startMs = 0;
  #samples = 0;

  constructor(spec: RunSpec) {
    this.#spec = spec;
  }

  built(threadIds: readonly (number | null)[], stats: readonly Float64Array[]): void {
    this.#stats = stats;
    this.#builtMs = performance.now();
    threadIds.forEach((id, worker) => this.#sampler.watch(worker, id ?? undefined));
    this.#timer = setInterval(() => progress('load', this.#builtMs, 0), EPOCH_NS / 1e6);
  }

  started(startMs: number): void {
    clearInterval(this.#timer);
    this.loadS = (startMs - this.#builtMs) / 1e3;
    this.#startMs = startMs;
    this.startedAtMs = Date.now() - (performance.now() - startMs);
    this.#sampler.start();
    this.#sampleMemory();
    this.#scheduleSample();
  }

  stop(): void {
    const { onCpuNs, slices } = this.#sampler.others();
    this.others = { processorMs: onCpuNs / 1e6, slices };
    clearTimeout(this.#timer);
    clearInterval(this.#timer);
    this.#sampler.close();
  }

  /** Samples memory, and at the ends of epochs the scheduler, without drifting. */
  #scheduleSample(): void {
    const dueMs = this.#startMs + (this.#samples + 1) * SAMPLE_MS;
    this.#timer = setTimeout(
      () => {
        this.#samples += 1;
        this.#sampleMemory();
        if (this.#samples % SAMPLES_PER_EPOCH === 0) {
          this.scheduler.push(...this.#sampler.schedulerRows(this.#samples / SAMPLES_PER_EPOCH - 1));
          progress('run', this.#startMs, this.#spec.durationS);
        }
        this.#scheduleSample();
      },
      Math.max(0, dueMs - performance.now()),
    );
  }

  #sampleMemory(): void {
    const sum = (index: number): number => this.#stats.reduce((total, stats) => total + stats[index]!, 0);
    const timeS = (this.#samples * SAMPLE_MS) / 1e3;
    this.memory.push(this.#sampler.memoryRow(timeS, sum(STATS.stateBytes), sum(STATS.queuedBytes)));
  }
}

function send(message: ChildMessage): void {
  process.send!(message);
}

/** Sends and hangs up: an open channel would keep the process alive. */
function sendLast(message: ChildMessage): void {
  process.send!(message, () => process.disconnect());
}

function progress(phase: RunPhase, sinceMs: number, totalS: number): void {
  send({ type: 'progress', phase, elapsedS: (performance.now() - sinceMs) / 1e3, totalS });
}

async function run({ spec, directory }: RunMessage, signal: AbortSignal): Promise<DigestValue> {
  const observation = new Observation(spec);
  let results: WorkerResult[];
  let floor: MachineFloor;
  try {
    floor = await measureFloor(peersOf(spec), floorSeconds(spec.durationS));
    results = await launch<WorkerResult>({
      module: new URL('./dataflow.ts', import.meta.url),
      program: 'runWorkload',
      args: spec,
      peers: peersOf(spec),
      tickNs: spec.tickNs,
      signal,
      onBuilt: (threadIds, stats) => observation.built(threadIds, stats),
      onStarted: (startMs) => observation.started(startMs),
    }).results;
  } finally {
    observation.stop();
  }
  const digest = new Digest();
  for (const result of results) digest.merge(result.digest);
  if (spec.verify) verify(spec, digest.value());
  progress('write', performance.now(), 0);
  write(spec, directory, observation, results, { digest: digest.value(), floor });
  return digest.value();
}

/** Recomputes the outputs with the oracle. */
function verify(spec: RunSpec, found: DigestValue): void {
  progress('verify', performance.now(), 0);
  const expected = new Digest();
  workloads[spec.workload.name]!.oracle(workloadInput(spec), (columns) => expected.addRow(columns));
  if (!sameDigest(found, expected.value())) {
    throw new Error(
      `the outputs differ from the oracle's: digest ${found.sum}/${found.records}, expected ${expected.toString()}`,
    );
  }
}

/** The record latencies of all workers, which every record of the schedule must have; undefined when the run does not ask for them. */
function mergedRecordEpochs(spec: RunSpec, results: readonly WorkerResult[]): MergedEpochs | undefined {
  if (spec.recordLatency !== true) return undefined;
  const merged = mergeEpochs(results.flatMap(({ recordEpochs }) => recordEpochs ?? []));
  const records = merged.epochs.reduce((sum, counts) => sum + counts.records, 0);
  const expected = workloadInput(spec).schedule.total;
  if (records !== expected) {
    throw new Error(`${records} records have a record latency, expected all ${expected} of the schedule`);
  }
  return merged;
}

function write(
  spec: RunSpec,
  directory: string,
  observation: Observation,
  results: readonly WorkerResult[],
  { digest, floor }: { readonly digest: DigestValue; readonly floor: MachineFloor },
): void {
  const input = workloadInput(spec);
  const epochs = mergeEpochs(results.map((result) => result.epochs));
  const recordEpochs = mergedRecordEpochs(spec, results);
  const migrations = migrationRows(spec, results);
  const { memory, scheduler, loadS, startedAtMs } = observation;
  const summary = summarize({
    durationS: spec.durationS,
    warmUpS: spec.warmUpS,
    epochs,
    ...(recordEpochs !== undefined && { recordEpochs }),
    offeredRecords: input.schedule.total,
    sentRecords: results.reduce((sent, result) => sent + result.sentInTime, 0),
    loadedRecords: workloads[spec.workload.name]!.description.loadedRecords(input),
    loadS,
    steps: migrations,
    memory,
    scheduler,
    // Stolen time is the whole machine's, not only of the processors that this process may use.
    cores: cpus().length,
    digest,
    floor,
    others: observation.others,
    ...(spec.verify && { verified: true }),
  });
  const fine = results.flatMap((result) => result.epochs.fine ?? []);
  writeResults(directory, {
    timeline: timelineRows(epochs),
    ...(fine.length > 0 && {
      migrationTimeline: timelineRows(nearMigrations(mergeEpochs(fine), summary.migrations)),
    }),
    ccdf: ccdfRows(sumCounts(measuredEpochs(epochs, spec.durationS, spec.warmUpS))),
    ...(recordEpochs !== undefined && {
      recordTimeline: timelineRows(recordEpochs),
      recordCcdf: ccdfRows(sumCounts(measuredEpochs(recordEpochs, spec.durationS, spec.warmUpS))),
    }),
    migrations,
    memory,
    scheduler,
    collections: results.flatMap((result) => result.collections),
    summary,
    histograms: (out) => writeHistogramLog(epochs, startedAtMs, out),
  });
}

/** One row per step: what the controller saw, and what all workers sent away. */
function migrationRows(spec: RunSpec, results: readonly WorkerResult[]): MigrationRow[] {
  const bytes = new Map<number, number>();
  for (const { time, bytes: sent } of results.flatMap((result) => result.departures)) {
    bytes.set(time, (bytes.get(time) ?? 0) + sent);
  }
  const seconds = (tick: number): number => ((tick - FIRST_TICK) * spec.tickNs) / 1e9;
  return results[0]!.steps.map((step) => ({
    migration: step.migration,
    step: step.step,
    timeTicks: step.time - FIRST_TICK,
    issuedS: seconds(step.issued),
    completedS: seconds(step.completed!),
    bins: step.bins,
    bytes: bytes.get(step.time) ?? 0,
  }));
}

const abort = new AbortController();
process.on('SIGINT', () => abort.abort());
process.once('message', (message) => {
  run(message as RunMessage, abort.signal).then(
    (digest) => sendLast({ type: 'done', digest }),
    (error: unknown) => {
      if (error instanceof LaunchError && error.aborted) {
        process.exit(130);
      }
      const { message: text, stack } = error instanceof Error ? error : new Error(String(error));
      sendLast({ type: 'failed', message: text, stack: stack ?? text });
    },
  );
});
