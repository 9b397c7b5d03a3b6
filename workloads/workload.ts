/** What a workload offers to the harness: what it is, its dataflow, native and Megaphone, and its oracle. */
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
  /**
   * Whether each result carries the number n of its record, in a last column `n`; results of what is loaded carry the number
   * in the load. Only for workloads that `canNumber`; the oracle's results stay without.
   */
  readonly numbered?: boolean;
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
  /** The results; all columns are numbers, and take part in the output digest, but for the numbers of a `numbered` input. */
  readonly results: Stream<ColumnTypes>;
  /** This worker's part of the input. */
  readonly source: SourceProgress;
  /** The migratable operators, in the order of the dataflow; empty for a native variant. */
  readonly migratables: readonly Migratable<ColumnTypes>[];
}

/** A numeric parameter of a workload. */
export interface ParameterDescription {
  /** What it does, and its unit. */
  readonly summary: string;
  /** Value when it is not given. */
  readonly default: number;
  /** Smallest value allowed. */
  readonly minimum: number;
  /** Largest value allowed. */
  readonly maximum: number;
  /** Whether only whole numbers are allowed. */
  readonly whole: boolean;
}

/** The input of a run, as far as the size of its state depends on it. */
export interface StateInput extends Pick<WorkloadInput, 'domain' | 'parameters' | 'ratePerSecond'> {
  /** Length of the schedule. */
  readonly durationS: number;
}

/** What a workload is. */
export interface WorkloadDescription {
  /** What it computes. */
  readonly summary: string;
  /** Whether it has a domain, which then has to be given. */
  readonly hasDomain: boolean;
  /** Whether every record has exactly one result, which can carry the record's number; absent when not. */
  readonly canNumber?: true;
  /** The parameters that may be given, by name. */
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
  /** What is wrong with parameters that are all in their ranges: the name of one of them, and the problem. */
  check?(
    parameters: Readonly<Record<string, number>>,
    tickNs: number,
  ): readonly [name: string, problem: string] | undefined;
  /** Estimated bytes of state over all workers at its largest. */
  stateBytes(input: StateInput): number;
  /** Records that are loaded before the clock starts. */
  loadedRecords(input: Pick<WorkloadInput, 'domain'>): number;
}

/** A workload. */
export interface Workload {
  /** What it is. */
  readonly description: WorkloadDescription;
  /** Builds the variant that cannot migrate. */
  native(scope: Scope, input: WorkloadInput): BuiltWorkload;
  /** Builds the variant with migratable operators. */
  megaphone(scope: Scope, input: WorkloadInput, control: ControlStream): BuiltWorkload;
  /**
   * Computes all results with a plain single-threaded program, in any order. Each is given to `result` as the columns of
   * the result stream in order; the array is reused.
   */
  oracle(input: WorkloadInput, result: (columns: readonly number[]) => void): void;
}
