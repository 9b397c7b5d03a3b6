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

/** Latencies by epochs of one length. */
export interface Epochs {
  /** Length of an epoch in nanoseconds. */
  readonly epochNs: number;
  /** The epochs with at least one record, ascending. */
  readonly epochs: readonly EpochCounts[];
}

/** All that a worker recorded. Survives a structured clone, so that a thread can post it. */
export interface WorkerEpochs extends Epochs {
  /** The same records once more by shorter epochs, of the times that have some; absent when none have. */
  readonly fine?: Epochs;
}

/** Times whose epochs are shorter. */
export interface FineTimes {
  /** Length of a short epoch in nanoseconds; the other length is a multiple of it. */
  readonly epochNs: number;
  /** The times, each from the start of an epoch of the other length to the end of one. */
  readonly spans: readonly { readonly fromNs: number; readonly toNs: number }[];
}

/** The recorder of one worker. One thread calls it. */
export class EpochHistograms {
  /** Length of an epoch. */
  readonly epochNs: number;
  readonly #fine: FineTimes | undefined;
  readonly #current = new LogLinearHistogram();
  readonly #drained: EpochCounts[] = [];
  readonly #drainedFine: EpochCounts[] = [];
  /** Of the current epoch. */
  #lengthNs: number;
  #epoch = 0;
  #startNs = 0;
  #endNs: number;

  /** A recorder without records; `epochNs` is a positive number of nanoseconds. */
  constructor(epochNs = EPOCH_NS, fine?: FineTimes) {
    this.epochNs = epochNs;
    this.#fine = fine;
    this.#lengthNs = this.#lengthAt(0);
    this.#endNs = this.#lengthNs;
  }

  /** Length of a short epoch; that of the others where there are none. */
  get fineEpochNs(): number {
    return this.#fine?.epochNs ?? this.epochNs;
  }

  /** Start of the epoch that records go to at present, in nanoseconds of intended time: those before it are over. */
  get openFromNs(): number {
    return this.#startNs;
  }

  /** The epochs that are over, in order, until `finish`; without those that `closedFine` has. */
  get closed(): readonly EpochCounts[] {
    return this.#drained;
  }

  /** The short epochs that are over, in order, until `finish`. */
  get closedFine(): readonly EpochCounts[] {
    return this.#drainedFine;
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
    const lengthNs = this.#lengthAt(intendedNs);
    return (Math.floor(intendedNs / lengthNs) + 1) * lengthNs;
  }

  /** Returns all that was recorded and forgets it; the recorder may go on with the same or later epochs. */
  finish(): WorkerEpochs {
    this.#drain();
    const long = this.#drained.splice(0);
    if (this.#fine === undefined) return { epochNs: this.epochNs, epochs: long };
    const fine = { epochNs: this.#fine.epochNs, epochs: this.#drainedFine.splice(0) };
    const epochs = [...long, ...joined(fine, this.epochNs)].sort((a, b) => a.epoch - b.epoch);
    return { epochNs: this.epochNs, epochs, fine };
  }

  #lengthAt(intendedNs: number): number {
    const fine = this.#fine;
    const isFine = fine?.spans.some(({ fromNs, toNs }) => intendedNs >= fromNs && intendedNs < toNs) ?? false;
    return isFine ? fine!.epochNs : this.epochNs;
  }

  #advance(intendedNs: number): void {
    if (!(intendedNs >= this.#endNs)) {
      throw new MetricsError(
        `a record intended at ${intendedNs} ns completed after the epoch from ${this.#startNs} ns had begun; ` +
          `expected records of one worker to complete in the order of their epochs`,
      );
    }
    this.#drain();
    this.#lengthNs = this.#lengthAt(intendedNs);
    this.#epoch = Math.floor(intendedNs / this.#lengthNs);
    this.#startNs = this.#epoch * this.#lengthNs;
    this.#endNs = this.#startNs + this.#lengthNs;
  }

  #drain(): void {
    if (this.#current.empty) return;
    const drained = this.#lengthNs === this.epochNs ? this.#drained : this.#drainedFine;
    drained.push({ epoch: this.#epoch, ...this.#current.drain() });
  }
}

/** Short epochs joined to those of `epochNs`. */
function joined({ epochNs: fineNs, epochs }: Epochs, epochNs: number): EpochCounts[] {
  const perEpoch = epochNs / fineNs;
  const sum = new LogLinearHistogram();
  const all: EpochCounts[] = [];
  for (const [i, counts] of epochs.entries()) {
    sum.add(counts);
    const epoch = Math.floor(counts.epoch / perEpoch);
    const next = epochs[i + 1];
    if (next === undefined || Math.floor(next.epoch / perEpoch) > epoch) all.push({ epoch, ...sum.drain() });
  }
  return all;
}
