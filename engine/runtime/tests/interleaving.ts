/**
 * A finer simulation than the engine's own: peers run in the middle of a step, at every access to what workers share.
 *
 * The engine's simulation interleaves whole steps, so it cannot tell whether a step reads its cells before or after its
 * channels, or publishes before or after it raises. Here, whoever reads or raises a cell, publishes, or looks for
 * batches may be interrupted by complete steps of other workers. Faults break one rule of the order each, to show that the
 * checks would notice.
 */
import { mock } from 'node:test';

import type { Batch } from '../../dataflow/batch.ts';
import { allocateHeap, Extents } from '../../dataflow/extents.ts';
import type { ColumnTypes } from '../../dataflow/schema.ts';
import { type DataflowSettings, Scope } from '../../dataflow/scope.ts';
import { SendQueue } from '../../dataflow/send-queue.ts';
import type { BatchReceiver, BatchSender, ChannelSpec, Transport } from '../../dataflow/transport.ts';
import { FrontierCells } from '../../progress/frontier-cells.ts';
import { CLOSED, FIRST_TICK, type Timestamp } from '../../progress/timestamp.ts';
import {
  allocateRings,
  ringSizes,
  SharedMemoryTransport,
  type SharedRings,
  startRingsAt,
} from '../../transport/shared-memory.ts';
import { SimulatedProcess } from '../simulated-process.ts';
import { type Program, type ProgramHandle, STATS_PER_WORKER } from '../program.ts';
import { Random } from '../random.ts';
import { SimulationError } from '../simulation.ts';
import { Sleepers } from '../sleepers.ts';
import { type StepClock, Worker } from '../worker.ts';
import { type HastyLink, hastyLinks } from './hasty-link.ts';

/** A rule of the order, broken: by senders, by receivers, by links, or by who publishes. */
export type Fault =
  | 'none'
  | 'cells before data'
  | 'channels before cells'
  | 'raises before frames'
  | 'slots released early'
  | 'wake-ups forgotten'
  | 'waiting batches forgotten';

/** How to interleave. */
export interface InterleavingOptions {
  readonly peers: number;
  readonly seed: number;
  readonly settings?: Partial<DataflowSettings>;
  readonly fault?: Fault;
  /** Where the counters of the rings start. */
  readonly ringStart?: number;
}

/** Actions of the scheduler after which a run counts as stuck. */
const LIMIT = 200_000;
/** A step may be interrupted by a step that is interrupted, up to this depth. */
const DEEPEST = 2;
/** Bytes of the heap of a simulated process. */
const HEAP_BYTES = 2 ** 24;

/** Runs a program to its end; returns the results by worker. */
export function interleave<A, R>(program: Program<A, R>, args: A, options: InterleavingOptions): R[] {
  if (options.fault !== 'waiting batches forgotten') return new Interleaving(program, args, options).run();
  // The fault: frontiers are raised beyond batches that wait for a slot.
  const forgetful = mock.method(SendQueue.prototype, 'heldTime', () => CLOSED);
  try {
    return new Interleaving(program, args, options).run();
  } finally {
    forgetful.mock.restore();
  }
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
  readonly #sleepers: Sleepers;
  readonly #forgetful: boolean;
  /** How often all workers were woken. */
  #wakeUps = 0;
  /** Workers that are in a step. */
  #depth = 0;
  #running = false;

  constructor(program: Program<A, R>, args: A, options: InterleavingOptions) {
    const { peers, seed, settings, fault = 'none', ringStart = 0 } = options;
    this.#random = new Random(seed);
    this.#seed = seed;
    this.#busy = new Array<boolean>(peers).fill(false);
    this.#sleepers = new Sleepers(peers);
    this.#forgetful = fault === 'wake-ups forgotten';
    const indexes = Array.from({ length: peers }, (_, worker) => worker);
    const clocks = indexes.map(() => new SharedClock(() => this.#ticks));
    const processes =
      fault === 'raises before frames'
        ? indexes.map((worker) => new SimulatedProcess([worker], peers, HEAP_BYTES))
        : [];
    const buffer = new ArrayBuffer(FrontierCells.byteLength(peers));
    const heap = allocateHeap(HEAP_BYTES);
    const scopes = indexes.map((worker) => {
      const shared = processes[worker] ?? {
        cells: new InterruptedCells(peers, buffer, () => this.#interrupt()),
        extents: new Extents(heap),
      };
      return new Scope(worker, peers, clocks[worker]!, settings, shared);
    });
    this.#handles = scopes.map((scope) => program(scope, args, { stats: new Float64Array(STATS_PER_WORKER) }));
    const graph = scopes.map((scope) => scope.describe())[0]!;
    for (const process of processes) process.allocate(graph, ringStart);
    this.#links = hastyLinks(processes, graph);
    if (processes.length > 0) {
      this.#transports = [];
      scopes.forEach((scope, worker) => scope.start(processes[worker]!.transport(worker)));
    } else {
      const rings = allocateRings(ringSizes(graph, peers));
      startRingsAt(ringStart, rings, graph);
      this.#transports = indexes.map(
        (worker) => new InterruptedTransport(rings, worker, peers, fault, () => this.#interrupt()),
      );
      scopes.forEach((scope, worker) => scope.start(this.#transports[worker]!));
    }
    this.#workers = scopes.map((scope) => new Worker(scope, clocks[scope.worker]!));
  }

  run(): R[] {
    this.#until(() => this.#handles.every((handle) => handle.ready?.() ?? true));
    this.#ticks = FIRST_TICK;
    for (const handle of this.#handles) handle.started?.(0);
    this.#sleepers.wakeAll();
    this.#running = true;
    this.#until(() => this.#workers.every((worker) => worker.done));
    return this.#handles.map((handle) => handle.result());
  }

  #until(finished: () => boolean): void {
    for (let actions = 0; !finished(); actions++) {
      if (actions > LIMIT) throw new SimulationError(`not finished after ${LIMIT} actions (seed ${this.#seed})`);
      const awake = this.#awake();
      if (awake.length + this.#links.length === 0) {
        this.#sleepAll();
        continue;
      }
      const pick = this.#random.below(awake.length + this.#links.length);
      if (pick < awake.length) {
        this.#step(awake[pick]!);
      } else {
        this.#links[pick - awake.length]!.act(this.#random);
        this.#sleepers.wakeAll();
      }
    }
  }

  #awake(): number[] {
    return this.#sleepers.awake(this.#ticks).filter((worker) => !this.#busy[worker]);
  }

  /** All workers sleep: time passes until the first of them wakes by itself. */
  #sleepAll(): void {
    const due = this.#sleepers.nextWake();
    if (!this.#running || due === CLOSED) throw new SimulationError(`all workers sleep (seed ${this.#seed})`);
    this.#ticks = due;
  }

  /** Lets idle workers run while another one is in the middle of a step. */
  #interrupt(): void {
    if (this.#depth === 0 || this.#depth > DEEPEST) return;
    while (this.#random.below(12) === 0) {
      const awake = this.#awake();
      if (awake.length > 0) this.#step(awake[this.#random.below(awake.length)]!);
    }
  }

  #step(worker: number): void {
    if (this.#running && this.#random.below(4) === 0) this.#ticks += this.#random.below(6);
    this.#busy[worker] = true;
    this.#depth += 1;
    this.#transports[worker]?.beginStep();
    const wakeUps = this.#wakeUps;
    const active = this.#workers[worker]!.step();
    if (this.#running) this.#handles[worker]!.afterStep?.();
    this.#depth -= 1;
    this.#busy[worker] = false;
    if (active) {
      // The fault: now and then nobody is told.
      if (this.#forgetful && this.#random.below(8) === 0) return;
      this.#wakeUps += 1;
      this.#sleepers.wakeAll();
    } else if (wakeUps === this.#wakeUps) {
      this.#sleepers.sleep(worker, this.#workers[worker]!.nextDue());
    }
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

/** Rings in shared memory that let peers run around every access. */
class InterruptedTransport implements Transport {
  readonly #shared: SharedMemoryTransport;
  readonly #fault: Fault;
  readonly #interrupt: () => void;
  readonly #senders: InterruptedSender<ColumnTypes>[] = [];

  constructor(rings: SharedRings, worker: number, peers: number, fault: Fault, interrupt: () => void) {
    this.#shared = new SharedMemoryTransport(rings, worker, peers);
    this.#fault = fault;
    this.#interrupt = interrupt;
  }

  sender<C extends ColumnTypes>(channel: ChannelSpec<C>, to: number): BatchSender<C> {
    const sender = new InterruptedSender(this.#shared.sender(channel, to), this.#fault, this.#interrupt);
    this.#senders.push(sender);
    return sender;
  }

  receiver<C extends ColumnTypes>(channel: ChannelSpec<C>, from: number): BatchReceiver<C> {
    const receiver = this.#shared.receiver(channel, from);
    if (this.#fault === 'slots released early') return new HastyReceiver(receiver);
    return new InterruptedReceiver(receiver, this.#fault, this.#interrupt);
  }

  beginStep(): void {
    for (const sender of this.#senders) sender.catchUp();
  }
}

class InterruptedCells extends FrontierCells {
  readonly #interrupt: () => void;

  constructor(peers: number, buffer: ArrayBufferLike, interrupt: () => void) {
    super(peers, buffer);
    this.#interrupt = interrupt;
  }

  override raise(output: number, worker: number, time: Timestamp): void {
    this.#interrupt();
    super.raise(output, worker, time);
    this.#interrupt();
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

/** Gives slots back as soon as it has seen them, although what is in them waits for its time. */
class HastyReceiver<C extends ColumnTypes> implements BatchReceiver<C> {
  readonly capacity: number;
  readonly holdsUpSender = false;
  readonly #inner: BatchReceiver<C>;
  readonly #seen: Batch<C>[] = [];

  constructor(inner: BatchReceiver<C>) {
    this.#inner = inner;
    this.capacity = inner.capacity;
  }

  available(): number {
    const count = this.#inner.available();
    for (let i = 0; i < count; i++) this.#seen.push(this.#inner.at(i));
    if (count > 0) this.#inner.release(count);
    return this.#seen.length;
  }

  at(i: number): Batch<C> {
    return this.#seen[i]!;
  }

  release(count: number): void {
    this.#seen.splice(0, count);
  }
}

class InterruptedSender<C extends ColumnTypes> implements BatchSender<C> {
  readonly sharesExtents: boolean;
  readonly #inner: BatchSender<C>;
  readonly #late: boolean;
  readonly #interrupt: () => void;
  #owed = false;

  constructor(inner: BatchSender<C>, fault: Fault, interrupt: () => void) {
    this.#inner = inner;
    this.sharesExtents = inner.sharesExtents;
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
  readonly capacity: number;
  readonly holdsUpSender = false;
  readonly #inner: BatchReceiver<C>;
  readonly #stale: boolean;
  readonly #interrupt: () => void;
  #seen = 0;

  constructor(inner: BatchReceiver<C>, fault: Fault, interrupt: () => void) {
    this.#inner = inner;
    this.capacity = inner.capacity;
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
