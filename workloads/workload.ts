/** What a workload offers to the harness: its dataflow, native and Megaphone, and its oracle. */
import type { ColumnTypes, Schedule, Scope, Stream } from 'megaphone-engine';
import type { ControlStream, Migratable } from 'megaphone-engine/migration';

/** The input of a run. */
export interface WorkloadInput {
  /** When records are due. */
  readonly schedule: Schedule;
  /** Offered records per second of the whole run. */
  readonly ratePerSecond: number;
  /** Seed of the input; record n is a pure function of (seed, n). */
  readonly seed: number;
  /** Distinct keys; 0 when the workload has no domain. */
  readonly domain: number;
  /** Further parameters by name. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Nanoseconds per tick. */
  readonly tickNs: number;
}

/** How far a worker has got with its part of the input. */
export interface SourceProgress {
  /** Records of the schedule that this worker has sent. */
  readonly sent: number;
  /** Whether everything that is loaded before the clock starts was sent. */
  readonly loaded: boolean;
}

/** The dataflow of a workload on one worker. */
export interface BuiltWorkload {
  /** The results; all columns are numbers and take part in the output digest. */
  readonly results: Stream<ColumnTypes>;
  /** This worker's part of the input. */
  readonly source: SourceProgress;
  /** The migratable operators, in the order of the dataflow; empty for a native variant. */
  readonly migratables: readonly Migratable<ColumnTypes>[];
}

/** A workload. */
export interface Workload {
  /** Builds the variant that cannot migrate. */
  native(scope: Scope, input: WorkloadInput): BuiltWorkload;
  /** Builds the variant with migratable operators. */
  megaphone(scope: Scope, input: WorkloadInput, control: ControlStream): BuiltWorkload;
  /** Records that are loaded before the clock starts. */
  loadedRecords(input: WorkloadInput): number;
  /**
   * Computes all results with a plain single-threaded program, in any order. Each is given to `result` as the columns of
   * the result stream in order; the array is reused.
   */
  oracle(input: WorkloadInput, result: (columns: readonly number[]) => void): void;
}
