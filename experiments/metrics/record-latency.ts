/**
 * Record latency: from the intended time of a record, which the schedule alone decides, to the moment at which the record's own
 * result has left the last operator.
 *
 * The frontier latency of the same record also waits until the frontier of all workers has passed it. Results come in batches: the
 * clock is read once per batch, when the operator behind the last one takes it, so no result counts as there before it could be used.
 *
 * Results of several epochs come in any order. The histogram of an epoch stays open until the frontier has passed its end.
 */
import { FIRST_TICK, type Probe } from 'megaphone-engine';
import { EPOCH_NS, type EpochCounts, type WorkerEpochs } from './epoch-histograms.ts';
import type { FixedRateSchedule } from './frontier-latency.ts';
import { LogLinearHistogram } from './log-linear-histogram.ts';

/** Nanoseconds of a second. */
const NS_PER_S = 1e9;

/** What is observed: a batch of results whose last column has the numbers of their records. */
export interface NumberedBatch {
  /** The batch's time. */
  readonly time: number;
  /** Number of results. */
  readonly length: number;
  /** Columns; the last one holds the record's number n. */
  readonly list: readonly ArrayLike<number>[];
}

/** The latencies of the records whose results one worker makes. One thread uses it. */
export class RecordLatency {
  readonly #schedule: FixedRateSchedule & { readonly tickNs: number };
  readonly #probe: Pick<Probe, 'frontier'>;
  readonly #nowMs: () => number;
  readonly #epochNs: number;
  readonly #open = new Map<number, LogLinearHistogram>();
  readonly #unused: LogLinearHistogram[] = [];
  readonly #closed: EpochCounts[] = [];
  #startMs = 0;
  /** End of the earliest open epoch. */
  #firstEndNs = Infinity;

  /** `probe` observes the results; `nowMs` is the clock that `start` is given a time of. */
  constructor(
    schedule: FixedRateSchedule & { readonly tickNs: number },
    probe: Pick<Probe, 'frontier'>,
    nowMs: () => number = () => performance.now(),
    epochNs = EPOCH_NS,
  ) {
    this.#schedule = schedule;
    this.#probe = probe;
    this.#nowMs = nowMs;
    this.#epochNs = epochNs;
  }

  /** Sets the time of the start barrier. */
  start(startMs: number): void {
    this.#startMs = startMs;
  }

  /** Counts the records of a batch of results that has just left its operator; what was loaded has no latency. */
  observe({ time, length, list }: NumberedBatch): void {
    if (time < FIRST_TICK) return;
    const nowNs = (this.#nowMs() - this.#startMs) * 1e6;
    const numbers = list[list.length - 1]!;
    const rate = this.#schedule.ratePerSecond;
    let fromNs = 0;
    let toNs = 0;
    let histogram: LogLinearHistogram | undefined;
    for (let row = 0; row < length; row++) {
      const n = numbers[row]!;
      // Whole seconds first: the products stay small, so that the quotient is right to less than a nanosecond.
      const seconds = Math.floor(n / rate);
      const intendedNs = seconds * NS_PER_S + Math.floor(((n - seconds * rate) * NS_PER_S) / rate);
      if (histogram === undefined || intendedNs < fromNs || intendedNs >= toNs) {
        const epoch = Math.floor(intendedNs / this.#epochNs);
        fromNs = epoch * this.#epochNs;
        toNs = fromNs + this.#epochNs;
        histogram = this.#histogram(epoch);
      }
      histogram.record(nowNs - intendedNs);
    }
  }

  /** Closes the epochs that the frontier has passed. */
  update(): void {
    if (this.#firstEndNs === Infinity) return;
    const passedNs = (this.#probe.frontier() - FIRST_TICK) * this.#schedule.tickNs;
    if (passedNs >= this.#firstEndNs) this.#closeUntil(passedNs);
  }

  /** All that was recorded. */
  finish(): WorkerEpochs {
    this.#closeUntil(Infinity);
    return { epochNs: this.#epochNs, epochs: this.#closed.splice(0) };
  }

  #histogram(epoch: number): LogLinearHistogram {
    let histogram = this.#open.get(epoch);
    if (histogram === undefined) {
      histogram = this.#unused.pop() ?? new LogLinearHistogram();
      this.#open.set(epoch, histogram);
      this.#firstEndNs = Math.min(this.#firstEndNs, (epoch + 1) * this.#epochNs);
    }
    return histogram;
  }

  #closeUntil(endNs: number): void {
    this.#firstEndNs = Infinity;
    for (const [epoch, histogram] of [...this.#open].sort(([a], [b]) => a - b)) {
      const epochEndNs = (epoch + 1) * this.#epochNs;
      if (epochEndNs > endNs) {
        this.#firstEndNs = Math.min(this.#firstEndNs, epochEndNs);
        continue;
      }
      this.#closed.push({ epoch, ...histogram.drain() });
      this.#open.delete(epoch);
      this.#unused.push(histogram);
    }
  }
}
