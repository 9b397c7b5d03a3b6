/**
 * What one worker measures: the latencies of its records, one histogram per epoch of their intended time.
 *
 * A worker completes records in the order of their intended times, so a single histogram suffices: at the first record
 * of a later epoch it is drained to the few hundred buckets that are not empty.
 */
import { LogLinearHistogram, type SparseCounts } from './log-linear-histogram.ts';
import { MetricsError } from './metrics-error.ts';

/** Length of an epoch in nanoseconds of intended time. */
export const EPOCH_NS = 250_000_000;

/** The latencies of the records of one epoch. */
export interface EpochCounts extends SparseCounts {
  /** Index of the epoch: it starts at `epoch * epochNs`. */
  readonly epoch: number;
}

/** All that a worker recorded. Survives a structured clone, so that a thread can post it. */
export interface WorkerEpochs {
  /** Length of an epoch in nanoseconds. */
  readonly epochNs: number;
  /** The epochs with at least one record, ascending. */
  readonly epochs: readonly EpochCounts[];
}

/** The recorder of one worker. One thread calls it. */
export class EpochHistograms {
  readonly #epochNs: number;
  readonly #current = new LogLinearHistogram();
  readonly #drained: EpochCounts[] = [];
  #epoch = 0;
  #startNs = 0;
  #endNs: number;

  /** A recorder without records; `epochNs` is a positive number of nanoseconds. */
  constructor(epochNs = EPOCH_NS) {
    this.#epochNs = epochNs;
    this.#endNs = epochNs;
  }

  /**
   * The histogram of the epoch that the intended time `intendedNs` (since the start barrier) lies in, to record in until
   * another time is asked for. Intended times may go back and forth within an epoch, but not to an earlier epoch.
   * Allocates only at a new epoch.
   *
   * @throws {MetricsError} when the intended time lies in an earlier epoch than a former one, or is NaN.
   */
  at(intendedNs: number): LogLinearHistogram {
    if (!(intendedNs >= this.#startNs && intendedNs < this.#endNs)) {
      this.#advance(intendedNs);
    }
    return this.#current;
  }

  /**
   * Counts `count` (1 or more) records of the intended time `intendedNs` whose latency is `latencyNs`.
   *
   * @throws {MetricsError} as `at`, and when the latency is NaN.
   */
  record(intendedNs: number, latencyNs: number, count = 1): void {
    this.at(intendedNs).record(latencyNs, count);
  }

  /** End of the epoch of an intended time, in nanoseconds since the start barrier: the first one of the next epoch. */
  endNs(intendedNs: number): number {
    return (Math.floor(intendedNs / this.#epochNs) + 1) * this.#epochNs;
  }

  /** Returns all that was recorded and forgets it; the recorder may go on with the same or later epochs. */
  finish(): WorkerEpochs {
    this.#drain();
    return { epochNs: this.#epochNs, epochs: this.#drained.splice(0) };
  }

  #advance(intendedNs: number): void {
    if (!(intendedNs >= this.#endNs)) {
      throw new MetricsError(
        `a record intended at ${intendedNs} ns completed after the epoch from ${this.#startNs} ns had begun; ` +
          `expected records of one worker to complete in the order of their epochs`,
      );
    }
    this.#drain();
    this.#epoch = Math.floor(intendedNs / this.#epochNs);
    this.#startNs = this.#epoch * this.#epochNs;
    this.#endNs = this.#startNs + this.#epochNs;
  }

  #drain(): void {
    if (!this.#current.empty) {
      this.#drained.push({ epoch: this.#epoch, ...this.#current.drain() });
    }
  }
}
