/**
 * The seeded simulation: all workers of a dataflow in one thread, the same operator code, virtual time.
 *
 * A seeded scheduler picks who steps next. Workers are joined either by shared memory (interleavings of whole steps), or
 * by links, which delay and split deliveries at random: what a worker sees of its peers is then any prefix of what they
 * have sent, in order. A seed replays a run exactly.
 */
import { Scope, type DataflowSettings } from '../dataflow/scope.ts';
import { EngineError } from '../progress/engine-error.ts';
import { CLOSED, FIRST_TICK, type Timestamp } from '../progress/timestamp.ts';
import { Link, LinkedTransport } from '../transport/link.ts';
import { allocateShared, SharedMemoryTransport, sharedSizes } from '../transport/shared-memory.ts';
import { type Program, type ProgramHandle, STATS_PER_WORKER } from './program.ts';
import { Random } from './random.ts';
import { checkSameGraph } from './same-graph.ts';
import { type StepClock, Worker } from './worker.ts';

/** How to simulate. */
export interface SimulationOptions {
  /** Workers, at least 1. */
  readonly peers: number;
  /** Seed of the scheduler. */
  readonly seed: number;
  /** What joins the workers. */
  readonly transport: 'shared-memory' | 'links';
  /** Sizes of batches and rings. */
  readonly settings?: Partial<DataflowSettings>;
  /**
   * Virtual time passes by up to this many ticks at a time.
   *
   * @default 5
   */
  readonly longestTick?: number;
  /**
   * Actions of the scheduler without the dataflow finishing, after which the run counts as stuck.
   *
   * @default 2_000_000
   */
  readonly limit?: number;
}

/** A simulated dataflow that does not finish. The message holds the seed and every frontier. */
export class SimulationError extends EngineError {
  override readonly name = 'SimulationError';
}

/** A clock that the scheduler moves. */
class VirtualClock implements StepClock {
  ticks: Timestamp = 0;

  now(): Timestamp {
    return this.ticks;
  }

  refresh(): void {}
}

/**
 * Runs a program to its end; returns the results by worker.
 *
 * @throws {SimulationError} when it does not end within the limit of actions.
 * @throws {WorkerError} when an operator throws.
 * @throws {GraphError} when the workers built different graphs.
 */
export function simulate<A, R>(program: Program<A, R>, args: A, options: SimulationOptions): R[] {
  return new Simulation(program, args, options).run();
}

class Simulation<A, R> {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #clock = new VirtualClock();
  readonly #scopes: readonly Scope[];
  readonly #handles: readonly ProgramHandle<R>[];
  readonly #workers: readonly Worker[];
  readonly #links: readonly Link[];
  #actions = 0;

  constructor(program: Program<A, R>, args: A, options: SimulationOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    const { peers } = options;
    const indexes = Array.from({ length: peers }, (_, worker) => worker);
    this.#scopes = indexes.map((worker) => new Scope(worker, peers, this.#clock, options.settings));
    this.#handles = this.#scopes.map((scope) => program(scope, args, { stats: new Float64Array(STATS_PER_WORKER) }));
    const graphs = this.#scopes.map((scope) => scope.describe());
    checkSameGraph(graphs.map(({ text }) => text));
    const graph = graphs[0]!;
    if (options.transport === 'links') {
      const transports = indexes.map((worker) => new LinkedTransport(graph, worker, peers));
      this.#scopes.forEach((scope, worker) => scope.start(transports[worker]!));
      this.#links = transports.flatMap((from) =>
        transports.filter((to) => to !== from).map((to) => new Link(from, to)),
      );
    } else {
      const buffers = allocateShared(sharedSizes(graph, peers));
      this.#scopes.forEach((scope, worker) => {
        scope.start(new SharedMemoryTransport(buffers, graph.outputs, worker, peers));
      });
      this.#links = [];
    }
    this.#workers = this.#scopes.map((scope) => new Worker(scope, this.#clock));
  }

  run(): R[] {
    for (const handle of this.#handles) handle.prepare?.();
    this.#until(() => this.#handles.every((handle) => handle.ready?.() ?? true));
    this.#clock.ticks = FIRST_TICK;
    for (const handle of this.#handles) handle.started?.(0);
    this.#until(() => this.#workers.every((worker) => worker.done), true);
    return this.#handles.map((handle) => handle.result());
  }

  #until(finished: () => boolean, started = false): void {
    const limit = this.#actions + (this.#options.limit ?? 2_000_000);
    while (!finished()) {
      if (++this.#actions > limit) throw this.#stuck();
      if (started && this.#random.below(4) === 0) {
        const ticks = this.#clock.ticks + this.#random.below((this.#options.longestTick ?? 5) + 1);
        this.#clock.ticks = Math.min(ticks, CLOSED - 1);
      }
      const pick = this.#random.below(this.#workers.length + this.#links.length);
      if (pick < this.#workers.length) {
        this.#workers[pick]!.step();
        if (started) this.#handles[pick]!.afterStep?.();
      } else {
        const link = this.#links[pick - this.#workers.length]!;
        if (this.#random.below(2) === 0) link.collect();
        link.deliver(this.#random.below(link.underWay + 1));
      }
    }
  }

  #stuck(): SimulationError {
    const frontiers = this.#scopes.map((scope, worker) => {
      const outputs = scope.outputs.map((output) => `${output.where} ${output.frontier}`);
      return `worker ${worker}: ${outputs.join(', ')}`;
    });
    const { seed, peers, transport } = this.#options;
    return new SimulationError(
      `not finished after ${this.#actions} actions (seed ${seed}, ${peers} workers, ${transport}); ` +
        `frontiers: ${frontiers.join('; ')}`,
    );
  }
}
