/**
 * The seeded simulation: all workers of a dataflow in one thread, the same operator code, virtual time.
 *
 * A seeded scheduler picks who steps next among the workers that are awake: one that finds nothing to do sleeps until
 * somebody does something or its next record is due, exactly as threads do, so that a wake-up that is missing shows as a
 * run that gets stuck. Workers are joined either by shared memory (interleavings of whole steps), or by links, which delay
 * and split deliveries at random: what a worker sees of its peers is then any prefix of what they have sent, in order. A
 * seed replays a run exactly.
 *
 * @module megaphone-engine/simulation
 */
import { allocateHeap, Extents } from '../dataflow/extents.ts';
import { type DataflowSettings, Scope } from '../dataflow/scope.ts';
import type { Transport } from '../dataflow/transport.ts';
import { EngineError } from '../progress/engine-error.ts';
import { FrontierCells } from '../progress/frontier-cells.ts';
import { CLOSED, FIRST_TICK, type Timestamp } from '../progress/timestamp.ts';
import { Link, LinkedTransport } from '../transport/link.ts';
import { allocateRings, ringSizes, SharedMemoryTransport, startRingsAt } from '../transport/shared-memory.ts';
import { describeFrontiers, readFrontiers } from './frontiers.ts';
import { type Program, type ProgramHandle, STATS_PER_WORKER } from './program.ts';
import { Random } from './random.ts';
import { checkSameGraph } from './same-graph.ts';
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
  /** Sizes of batches and rings. */
  readonly settings?: Partial<DataflowSettings>;
  /**
   * Virtual time passes by up to this many ticks at a time.
   *
   * @default 5
   */
  readonly longestTick?: number;
  /**
   * Where the counters of the rings start; between workers that share memory.
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
  readonly #links: readonly Link[];
  #actions = 0;

  constructor(program: Program<A, R>, args: A, options: SimulationOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    const { peers, ringStart = 0 } = options;
    this.#sleepers = new Sleepers(peers);
    const indexes = Array.from({ length: peers }, (_, worker) => worker);
    const linked = options.transport === 'links';
    const cells = new FrontierCells(peers);
    const heap = allocateHeap(HEAP_BYTES);
    this.#scopes = indexes.map((worker) => {
      const shared = linked
        ? { cells: new FrontierCells(peers), extents: new Extents(allocateHeap(HEAP_BYTES)) }
        : { cells, extents: new Extents(heap) };
      return new Scope(worker, peers, this.#clock, options.settings, shared);
    });
    this.#handles = this.#scopes.map((scope) => program(scope, args, { stats: new Float64Array(STATS_PER_WORKER) }));
    const graphs = this.#scopes.map((scope) => scope.describe());
    checkSameGraph(graphs.map(({ text }) => text));
    const graph = graphs[0]!;
    let transports: readonly Transport[];
    if (linked) {
      const ends = this.#scopes.map((scope) => new LinkedTransport(graph, scope.cells, scope.worker));
      this.#links = ends.flatMap((from) => ends.filter((to) => to !== from).map((to) => new Link(from, to)));
      transports = ends;
    } else {
      const rings = allocateRings(ringSizes(graph, peers));
      startRingsAt(ringStart, rings, graph);
      transports = indexes.map((worker) => new SharedMemoryTransport(rings, worker, peers));
      this.#links = [];
    }
    this.#scopes.forEach((scope, worker) => scope.start(transports[worker]!));
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
    if (active) this.#sleepers.wakeAll();
    else this.#sleepers.sleep(worker, this.#workers[worker]!.nextDue());
  }

  #carry(link: Link): void {
    if (this.#random.below(2) === 0) this.#collect(link);
    if (link.deliver(this.#random.below(link.inFlight + 1)) > 0) this.#sleepers.wake(link.to);
  }

  /** Takes up what a worker has published, which frees slots that it may wait for. Returns whether there was anything. */
  #collect(link: Link): boolean {
    const collected = link.collect();
    if (collected) this.#sleepers.wake(link.from);
    return collected;
  }

  /** Whether no link has anything to carry. */
  #silent(): boolean {
    return this.#links.every((link) => !this.#collect(link) && link.inFlight === 0);
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
