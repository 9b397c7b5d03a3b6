/** Samples memory and scheduling of one process while its workers run. */
import { existsSync } from 'node:fs';
import type { RunSpec } from '../config/run-spec.ts';
import { EPOCH_NS } from '../metrics/epoch-histograms.ts';
import { LiveListener } from '../metrics/live-records.ts';
import { allocateRing } from '../metrics/live-ring.ts';
import type { LiveShare } from '../metrics/live-sample.ts';
import { ProcessSampler } from '../metrics/process-sampler.ts';
import type { RunPhase } from '../report/phases.ts';
import type { MemoryRow, SchedulerRow } from '../results/rows.ts';
import type { ClockOffset, OtherThreads } from '../results/run-summary.ts';
import { STATS } from './dataflow.ts';

/** Time between two samples of memory. */
const SAMPLE_MS = 50;

/** Samples of memory per epoch; at its end the scheduler's accounts are read too. */
const SAMPLES_PER_EPOCH = EPOCH_NS / 1e6 / SAMPLE_MS;

/** Whoever watches is told what the workers tell once per second. */
const SAMPLES_PER_SHARE = 1e3 / SAMPLE_MS;

/**
 * Told how far a run is: the phase, the seconds since it began, how long it will take (0 when that is not known), and what the workers of this
 * process have told of themselves, where they do.
 */
export type ProgressListener = (phase: RunPhase, elapsedS: number, totalS: number, share?: LiveShare) => void;

/** What was observed in one process. */
export interface Observed {
  /** Memory samples, every 50 ms from the start of the clock on. */
  readonly memory: readonly MemoryRow[];
  /** What the scheduler did to each worker, per epoch. */
  readonly scheduler: readonly SchedulerRow[];
  /** Wall-clock time of the start barrier. */
  readonly startedAtMs: number;
  /** How long loading took. */
  readonly loadS: number;
  /** What the threads beside the workers took. */
  readonly others: OtherThreads;
  /** How the clock on the wall of this process compares with that of process 0; absent in a run of one process. */
  readonly clock?: Omit<ClockOffset, 'process'>;
}

/** What the main thread of a process sees while its workers run. */
export class Observation {
  readonly memory: MemoryRow[] = [];
  readonly scheduler: SchedulerRow[] = [];
  /** Wall-clock time of the start barrier. */
  startedAtMs = 0;
  loadS = 0;
  /** What the threads beside the workers took. */
  others: OtherThreads = { processorMs: 0, slices: 0 };
  #clock: Observed['clock'];
  readonly #spec: RunSpec;
  readonly #firstWorker: number;
  readonly #onProgress: ProgressListener;
  /** Memory in which each worker of this process tells of itself; none where nobody can watch. */
  readonly rings: readonly SharedArrayBuffer[];
  readonly #watchedFile: string | undefined;
  /** By worker; none as long as nobody watches. */
  #listeners: readonly LiveListener[] = [];
  readonly #sampler = new ProcessSampler((message) => process.stderr.write(`${message}\n`));
  #stats: readonly Float64Array[] = [];
  #timer: NodeJS.Timeout | undefined;
  #builtMs = 0;
  #startMs = 0;
  #samples = 0;

  /**
   * An observation of the process whose first worker is `firstWorker`.
   *
   * @param watchedFile - from when on this file exists the workers tell of themselves; undefined when nobody can watch
   */
  constructor(spec: RunSpec, firstWorker: number, watchedFile: string | undefined, onProgress: ProgressListener) {
    this.rings = watchedFile === undefined ? [] : Array.from({ length: spec.topology.workers }, allocateRing);
    this.#watchedFile = watchedFile;
    this.#spec = spec;
    this.#firstWorker = firstWorker;
    this.#onProgress = onProgress;
  }

  /** What was observed, for another process. */
  get observed(): Observed {
    const { memory, scheduler, startedAtMs, loadS, others } = this;
    return { memory, scheduler, startedAtMs, loadS, others, ...(this.#clock && { clock: this.#clock }) };
  }

  /** All processes are connected. */
  connected(wallOffsetMs: number, roundTripMs: number): void {
    this.#clock = { aheadMs: -wallOffsetMs, roundTripMs };
  }

  /** All workers have built their graphs. */
  built(threadIds: readonly (number | null)[], stats: readonly Float64Array[]): void {
    this.#stats = stats;
    this.#builtMs = performance.now();
    threadIds.forEach((id, worker) => this.#sampler.watch(this.#firstWorker + worker, id ?? undefined));
    this.#timer = setInterval(
      () => this.#onProgress('load', (performance.now() - this.#builtMs) / 1e3, 0),
      EPOCH_NS / 1e6,
    );
  }

  /** The clock has started. */
  started(startMs: number): void {
    clearInterval(this.#timer);
    this.loadS = (startMs - this.#builtMs) / 1e3;
    this.#startMs = startMs;
    this.startedAtMs = Date.now() - (performance.now() - startMs);
    this.#sampler.start();
    this.#sampleMemory();
    this.#scheduleSample();
  }

  /** Ends the samples. */
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
          this.#lookForWatchers();
          const share = this.#samples % SAMPLES_PER_SHARE === 0 ? this.#share() : undefined;
          this.#onProgress('run', (performance.now() - this.#startMs) / 1e3, this.#spec.durationS, share);
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

  /** Lets the workers tell of themselves once somebody watches. */
  #lookForWatchers(): void {
    if (this.#listeners.length > 0 || this.#watchedFile === undefined || !existsSync(this.#watchedFile)) return;
    this.#listeners = this.rings.map((ring) => new LiveListener(ring));
  }

  /** What the workers have told since the last time, with the last sample of memory; undefined as long as nobody watches. */
  #share(): LiveShare | undefined {
    if (this.#listeners.length === 0) return undefined;
    const { rssBytes, stateBytes } = this.memory.at(-1)!;
    return { workers: this.#listeners.map((listener) => listener.news()), rssBytes, stateBytes };
  }
}
