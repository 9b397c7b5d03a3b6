/** Programs: what the workers of a dataflow execute. */
import type { Scope } from '../dataflow/scope.ts';

/** What a program is given besides the scope and its arguments. */
export interface ProgramContext {
  /** Numbers that this worker shows to the launching thread while it runs (`STATS_PER_WORKER` of them). */
  readonly stats: Float64Array;
}

/** Numbers that each worker can show while it runs: the length of `ProgramContext.stats`. */
export const STATS_PER_WORKER = 16;

/** What a program hands to the runtime after it has built the graph. */
export interface ProgramHandle<R> {
  /**
   * Whether loading has finished; asked after every step until it is true once. The clock starts when all workers are ready,
   * and they go on stepping until then. Default: at once.
   */
  ready?(): boolean;
  /** Runs once at the start barrier; `startMs` is the `performance.now()` of FIRST_TICK, the same on all workers. */
  started?(startMs: number): void;
  /** Runs after every step, with the time in ticks at which the step began. */
  afterStep?(): void;
  /** The result of this worker, after the dataflow has finished; can be cloned between threads. */
  result(): R;
}

/** Builds the same graph on every worker. `args` can be cloned between threads. */
export type Program<A, R> = (scope: Scope, args: A, context: ProgramContext) => ProgramHandle<R>;
