/**
 * A run as it goes on: what its processes have told, put together once per second for whoever watches. The latencies are those of
 * the timeline: an epoch is shown when no worker has records of it to tell any more. Percentiles are up to 1.6 % too high (see live-records.ts).
 */
import { CLOSED, FIRST_TICK } from 'megaphone-engine';
import { bucketCeiling } from './bucket-layout.ts';
import { EPOCH_NS } from './epoch-histograms.ts';
import type { FixedRateSchedule } from './frontier-latency.ts';
import type { EpochPart, LiveStep, WorkerNews, WorkerPlace } from './live-records.ts';
import { LogLinearHistogram, type SparseCounts } from './log-linear-histogram.ts';

/** What one process tells of itself. */
export interface LiveShare {
  /** News of its workers, in their order. */
  readonly workers: readonly WorkerNews[];
  /** Its resident set. */
  readonly rssBytes: number;
  /** Bytes of state that it hosts. */
  readonly stateBytes: number;
}

/** Latencies of an epoch of 250 ms. */
export interface LiveEpoch {
  /** Its index: it starts at `epoch` times 250 ms. */
  readonly epoch: number;
  /** Records of it. */
  readonly records: number;
  /** Their median in nanoseconds. */
  readonly p50Ns: number;
  /** Their 99th percentile in nanoseconds. */
  readonly p99Ns: number;
  /** Their maximum in nanoseconds. */
  readonly maxNs: number;
}

/** Steps of a migration that follow each other. */
export interface LiveBand {
  /** Migration, from 1. */
  readonly migration: number;
  /** The first of its steps, from 1. */
  readonly first: number;
  /** The last of its steps, from 1. */
  readonly last: number;
  /** Steps of the migration. */
  readonly of: number;
  /** Seconds since the start at which the first was issued. */
  readonly fromS: number;
  /** Seconds since the start at which the last was completed; null when it was not. */
  readonly toS: number | null;
  /** Bins that they move. */
  readonly bins: number;
  /** Bytes that have left workers for them. */
  readonly bytes: number;
}

/** What a run shows of itself at one moment. */
export interface LiveSample {
  /** Records that the schedule asks for, since the start. */
  readonly offeredRecords: number;
  /** Records sent since the start. */
  readonly sentRecords: number;
  /** Records that the output frontier has passed. */
  readonly completedRecords: number;
  /** Records per second that were offered since the last sample. */
  readonly offeredPerSecond: number;
  /** Records per second that were sent since the last sample. */
  readonly sentPerSecond: number;
  /** How long the oldest record has waited that is due and not complete, in seconds. */
  readonly behindS: number;
  /** Resident set of the processes. */
  readonly rssBytes: number;
  /** State that they host. */
  readonly stateBytes: number;
  /** Epochs that are over since the last sample. */
  readonly epochs: readonly LiveEpoch[];
  /** The last four epochs that are over as one; without records before the first. */
  readonly lastSecond: Omit<LiveEpoch, 'epoch'>;
  /** Steps that are complete, and were not in a sample before. */
  readonly bands: readonly LiveBand[];
  /** The steps that are under way, or were shortly before; null where there are none. */
  readonly moving: LiveBand | null;
  /** Steps of all migrations that are complete. */
  readonly stepsDone: number;
  /** Steps of all migrations. */
  readonly stepsTotal: number;
  /** Processes that samples are made of: where they are on other hosts, only the first tells anything. */
  readonly processes: number;
  /** Processes of the run. */
  readonly processesTotal: number;
}

/** What of a run decides how it is shown. */
export interface LiveRun {
  /** Its schedule. */
  readonly schedule: FixedRateSchedule & { readonly tickNs: number };
  /** Steps of each of its migrations. */
  readonly steps: readonly number[];
  /** Its processes that tell of their workers. */
  readonly processes: number;
  /** All of its processes. */
  readonly processesTotal: number;
}

/** Epochs of a second. */
const SECOND_EPOCHS = 4;

/** A place is taken as that of the present when it is not older. */
const FRESH_MS = 150;

/** A worker that said nothing for this long, of another process too, is taken as one that sends nothing. */
const SILENT_MS = 2500;

/** After this time all workers have told what left them for a step that is complete. */
const SETTLED_MS = 1500;

/** Puts together what the processes of a run tell. */
export class LiveRecorder {
  readonly #run: LiveRun;
  readonly #scratch = new LogLinearHistogram();
  /** By process. */
  readonly #shares: (LiveShare | undefined)[] = [];
  /** By process and worker: where it is, and where it was at the last sample. */
  readonly #places: (WorkerPlace | undefined)[][] = [];
  readonly #sampled: (WorkerPlace | undefined)[][] = [];
  /** By process and worker: records per second that it sent between the two. */
  readonly #rates: number[][] = [];
  /** Parts of the epochs that are not over, by epoch of 250 ms. */
  readonly #parts = new Map<number, EpochPart[]>();
  readonly #lastSecond: SparseCounts[] = [];
  /** Steps that no band has yet, in order. */
  #steps: LiveStep[] = [];
  #stepsDone = 0;
  /** Bytes by the time of their step. */
  readonly #bytes = new Map<number, number>();
  #seenMs = 0;
  #offered = 0;

  /** Before the first news. */
  constructor(run: LiveRun) {
    this.#run = run;
  }

  /** Takes in what a process tells. */
  add(process: number, share: LiveShare): void {
    this.#shares[process] = share;
    const places = (this.#places[process] ??= []);
    for (const [worker, { place, epochs, steps, departures }] of share.workers.entries()) {
      if (place !== undefined || places.length <= worker) places[worker] = place;
      for (const part of epochs) this.#addPart(part);
      for (const step of steps) this.#addStep(step);
      for (const { time, bytes } of departures) this.#bytes.set(time, (this.#bytes.get(time) ?? 0) + bytes);
    }
  }

  /** The run at `elapsedMs` since the start, with what is new since the last sample. */
  sample(elapsedMs: number): LiveSample {
    const { schedule, steps, processes, processesTotal } = this.#run;
    const places = this.#places.flat().filter((place) => place !== undefined);
    const latest = places.reduce<WorkerPlace | undefined>(
      (best, place) => (best === undefined || place.elapsedMs > best.elapsedMs ? place : best),
      undefined,
    );
    const frontier = latest?.frontier ?? FIRST_TICK;
    // Worker and sampler look at different times: what is due is counted at that of the frontier, unless no worker has come by.
    const isFresh = latest !== undefined && elapsedMs - latest.elapsedMs <= FRESH_MS;
    const seenMs = Math.max(this.#seenMs, isFresh ? latest.elapsedMs : elapsedMs);
    const offeredRecords = schedule.dueAt(Math.floor((seenMs * 1e6) / schedule.tickNs));
    const completedRecords = frontier === CLOSED ? schedule.total : schedule.dueAt(frontier - FIRST_TICK - 1);
    const completeMs = ((frontier - FIRST_TICK) * schedule.tickNs) / 1e6;
    const offeredPerSecond = perSecond(offeredRecords - this.#offered, seenMs - this.#seenMs);
    this.#seenMs = seenMs;
    this.#offered = offeredRecords;
    const shares = this.#shares.filter((share) => share !== undefined);
    const epochs = this.#closeEpochs();
    const bands = this.#settledBands(seenMs);
    return {
      offeredRecords,
      sentRecords: places.reduce((sum, { sent }) => sum + sent, 0),
      completedRecords,
      offeredPerSecond,
      sentPerSecond: this.#sentPerSecond(elapsedMs),
      behindS: completedRecords >= offeredRecords ? 0 : Math.max(0, seenMs - completeMs) / 1e3,
      rssBytes: shares.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
      stateBytes: shares.reduce((sum, { stateBytes }) => sum + stateBytes, 0),
      epochs,
      lastSecond: this.#latencies(this.#lastSecond),
      bands,
      moving: this.#steps.length === 0 ? null : this.#band(this.#steps),
      stepsDone: this.#stepsDone,
      stepsTotal: steps.reduce((sum, count) => sum + count, 0),
      processes,
      processesTotal,
    };
  }

  #addPart(part: EpochPart): void {
    const epoch = Math.floor((part.epoch * part.epochNs) / EPOCH_NS);
    const parts = this.#parts.get(epoch);
    if (parts === undefined) this.#parts.set(epoch, [part]);
    else parts.push(part);
  }

  #addStep(step: LiveStep): void {
    if (step.completed === null) {
      this.#steps.push(step);
      return;
    }
    this.#stepsDone += 1;
    this.#steps[this.#steps.findLastIndex(({ time }) => time === step.time)] = step;
  }

  /** Records per second of all workers. One that said nothing since the last sample counts as before, unless that was long ago. */
  #sentPerSecond(nowMs: number): number {
    for (const [process, places] of this.#places.entries()) {
      const before = (this.#sampled[process] ??= []);
      const rates = (this.#rates[process] ??= []);
      for (const [worker, place] of places.entries()) {
        if (place === undefined) continue;
        const { sent, elapsedMs } = before[worker] ?? { sent: 0, elapsedMs: 0 };
        if (place.elapsedMs > elapsedMs) rates[worker] = perSecond(place.sent - sent, place.elapsedMs - elapsedMs);
        else if (nowMs - place.elapsedMs > SILENT_MS) rates[worker] = 0;
        before[worker] = place;
      }
    }
    return this.#rates.flat().reduce((sum, rate) => sum + rate, 0);
  }

  /** The latencies of the epochs of which no worker has anything to tell any more. */
  #closeEpochs(): LiveEpoch[] {
    // A process that has told nothing yet may have something to tell of every epoch.
    if (this.#shares.filter((share) => share !== undefined).length < this.#run.processes) return [];
    const toldNs = Math.min(...this.#places.flat().map((place) => place?.toldNs ?? 0));
    const over = [...this.#parts.keys()].filter((epoch) => (epoch + 1) * EPOCH_NS <= toldNs).sort((a, b) => a - b);
    return over.map((epoch) => {
      for (const { indexes, counts, minNs, maxNs } of this.#parts.get(epoch)!) {
        for (let i = 0; i < indexes.length; i++) this.#scratch.count(indexes[i]!, counts[i]!);
        this.#scratch.extremes(maxNs, minNs);
      }
      this.#parts.delete(epoch);
      const counts = this.#scratch.drain();
      this.#lastSecond.push(counts);
      if (this.#lastSecond.length > SECOND_EPOCHS) this.#lastSecond.shift();
      return { epoch, ...this.#latencies([counts]) };
    });
  }

  #latencies(parts: readonly SparseCounts[]): Omit<LiveEpoch, 'epoch'> {
    for (const part of parts) this.#scratch.add(part);
    const counts = this.#scratch.drain();
    const { records, maxNs } = counts;
    return { records, p50Ns: percentileNs(counts, 50), p99Ns: percentileNs(counts, 99), maxNs };
  }

  /** The steps of which everything is known, a band per migration. */
  #settledBands(nowMs: number): LiveBand[] {
    const isSettled = ({ completed }: LiveStep): boolean =>
      completed !== null && nowMs - this.#seconds(completed) * 1e3 >= SETTLED_MS;
    const open = this.#steps.findIndex((step) => !isSettled(step));
    const settled = this.#steps.splice(0, open < 0 ? this.#steps.length : open);
    const bands = [...Map.groupBy(settled, ({ migration }) => migration).values()].map((steps) => this.#band(steps));
    for (const { time } of settled) this.#bytes.delete(time);
    return bands;
  }

  #seconds(time: number): number {
    return ((time - FIRST_TICK) * this.#run.schedule.tickNs) / 1e9;
  }

  #band(steps: readonly LiveStep[]): LiveBand {
    const [first, last] = [steps[0]!, steps.at(-1)!];
    return {
      migration: first.migration + 1,
      first: first.step + 1,
      last: last.step + 1,
      of: this.#run.steps[first.migration] ?? last.step + 1,
      fromS: this.#seconds(first.issued),
      toS: last.completed === null ? null : this.#seconds(last.completed),
      bins: steps.reduce((sum, { bins }) => sum + bins, 0),
      bytes: steps.reduce((sum, { time }) => sum + (this.#bytes.get(time) ?? 0), 0),
    };
  }
}

function perSecond(count: number, elapsedMs: number): number {
  return elapsedMs > 0 ? (count * 1e3) / elapsedMs : 0;
}

/**
 * The latency that a share (in percent) of the records does not exceed, as HdrHistogram defines it; 0 without records. Its library would need
 * a call for each bucket, four times per second beside a run.
 */
function percentileNs({ indexes, counts, records, maxNs }: SparseCounts, percentile: number): number {
  const wanted = Math.max(1, Math.floor((percentile / 100) * records + 0.5));
  let upTo = 0;
  for (let i = 0; i < indexes.length; i++) {
    upTo += counts[i]!;
    if (upTo >= wanted) return Math.min(bucketCeiling(indexes[i]!), maxNs);
  }
  return 0;
}
