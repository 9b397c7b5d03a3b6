/**
 * A finer simulation than the engine's own: peers run in the middle of a step, at every access to what workers share.
 *
 * The engine's simulation interleaves whole steps, so it cannot tell whether a step reads its cells before or after its
 * channels, or publishes before or after it raises. Here, whoever reads or raises a cell, publishes, or looks for
 * batches may be interrupted by complete steps of other workers. Faults break one rule of the order each, to show that the
 * checks would notice.
 */
import type { BatchReceiver, BatchSender, ChannelSpec, Transport } from '../../dataflow/endpoints.ts';
import type { Batch } from '../../dataflow/batch.ts';
import type { ColumnTypes } from '../../dataflow/schema.ts';
import { type DataflowSettings, Scope } from '../../dataflow/scope.ts';
import { FrontierCells } from '../../progress/frontier-cells.ts';
import { FIRST_TICK, type Timestamp } from '../../progress/timestamp.ts';
import { LinkedTransport } from '../../transport/link.ts';
import {
  allocateShared,
  type SharedBuffers,
  SharedMemoryTransport,
  sharedSizes,
} from '../../transport/shared-memory.ts';
import { type Program, type ProgramHandle, STATS_PER_WORKER } from '../program.ts';
import { Random } from '../random.ts';
import { SimulationError } from '../simulation.ts';
import { type StepClock, Worker } from '../worker.ts';
import { HastyLink } from './hasty-link.ts';

/** A rule of the order, broken: by senders, by receivers, or by links. */
export type Fault = 'none' | 'cells before data' | 'channels before cells' | 'raises before frames';

/** How to interleave. */
export interface InterleavingOptions {
  readonly peers: number;
  readonly seed: number;
  readonly settings?: Partial<DataflowSettings>;
  readonly fault?: Fault;
}

/** Actions of the scheduler after which a run counts as stuck. */
const LIMIT = 200_000;
/** A step may be interrupted by a step that is interrupted, up to this depth. */
const DEEPEST = 2;

/** Runs a program to its end; returns the results by worker. */
export function interleave<A, R>(program: Program<A, R>, args: A, options: InterleavingOptions): R[] {
  return new Interleaving(program, args, options).run();
}

class Interleaving<A, R> {
  readonly #random: Random;
  readonly #seed: number;
  #ticks: Timestamp = 0;
  readonly #handles: readonly ProgramHandle<R>[];
  readonly #workers: readonly Worker[];
  readonly #transports: readonly InterruptedTransport[];
  readonly #links: readonly HastyLink[];
  readonly #busy: boolean[];
  /** Workers that are in a step. */
  #depth = 0;
  #running = false;

  constructor(program: Program<A, R>, args: A, { peers, seed, settings, fault = 'none' }: InterleavingOptions) {
    this.#random = new Random(seed);
    this.#seed = seed;
    this.#busy = new Array<boolean>(peers).fill(false);
    const indexes = Array.from({ length: peers }, (_, worker) => worker);
    const clocks = indexes.map(() => new SharedClock(() => this.#ticks));
    const scopes = indexes.map((worker) => new Scope(worker, peers, clocks[worker]!, settings));
    this.#handles = scopes.map((scope) => program(scope, args, { stats: new Float64Array(STATS_PER_WORKER) }));
    const graph = scopes.map((scope) => scope.describe())[0]!;
    if (fault === 'raises before frames') {
      const linked = indexes.map((worker) => new LinkedTransport(graph, worker, peers));
      scopes.forEach((scope, worker) => scope.start(linked[worker]!));
      this.#links = linked.flatMap((from) => linked.filter((to) => to !== from).map((to) => new HastyLink(from, to)));
      this.#transports = [];
    } else {
      const buffers = allocateShared(sharedSizes(graph, peers));
      this.#transports = indexes.map(
        (worker) => new InterruptedTransport(buffers, graph.outputs, worker, peers, fault, () => this.#interrupt()),
      );
      scopes.forEach((scope, worker) => scope.start(this.#transports[worker]!));
      this.#links = [];
    }
    this.#workers = scopes.map((scope) => new Worker(scope, clocks[scope.worker]!));
  }

  run(): R[] {
    for (const handle of this.#handles) handle.prepare?.();
    this.#until(() => this.#handles.every((handle) => handle.ready?.() ?? true));
    this.#ticks = FIRST_TICK;
    for (const handle of this.#handles) handle.started?.(0);
    this.#running = true;
    this.#until(() => this.#workers.every((worker) => worker.done));
    return this.#handles.map((handle) => handle.result());
  }

  #until(finished: () => boolean): void {
    for (let actions = 0; !finished(); actions++) {
      if (actions > LIMIT) throw new SimulationError(`not finished after ${LIMIT} actions (seed ${this.#seed})`);
      const pick = this.#random.below(this.#workers.length + this.#links.length);
      if (pick < this.#workers.length) this.#step(pick);
      else this.#links[pick - this.#workers.length]!.act(this.#random);
    }
  }

  /** Lets idle workers run while another one is in the middle of a step. */
  #interrupt(): void {
    if (this.#depth === 0 || this.#depth > DEEPEST) return;
    while (this.#random.below(12) === 0) {
      const pick = this.#random.below(this.#workers.length);
      if (!this.#busy[pick]) this.#step(pick);
    }
  }

  #step(worker: number): void {
    if (this.#running && this.#random.below(4) === 0) this.#ticks += this.#random.below(6);
    this.#busy[worker] = true;
    this.#depth += 1;
    this.#transports[worker]?.beginStep();
    this.#workers[worker]!.step();
    if (this.#running) this.#handles[worker]!.afterStep?.();
    this.#depth -= 1;
    this.#busy[worker] = false;
  }
}

/** Virtual time, as a worker read it when its step began. */
class SharedClock implements StepClock {
  readonly #present: () => Timestamp;
  #now: Timestamp = 0;

  constructor(present: () => Timestamp) {
    this.#present = present;
  }

  now(): Timestamp {
    return this.#now;
  }

  refresh(): void {
    this.#now = this.#present();
  }
}

/** Shared memory that lets peers run around every access. */
class InterruptedTransport implements Transport {
  readonly cells: FrontierCells;
  readonly #shared: SharedMemoryTransport;
  readonly #fault: Fault;
  readonly #interrupt: () => void;
  readonly #senders: InterruptedSender<ColumnTypes>[] = [];

  constructor(
    buffers: SharedBuffers,
    outputs: number,
    worker: number,
    peers: number,
    fault: Fault,
    interrupt: () => void,
  ) {
    this.#shared = new SharedMemoryTransport(buffers, outputs, worker, peers);
    this.cells = new InterruptedCells(buffers.cells, outputs, peers, interrupt);
    this.#fault = fault;
    this.#interrupt = interrupt;
  }

  sender<C extends ColumnTypes>(channel: ChannelSpec<C>, to: number): BatchSender<C> {
    const sender = new InterruptedSender(this.#shared.sender(channel, to), this.#fault, this.#interrupt);
    this.#senders.push(sender);
    return sender;
  }

  receiver<C extends ColumnTypes>(channel: ChannelSpec<C>, from: number): BatchReceiver<C> {
    return new InterruptedReceiver(this.#shared.receiver(channel, from), this.#fault, this.#interrupt);
  }

  beginStep(): void {
    for (const sender of this.#senders) sender.catchUp();
  }
}

class InterruptedCells extends FrontierCells {
  readonly #interrupt: () => void;

  constructor(buffer: ArrayBufferLike, outputs: number, peers: number, interrupt: () => void) {
    super(buffer, outputs, peers);
    this.#interrupt = interrupt;
  }

  override raise(output: number, worker: number, time: Timestamp): boolean {
    this.#interrupt();
    const raised = super.raise(output, worker, time);
    this.#interrupt();
    return raised;
  }

  override read(output: number, worker: number): Timestamp {
    this.#interrupt();
    const time = super.read(output, worker);
    this.#interrupt();
    return time;
  }

  override minimum(output: number): Timestamp {
    let minimum = this.read(output, 0);
    for (let worker = 1; worker < this.peers; worker++) minimum = Math.min(minimum, this.read(output, worker));
    return minimum;
  }
}

class InterruptedSender<C extends ColumnTypes> implements BatchSender<C> {
  readonly #inner: BatchSender<C>;
  readonly #late: boolean;
  readonly #interrupt: () => void;
  #owed = false;

  constructor(inner: BatchSender<C>, fault: Fault, interrupt: () => void) {
    this.#inner = inner;
    this.#late = fault === 'cells before data';
    this.#interrupt = interrupt;
  }

  reserve(): Batch<C> | null {
    this.catchUp();
    this.#interrupt();
    return this.#inner.reserve();
  }

  publish(): void {
    this.#interrupt();
    // The fault: what was to be published now is published at the next step, after the cell was raised.
    if (this.#late) this.#owed = true;
    else this.#inner.publish();
    this.#interrupt();
  }

  catchUp(): void {
    if (this.#owed) this.#inner.publish();
    this.#owed = false;
  }
}

class InterruptedReceiver<C extends ColumnTypes> implements BatchReceiver<C> {
  readonly #inner: BatchReceiver<C>;
  readonly #stale: boolean;
  readonly #interrupt: () => void;
  #seen = 0;

  constructor(inner: BatchReceiver<C>, fault: Fault, interrupt: () => void) {
    this.#inner = inner;
    this.#stale = fault === 'channels before cells';
    this.#interrupt = interrupt;
  }

  available(): number {
    this.#interrupt();
    const before = this.#seen;
    this.#seen = this.#inner.available();
    // The fault: the answer is that of an earlier look, from before the cells were read.
    return this.#stale ? before : this.#seen;
  }

  at(i: number): Batch<C> {
    return this.#inner.at(i);
  }

  release(count: number): void {
    this.#interrupt();
    this.#seen -= count;
    this.#inner.release(count);
  }
}
