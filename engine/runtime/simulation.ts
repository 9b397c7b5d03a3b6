/**
 * The seeded simulation: all workers of a dataflow in one thread, the same operator code, virtual time.
 *
 * A seeded scheduler picks who steps next among the workers that are awake: one that finds nothing to do sleeps until
 * somebody does something or its next record is due, exactly as threads do, so that a wake-up that is missing shows as a
 * run that gets stuck. Workers are joined either by shared memory (interleavings of whole steps), or by the links of
 * processes, whose bytes are delayed and cut at random: what a worker sees of its peers is then any prefix of what they
 * have sent, in order. A seed replays a run exactly.
 *
 * @module megaphone-engine/simulation
 */
import { type DataflowSettings, Scope } from '../dataflow/scope.ts';
import { EngineError } from '../progress/engine-error.ts';
import { CLOSED, FIRST_TICK, type Timestamp } from '../progress/timestamp.ts';
import { describeFrontiers, readFrontiers } from './frontiers.ts';
import { type Program, type ProgramHandle, STATS_PER_WORKER } from './program.ts';
import { Random } from './random.ts';
import { checkSameGraph } from './same-graph.ts';
import { type SimulatedLink, simulatedLinks, SimulatedProcess } from './simulated-process.ts';
import { Sleepers } from './sleepers.ts';
import { type StepClock, Worker } from './worker.ts';

/** How to simulate. */
export interface SimulationOptions {
  /** Workers, at least 1. */
  readonly peers: number;
  /** Seed of the scheduler. */
  readonly seed: number;
  /** What joins the workers. */
  readonly transport: 'shared-memory' | 'links';
  /**
   * Workers of each process, between which there are links: a divisor of `peers`.
   *
   * @default 1
   */
  readonly workersPerProcess?: number;
  /** Sizes of batches and rings. */
  readonly settings?: Partial<DataflowSettings>;
  /**
   * Virtual time passes by up to this many ticks at a time.
   *
   * @default 5
   */
  readonly longestTick?: number;
  /**
   * Where the counters of the rings start.
   *
   * @default 0
   */
  readonly ringStart?: number;
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

/** Bytes of the heap of a simulated process. */
const HEAP_BYTES = 2 ** 26;

class Simulation<A, R> {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #clock = new VirtualClock();
  readonly #sleepers: Sleepers;
  readonly #scopes: readonly Scope[];
  readonly #handles: readonly ProgramHandle<R>[];
  readonly #workers: readonly Worker[];
  readonly #processes: readonly SimulatedProcess[];
  readonly #links: readonly SimulatedLink[];
  #actions = 0;

  constructor(program: Program<A, R>, args: A, options: SimulationOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    const { peers, ringStart = 0, transport } = options;
    const each = transport === 'links' ? (options.workersPerProcess ?? 1) : peers;
    if (!(peers % each === 0)) {
      throw new EngineError(`${each} workers per process; expected a divisor of ${peers}, the number of workers`);
    }
    this.#sleepers = new Sleepers(peers);
    this.#processes = Array.from({ length: peers / each }, (_, process) => {
      const workers = Array.from({ length: each }, (_, worker) => process * each + worker);
      return new SimulatedProcess(workers, peers, HEAP_BYTES);
    });
    this.#scopes = this.#processes.flatMap((process) =>
      process.workers.map((worker) => new Scope(worker, peers, this.#clock, options.settings, process)),
    );
    this.#handles = this.#scopes.map((scope) => program(scope, args, { stats: new Float64Array(STATS_PER_WORKER) }));
    const graphs = this.#scopes.map((scope) => scope.describe());
    checkSameGraph(graphs.map(({ text }) => text));
    for (const process of this.#processes) process.allocate(graphs[0]!, ringStart);
    for (const scope of this.#scopes) scope.start(this.#processOf(scope.worker).transport(scope.worker));
    this.#links = simulatedLinks(this.#processes, graphs[0]!);
    this.#workers = this.#scopes.map((scope) => new Worker(scope, this.#clock));
  }

  run(): R[] {
    this.#until(() => this.#handles.every((handle) => handle.ready?.() ?? true));
    this.#clock.ticks = FIRST_TICK;
    for (const handle of this.#handles) handle.started?.(0);
    this.#sleepers.wakeAll();
    this.#until(() => this.#workers.every((worker) => worker.done), true);
    return this.#handles.map((handle) => handle.result());
  }

  #until(finished: () => boolean, started = false): void {
    const limit = this.#actions + (this.#options.limit ?? 2_000_000);
    while (!finished()) {
      if (++this.#actions > limit) throw this.#stuck();
      if (started && this.#random.below(4) === 0) {
        this.#advance(this.#clock.ticks + this.#random.below((this.#options.longestTick ?? 5) + 1));
      }
      const awake = this.#sleepers.awake(this.#clock.ticks);
      const pick = this.#random.below(awake.length + this.#links.length);
      if (pick < awake.length) this.#step(awake[pick]!, started);
      else if (this.#links.length > 0) this.#carry(this.#links[pick - awake.length]!);
      if (awake.length === 0 && this.#sleepers.awake(this.#clock.ticks).length === 0 && this.#silent()) {
        const due = this.#sleepers.nextWake();
        if (!started || due === CLOSED) throw this.#stuck();
        this.#advance(due);
      }
    }
  }

  #step(worker: number, started: boolean): void {
    const active = this.#workers[worker]!.step();
    if (started) this.#handles[worker]!.afterStep?.();
    if (active) this.#wake(this.#processOf(worker));
    else this.#sleepers.sleep(worker, this.#workers[worker]!.nextDue());
  }

  /** The process of a worker. */
  #processOf(worker: number): SimulatedProcess {
    return this.#processes[Math.floor((worker * this.#processes.length) / this.#scopes.length)]!;
  }

  /** What is done in a process is told to its own workers: links tell the others. */
  #wake({ workers }: SimulatedProcess): void {
    for (const worker of workers) this.#sleepers.wake(worker);
  }

  #carry(link: SimulatedLink): void {
    if (this.#random.below(2) === 0) this.#collect(link);
    if (link.deliver(this.#random)) this.#wake(link.to);
  }

  /** Takes up what a process has published, which frees slots that its workers may wait for. Returns whether there was anything. */
  #collect(link: SimulatedLink): boolean {
    const collected = link.collect();
    if (collected) this.#wake(link.from);
    return collected;
  }

  /** Whether no link has anything to carry. */
  #silent(): boolean {
    return this.#links.every((link) => !this.#collect(link) && !link.isBusy);
  }

  #advance(ticks: Timestamp): void {
    this.#clock.ticks = Math.min(ticks, CLOSED - 1);
  }

  #stuck(): SimulationError {
    const { outputs } = this.#scopes[0]!.describe();
    const frontiers = this.#scopes.map(
      (scope, worker) => `worker ${worker}: ${describeFrontiers(readFrontiers(outputs, scope.cells))}`,
    );
    const { seed, peers, transport } = this.#options;
    return new SimulationError(
      `not finished after ${this.#actions} actions (seed ${seed}, ${peers} workers, ${transport}); ` +
        `frontiers: ${frontiers.join('; ')}`,
    );
  }
}
