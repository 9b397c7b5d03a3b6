/**
 * One run, fully resolved: what the run process receives, what run.json records and what the run id hashes.
 *
 * A config file (YAML) holds defaults, overrides per scale and sweeps; resolving it yields a list of these.
 * Every unit stands in the name.
 */

/** The scales a config can be run at; the base values of a config file are the paper's. */
export type Scale = 'smoke' | 'laptop' | 'paper';

/** A workload that is not the project's. */
export interface PlugInSpec {
  /** Absolute path of the module, the same on all hosts. */
  readonly file: string;
  /** What the module was when the run was planned: the digest of its file, and of those that it imports by relative paths. */
  readonly digest: string;
}

/** What is computed: the query, its variant and the parameters of its input. */
export interface WorkloadSpec {
  /** `key-count`, `hash-count`, a NEXMark query `q1` .. `q8`, or the name of a plug-in's file without its extension. */
  readonly name: string;
  /** Where the workload is, when it is none of the project's; absent when it is. */
  readonly plugIn?: PlugInSpec;
  /** `native` cannot migrate and refuses scripted migrations. */
  readonly variant: 'native' | 'megaphone';
  /** Distinct keys (word count), 1 to 2^53 - 1; 0 when the workload has no domain. */
  readonly domain: number;
  /** Further numeric parameters of the workload, by name: time dilation of a query, `zipf` of a word count. */
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Where bins shall be after a migration. `scale-out` and `scale-in` name the workers that own bins afterwards and start from the
 * configuration before them (as `initial`: from the balanced one).
 */
export type ConfigurationSpec =
  | { readonly name: 'balanced' }
  | { readonly name: 'imbalanced' }
  | { readonly name: 'one-worker'; readonly worker: number }
  | { readonly name: 'scale-out'; readonly workers: number }
  | { readonly name: 'scale-in'; readonly workers: number }
  | { readonly name: 'explicit'; readonly owners: readonly number[] };

/** A scripted migration. */
export interface MigrationSpec {
  /** Seconds after the start barrier at which the first step is issued. */
  readonly atS: number;
  /** The configuration at the end of the migration. */
  readonly to: ConfigurationSpec;
}

/** How a migration is cut into steps (paper section 4.4 and the artifact). */
export type StrategySpec =
  | { readonly name: 'all-at-once'; readonly gapMs: number }
  | { readonly name: 'fluid'; readonly gapMs: number }
  | { readonly name: 'batched'; readonly binsPerStep: number; readonly gapMs: number }
  | { readonly name: 'optimized'; readonly binsPerPair: number; readonly gapMs: number };

/**
 * The highest latencies and times with which a run meets what is expected of it, in nanoseconds. Percentiles and `maxNs` are those
 * of the steady part; the others hold for every migration of the run. What is absent is not expected.
 */
export interface Expectations {
  /** Steady 99th percentile. */
  readonly p99Ns?: number;
  /** Steady 99.9th percentile. */
  readonly p999Ns?: number;
  /** Steady maximum. */
  readonly maxNs?: number;
  /** Highest latency of a migration, until recovered. */
  readonly migrationMaxNs?: number;
  /** Time from the start of a migration until latencies have recovered. */
  readonly recoveryNs?: number;
  /** Time from the start of a migration until its last step is completed. */
  readonly durationNs?: number;
}

/** Timely dataflow instead of the engine of this project. */
export interface TimelyEngine {
  /** There is no other. */
  readonly name: 'timely';
  /** When its workers tell each other about progress: at once, or when it is asked for. */
  readonly progressMode: 'eager' | 'demand';
}

/** A resolved run. */
export interface RunSpec {
  /** Name of the config file without its extension, and of the query when the command line asked for another one: `fig8-q6`. */
  readonly experiment: string;
  /** One line that says what the experiment shows. */
  readonly title: string;
  /** What the charts show. */
  readonly figure: 'timeline' | 'ccdf' | 'max-vs-duration' | 'max-vs-rate' | 'memory';
  /** Scale the config was resolved at. */
  readonly scale: Scale;
  /** Query, variant and input. */
  readonly workload: WorkloadSpec;
  /** What it runs on; absent for the engine of this project. */
  readonly engine?: TimelyEngine;
  /** Processes times workers per process; with the host of each process, the first of which is this machine, where they are not all on it. */
  readonly topology: { readonly processes: number; readonly workers: number; readonly hosts?: readonly string[] };
  /** There are 2^binShift bins, 1..20. */
  readonly binShift: number;
  /** Offered rate of the whole run. */
  readonly ratePerSecond: number;
  /** Length of the schedule. */
  readonly durationS: number;
  /** Records intended in the first and last `warmUpS` seconds are left out of the totals. */
  readonly warmUpS: number;
  /** Seed of the input; record n is a pure function of (seed, n). */
  readonly seed: number;
  /** Nanoseconds per tick of the logical time. */
  readonly tickNs: number;
  /** How far the control frontier is kept ahead of the present. */
  readonly lookaheadTicks: number;
  /** The configuration at the start. */
  readonly initial: ConfigurationSpec;
  /** Scripted migrations in strictly rising order of time, none in the warm-up or in the last `warmUpS` seconds. */
  readonly migrations: readonly MigrationSpec[];
  /** How migrations are cut into steps; `all-at-once` without a gap when there are none. */
  readonly strategy: StrategySpec;
  /** How a bin changes hands: by a copy (`copy`: the receiver makes it; between processes the sender), or its memory itself (`share`). */
  readonly handoff: 'copy' | 'share';
  /**
   * What is rehearsed before the clock starts: `all` migrations, whose memory was touched then, so that no first touch of a page
   * disturbs them; or, with `state`, a few bins alone, so that the resident set shows what a strategy needs.
   */
  readonly preTouch: 'all' | 'state';
  /** Whether record latencies are measured beside frontier latencies; absent when not. */
  readonly recordLatency?: true;
  /** What its latencies are expected to be; absent when nothing is. Decides no measurement. */
  readonly expect?: Expectations;
  /** Whether the oracle recomputes the outputs after the run. */
  readonly verify: boolean;
  /** Repeat number, from 1. */
  readonly repeat: number;
}
