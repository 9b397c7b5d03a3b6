/**
 * Frontier latency (paper section 5): a record is complete when the output frontier over all workers has passed its
 * intended time; its latency runs from the intended time, which the schedule alone decides.
 *
 * All records that a rise of the frontier completes share its time, so their latencies fall in the order of the records:
 * those of one bucket stand side by side and are counted together.
 */
import { CLOSED, FIRST_TICK, type Probe, type Schedule } from 'megaphone-engine';
import { bucketIndex, BUCKETS_PER_WIDTH, bucketWidth, MAX_TRACKABLE_NS } from './bucket-layout.ts';
import { EpochHistograms, type WorkerEpochs } from './epoch-histograms.ts';
import { IntendedTimes } from './intended-times.ts';
import type { LogLinearHistogram } from './log-linear-histogram.ts';

/** A schedule at a fixed rate: record n is intended at n / rate. */
export interface FixedRateSchedule extends Schedule {
  /** Records per second of all workers, an integer. */
  readonly ratePerSecond: number;
}

/** Below it lie the integers that the processor adds as such. */
const INTEGERS = 2 ** 31;

/** The latencies of one worker's records: those with n = worker mod peers. */
export class FrontierLatency {
  readonly #schedule: FixedRateSchedule;
  readonly #probe: Pick<Probe, 'frontier'>;
  readonly #peers: number;
  readonly #epochs: EpochHistograms;
  readonly #nowMs: () => number;
  /** Intended time of record #next. */
  readonly #times: IntendedTimes;
  #next: number;
  #epochEndNs = 0;
  #frontier = 0;
  #startMs = 0;

  /** Watches `probe`; `nowMs` is the clock that `start` is given a time of. */
  constructor(
    schedule: FixedRateSchedule,
    probe: Pick<Probe, 'frontier'>,
    worker: number,
    peers: number,
    nowMs: () => number = () => performance.now(),
    epochs = new EpochHistograms(),
  ) {
    this.#schedule = schedule;
    this.#probe = probe;
    this.#peers = peers;
    this.#next = worker;
    this.#nowMs = nowMs;
    this.#epochs = epochs;
    this.#times = new IntendedTimes(schedule.ratePerSecond, worker, peers);
  }

  /** Sets the time of the start barrier. */
  start(startMs: number): void {
    this.#startMs = startMs;
  }

  /** Records the latencies of all records that the frontier has passed since the last call. */
  update(): void {
    const frontier = this.#probe.frontier();
    if (frontier === this.#frontier) return;
    this.#frontier = frontier;
    const schedule = this.#schedule;
    // The records of ticks before the frontier are complete.
    const complete = frontier === CLOSED ? schedule.total : schedule.dueAt(frontier - FIRST_TICK - 1);
    if (this.#next >= complete) return;
    const count = Math.ceil((complete - this.#next) / this.#peers);
    this.#next += count * this.#peers;
    this.#record(count, (this.#nowMs() - this.#startMs) * 1e6);
  }

  /** All that was recorded. */
  finish(): WorkerEpochs {
    return this.#epochs.finish();
  }

  /**
   * Records the latencies of the next `records` records, complete at `nowNs`: in turn of those whose buckets have one
   * width, within one epoch.
   */
  #record(records: number, nowNs: number): void {
    const times = this.#times;
    for (let left = records; left > 0;) {
      const firstNs = times.ns;
      const latencyNs = nowNs - firstNs;
      if (firstNs >= this.#epochEndNs) this.#epochEndNs = this.#epochs.endNs(firstNs);
      const lastNs = Math.min(lastOfWidthNs(nowNs, latencyNs), this.#epochEndNs - 1);
      const count = left === 1 ? 1 : Math.min(left, times.countUntil(lastNs));
      const histogram = this.#epochs.at(firstNs);
      if (count === 1) {
        histogram.record(latencyNs);
        times.next();
      } else if (latencyNs >= 0 && latencyNs <= MAX_TRACKABLE_NS) {
        histogram.extremes(latencyNs, this.#count(histogram, nowNs, count));
      } else {
        times.skip(count - 1);
        histogram.record(latencyNs, count, nowNs - times.ns);
        times.next();
      }
      left -= count;
    }
  }

  /**
   * Counts the latencies at `nowNs` of the next `records` records, in whose buckets of one width they fall, by records
   * or by buckets, whichever are fewer. Returns the last and smallest.
   */
  #count(histogram: LogLinearHistogram, nowNs: number, records: number): number {
    const times = this.#times;
    const wholeNowNs = Math.floor(nowNs);
    const latencyNs = wholeNowNs - times.ns;
    const widthNs = bucketWidth(latencyNs);
    const { ratePerSecond, strideNs } = times;
    if (widthNs <= strideNs && latencyNs < INTEGERS && ratePerSecond < INTEGERS / 2) {
      // Integers of 32 bits, and no branch that the processor could guess wrong.
      const rate = ratePerSecond | 0;
      const strideRest = times.strideRest | 0;
      let rest = times.rest | 0;
      let latency = latencyNs | 0;
      for (let i = 0; i < records; i++) {
        histogram.count(bucketIndex(latency), 1);
        rest = (rest + strideRest) | 0;
        const carry = (rate - 1 - rest) >> 31;
        rest = (rest - (rate & carry)) | 0;
        latency = (latency - strideNs + carry) | 0;
      }
    } else {
      // `until` is times.countWithin(...) of the end of the bucket, without a multiplication.
      const widthUnits = widthNs * ratePerSecond;
      let units = ((latencyNs % widthNs) + 1) * ratePerSecond - times.rest;
      let bucket = bucketIndex(latencyNs);
      let counted = 0;
      for (let until = Math.ceil(units / times.strideUnits); until < records;) {
        histogram.count(bucket, until - counted);
        counted = until;
        bucket -= 1;
        units += widthUnits;
        until = Math.ceil(units / times.strideUnits);
      }
      histogram.count(bucket, records - counted);
    }
    times.skip(records - 1);
    const smallestNs = nowNs - times.ns;
    times.next();
    return smallestNs;
  }
}

/** The latest intended time whose latency at `nowNs` falls in a bucket of the same width as that of `latencyNs`. */
function lastOfWidthNs(nowNs: number, latencyNs: number): number {
  // All negative latencies count as 0, and all beyond the range in the last bucket.
  if (latencyNs < 0) return Infinity;
  if (latencyNs > MAX_TRACKABLE_NS) return Math.ceil(nowNs - MAX_TRACKABLE_NS) - 1;
  const widthNs = bucketWidth(latencyNs);
  return Math.floor(nowNs) - (widthNs === 1 ? 0 : widthNs * BUCKETS_PER_WIDTH);
}
