/**
 * What a worker tells of itself while it runs and somebody watches, as records of a ring: how far it is, the epochs that it closed, migration
 * steps, and state that left it. It is written where the worker shows its statistics, some twenty times per second, from what it records
 * anyway; whoever begins to watch in the middle of a run is told all since its start.
 */
import type { Departure } from 'megaphone-engine/migration';
import type { StepRecord } from 'megaphone-engine/planning';
import { EPOCH_NS, type EpochCounts, type EpochHistograms } from './epoch-histograms.ts';
import { RingReader, RingWriter } from './live-ring.ts';
import { LogLinearHistogram } from './log-linear-histogram.ts';

/** Kinds of records: the first word of each. */
const KIND = { place: 0, epoch: 1, step: 2, departure: 3 } as const;

/**
 * 2^JOINED neighbouring buckets are told as one, so that the short epochs around migrations, of which each has hundreds of buckets, fit the ring.
 * What is told is then up to 1.6 % too high.
 */
const JOINED = 4;

/** Words of the record of an epoch besides its buckets, its length among them. */
const EPOCH_WORDS = 6;

/** How far a worker is. */
export interface WorkerPlace {
  /** When it said so, in milliseconds since the start barrier. */
  readonly elapsedMs: number;
  /** Records of the schedule that it has sent. */
  readonly sent: number;
  /** The output frontier over all workers, a timestamp. */
  readonly frontier: number;
  /** All that it recorded of intended times before this one, in nanoseconds, has been told. */
  readonly toldNs: number;
}

/** The latencies that a worker recorded in an epoch. */
export interface EpochPart {
  /** Length of the epoch in nanoseconds: long, or short around migrations. */
  readonly epochNs: number;
  /** Index of the epoch: it starts at `epoch * epochNs`. */
  readonly epoch: number;
  /** Smallest latency of the epoch in nanoseconds. */
  readonly minNs: number;
  /** Largest latency of the epoch in nanoseconds. */
  readonly maxNs: number;
  /** Indexes of buckets (see bucket-layout.ts), ascending: of those told as one the last, or that of the maximum. */
  readonly indexes: ArrayLike<number>;
  /** Records per bucket, in the order of `indexes`. */
  readonly counts: ArrayLike<number>;
}

/** A step of a migration; `completed` is null until it is. */
export type LiveStep = Readonly<StepRecord>;

/** State that left a worker. */
export type LiveDeparture = Pick<Departure, 'time' | 'bytes'>;

/** What a worker has told since it was read the last time. */
export interface WorkerNews {
  /** Where it is; undefined when it said nothing. */
  readonly place: WorkerPlace | undefined;
  /** Epochs that it closed; the long ones in order, and the short ones in order. */
  readonly epochs: readonly EpochPart[];
  /** Steps that were issued or completed; of worker 0 only. */
  readonly steps: readonly LiveStep[];
  /** State that left it. */
  readonly departures: readonly LiveDeparture[];
}

/** What a worker records anyway, and tells. */
export interface Recorded {
  /** Its latencies. */
  readonly epochs: EpochHistograms;
  /** The controller's log; empty where there is none. */
  readonly steps: readonly StepRecord[];
  /** By operator, state that left this worker. */
  readonly departures: readonly (readonly Departure[])[];
}

/** Tells what one worker has recorded. What finds no room in the ring is told the next time. */
export class LiveReporter {
  readonly #ring: RingWriter;
  readonly #recorded: () => Recorded;
  #epochs = 0;
  #fine = 0;
  #toldNs = 0;
  #issued = 0;
  #completed = 0;
  readonly #departures: number[] = [];

  /** Tells through the ring in `memory`. */
  constructor(memory: SharedArrayBuffer, recorded: () => Recorded) {
    this.#ring = new RingWriter(memory);
    this.#recorded = recorded;
  }

  /**
   * Tells where the worker is, and what is new, once somebody listens. Costs a few stores, and as many per bucket of an epoch that was closed.
   */
  report({ elapsedMs, sent, frontier }: Omit<WorkerPlace, 'toldNs'>): void {
    if (!this.#ring.isRead) return;
    const { epochs, steps, departures } = this.#recorded();
    this.#tell(KIND.place, elapsedMs, sent, frontier, this.#toldNs);
    if (!this.#tellEpochs(epochs)) return;
    this.#toldNs = epochs.openFromNs;
    if (!this.#tellSteps(steps)) return;
    for (let operator = 0; operator < departures.length; operator++) {
      if (!this.#tellDepartures(operator, departures[operator]!)) return;
    }
  }

  /** Each of these returns whether there was room for all. */
  #tellEpochs({ closed, closedFine, epochNs, fineEpochNs }: EpochHistograms): boolean {
    for (; this.#epochs < closed.length; this.#epochs++) {
      if (!this.#tellEpoch(closed[this.#epochs]!, epochNs)) return false;
    }
    for (; this.#fine < closedFine.length; this.#fine++) {
      if (!this.#tellEpoch(closedFine[this.#fine]!, fineEpochNs)) return false;
    }
    return true;
  }

  #tellSteps(steps: readonly StepRecord[]): boolean {
    for (; this.#issued < steps.length; this.#issued++) {
      if (!this.#tellStep(steps[this.#issued]!, -1)) return false;
    }
    for (; this.#completed < steps.length; this.#completed++) {
      const step = steps[this.#completed]!;
      if (step.completed === null) return true;
      if (!this.#tellStep(step, step.completed)) return false;
    }
    return true;
  }

  #tellDepartures(operator: number, departures: readonly Departure[]): boolean {
    for (let told = this.#departures[operator] ?? 0; told < departures.length; told++) {
      const { time, bytes } = departures[told]!;
      if (!this.#tell(KIND.departure, time, bytes)) return false;
      this.#departures[operator] = told + 1;
    }
    return true;
  }

  #tellEpoch({ epoch, minNs, maxNs, indexes, counts }: EpochCounts, epochNs: number): boolean {
    let groups = 0;
    for (let i = 0; i < indexes.length; i++) {
      if (i === 0 || indexes[i]! >> JOINED !== indexes[i - 1]! >> JOINED) groups += 1;
    }
    if (!this.#ring.begin(EPOCH_WORDS + 2 * groups)) return false;
    this.#ring.put(KIND.epoch);
    this.#ring.put(epochNs);
    this.#ring.put(epoch);
    this.#ring.put(minNs);
    this.#ring.put(maxNs);
    for (let i = 0, count = 0; i < indexes.length; i++) {
      const index = indexes[i]!;
      const isLast = i === indexes.length - 1;
      count += counts[i]!;
      if (!isLast && indexes[i + 1]! >> JOINED === index >> JOINED) continue;
      this.#ring.put(isLast ? index : index | (2 ** JOINED - 1));
      this.#ring.put(count);
      count = 0;
    }
    this.#ring.commit();
    return true;
  }

  #tellStep({ migration, step, time, issued, bins }: StepRecord, completed: number): boolean {
    return this.#tell(KIND.step, migration, step, time, issued, completed, bins);
  }

  #tell(...words: readonly number[]): boolean {
    if (!this.#ring.begin(1 + words.length)) return false;
    for (const word of words) this.#ring.put(word);
    this.#ring.commit();
    return true;
  }
}

/** Hears what one worker tells. */
export class LiveListener {
  readonly #ring: RingReader;
  /** Epochs that are heard one after the other, as far as they belong to one of 250 ms. */
  readonly #sum = new LogLinearHistogram();

  /** Hears through the ring in `memory`, from now on. */
  constructor(memory: SharedArrayBuffer) {
    this.#ring = new RingReader(memory);
  }

  /** What was told since the last call. */
  news(): WorkerNews {
    let place: WorkerPlace | undefined;
    const epochs: EpochPart[] = [];
    const steps: LiveStep[] = [];
    const departures: LiveDeparture[] = [];
    let epoch = 0;
    const endEpoch = (): void => {
      if (!this.#sum.empty) epochs.push({ epochNs: EPOCH_NS, epoch, ...this.#sum.drain() });
    };
    // By index: taking the words apart as a list would iterate over them, some hundred times between two calls.
    this.#ring.read((words) => {
      switch (words[0]) {
        case KIND.place:
          place = { elapsedMs: words[1]!, sent: words[2]!, frontier: words[3]!, toldNs: words[4]! };
          return;
        case KIND.departure:
          departures.push({ time: words[1]!, bytes: words[2]! });
          return;
        case KIND.step:
          steps.push(stepOf(words));
          return;
      }
      const heard = Math.floor((words[1]! * words[2]!) / EPOCH_NS);
      if (heard !== epoch) endEpoch();
      epoch = heard;
      this.#sum.extremes(words[4]!, words[3]!);
      for (let i = EPOCH_WORDS - 1; i < words.length; i += 2) this.#sum.count(words[i]!, words[i + 1]!);
    });
    endEpoch();
    return { place, epochs, steps, departures };
  }
}

function stepOf(words: Float64Array): LiveStep {
  const completed = words[5]! < 0 ? null : words[5]!;
  return { migration: words[1]!, step: words[2]!, time: words[3]!, issued: words[4]!, completed, bins: words[6]! };
}
