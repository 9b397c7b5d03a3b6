/**
 * What a page carries for its interactive panels: one block per experiment, of JSON and the bytes of histograms, compressed. The page
 * reads these types, too.
 */

/** Percentiles that tables and panels show beside the maximum. */
export const SHOWN_PERCENTILES = [50, 90, 99, 99.9, 99.99] as const;

/** A part of a run with a name: `all`, `steady`, `migration 1`. */
export interface PartData {
  /** Its name. */
  readonly name: string;
  /** Its epochs, as ranges of rows of the run's timeline: first, and one after the last. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  /** The latencies at `SHOWN_PERCENTILES` and the maximum, as the harness computes them; absent when it cannot without histograms. */
  readonly percentilesNs?: readonly number[];
  /** Records in it. */
  readonly records: number;
}

/** Steps of a migration that are drawn as one band: neighbours are joined where there are very many. */
export interface StepBand {
  /** Migration, from 1. */
  readonly migration: number;
  /** The first of its steps, from 1. */
  readonly first: number;
  /** The last of its steps, from 1. */
  readonly last: number;
  /** Steps of the migration. */
  readonly of: number;
  /** The first was issued. */
  readonly fromS: number;
  /** The last was completed. */
  readonly toS: number;
  /** Bins that they moved. */
  readonly bins: number;
  /** Bytes that they moved. */
  readonly bytes: number;
}

/** A latency that the config expects not to be exceeded. */
export interface TargetData {
  /** The key in the config: `p99`, `migrationMax`. */
  readonly name: string;
  /** The percentile of an epoch that is compared with it. */
  readonly line: LineName;
  /** The latency. */
  readonly limitNs: number;
}

/** A garbage collection. */
export type CollectionData = readonly [startS: number, pauseMs: number, isMajor: 0 | 1];

/** The lines of a timeline, from the top. */
export const LINES = ['max', 'p99.9', 'p99', 'p50'] as const;

/** A line of a timeline. */
export type LineName = (typeof LINES)[number];

/** A run. */
export interface RunData {
  /** Unique in the experiment. */
  readonly key: string;
  /** What sets it apart. */
  readonly label: string;
  /** Whether it is shown at first. */
  readonly isShown: boolean;
  /** Length of its epochs. */
  readonly epochS: number;
  /** Starts of the epochs with records, as multiples of their length. */
  readonly epochs: readonly number[];
  /** Records per epoch. */
  readonly records: readonly number[];
  /** Latencies in nanoseconds of each line, per epoch. */
  readonly latenciesNs: Readonly<Record<LineName, readonly number[]>>;
  /** Its parts: `all`, `steady` and each migration. */
  readonly parts: readonly PartData[];
  /** Its migrations' steps. */
  readonly steps: readonly StepBand[];
  /** What its config expects. */
  readonly targets: readonly TargetData[];
  /** Shares of an epoch, in percent: the longest wait of a worker for a processor, and what other machines took; [epoch, wait, steal]. */
  readonly disturbances: readonly (readonly [epoch: number, waitPercent: number, stealPercent: number])[];
  /** Garbage collections. */
  readonly collections: readonly CollectionData[];
  /** Where its histograms are in the block's bytes; absent when they were not kept. */
  readonly histograms?: { readonly offset: number; readonly length: number };
}

/** The JSON of a block. */
export interface ExperimentData {
  /** All runs of the section. */
  readonly runs: readonly RunData[];
  /** By how much indexes of histograms are shifted (see epoch-codec.ts). */
  readonly shift: number;
  /** From this share of an epoch on, in percent, a disturbance is notable. */
  readonly notablePercent: number;
  /** How long a collection's time of start may be off, in seconds. */
  readonly collectionResolutionS: number;
}
