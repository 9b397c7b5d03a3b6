/** What the configs may say about each workload: its parameters, whether it has a domain, and the memory it will need. */
import { NEXMARK_WORKLOADS } from './nexmark-workloads.ts';

/** A numeric parameter of a workload. */
export interface ParameterDescription {
  /** What it does, and its unit. */
  readonly summary: string;
  /** Value when the config does not name it. */
  readonly default: number;
  /** Smallest value allowed. */
  readonly minimum: number;
  /** Largest value allowed. */
  readonly maximum: number;
  /** Whether only whole numbers are allowed. */
  readonly whole: boolean;
}

/** The input of a run, as far as the memory of its state depends on it. */
export interface StateInput {
  /** Distinct keys; 0 for a workload without a domain. */
  readonly domain: number;
  /** Every parameter of the workload, defaults filled in. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Offered rate of the whole run. */
  readonly ratePerSecond: number;
  /** Length of the schedule. */
  readonly durationS: number;
}

/** One workload. */
export interface WorkloadDescription {
  /** What it computes. */
  readonly summary: string;
  /** Whether `workload.domain` has to be given (and may be given). */
  readonly hasDomain: boolean;
  /** The parameters that `workload.parameters` may hold, by name. */
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
  /** What is wrong with parameters that are all in their ranges: the name of one of them, and the problem. */
  check?(parameters: Readonly<Record<string, number>>): readonly [name: string, problem: string] | undefined;
  /** Estimated bytes of state over all workers at its largest. */
  stateBytes(input: StateInput): number;
  /** Records loaded before the clock starts. */
  loadedRecords(input: StateInput): number;
}

/** Every workload by name. */
export const WORKLOADS: Readonly<Record<string, WorkloadDescription>> = {
  'key-count': {
    summary: 'cumulative count per identifier, in a dense array per bin',
    hasDomain: true,
    parameters: {},
    stateBytes: ({ domain }) => 8 * domain,
    loadedRecords: ({ domain }) => domain,
  },
  'hash-count': {
    summary: 'cumulative count per identifier, in a hash table per bin',
    hasDomain: true,
    parameters: {},
    // 16 bytes per slot, tables between a quarter and a half full.
    stateBytes: ({ domain }) => 40 * domain,
    loadedRecords: ({ domain }) => domain,
  },
  ...NEXMARK_WORKLOADS,
};
