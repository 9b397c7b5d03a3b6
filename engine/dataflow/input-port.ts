/**
 * The input of an operator: the frontier and the batches that arrived, read in the order that makes them fit together.
 */
import type { FrontierCells } from '../progress/frontier-cells.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { type Batch, BatchPool } from './batch.ts';
import type { BatchReceiver } from './endpoints.ts';
import { copyRows } from './kernels.ts';
import type { ColumnTypes, Schema } from './schema.ts';

/** Where an input's batches come from. */
export interface InputChannel<C extends ColumnTypes> {
  /** Lower bound of the times that may still arrive. */
  frontier(): Timestamp;
  /** Appends all batches that are there to `arrivals`; called after `frontier`. */
  collect(arrivals: Batch<C>[]): void;
  /** Lets go of the collected batches. */
  finish(arrivals: readonly Batch<C>[]): void;
}

/** Batches of the same worker: the upstream operator puts them into the queue. */
export class PipelineInput<C extends ColumnTypes> implements InputChannel<C> {
  /** Batches pushed and not yet collected; each holds one reference. */
  readonly queue: Batch<C>[] = [];
  readonly #cells: FrontierCells;
  readonly #output: number;
  readonly #worker: number;

  /** The input that follows `output` on `worker`. */
  constructor(cells: FrontierCells, output: number, worker: number) {
    this.#cells = cells;
    this.#output = output;
    this.#worker = worker;
  }

  /** The upstream output's own cell. */
  frontier(): Timestamp {
    return this.#cells.read(this.#output, this.#worker);
  }

  /** Takes the whole queue. */
  collect(arrivals: Batch<C>[]): void {
    const queue = this.queue;
    for (let i = 0; i < queue.length; i++) arrivals.push(queue[i]!);
    queue.length = 0;
  }

  /** Returns the batches to their pools. */
  finish(arrivals: readonly Batch<C>[]): void {
    for (let i = 0; i < arrivals.length; i++) arrivals[i]!.release();
  }
}

/** Batches of all workers: one receiver each. */
export class ExchangeInput<C extends ColumnTypes> implements InputChannel<C> {
  readonly #cells: FrontierCells;
  readonly #output: number;
  /** Receivers by sending worker. */
  readonly #receivers: readonly BatchReceiver<C>[];
  /** Batches taken from each receiver and not yet released. */
  readonly #taken: Int32Array;

  /** The input that follows `output` of all workers. */
  constructor(cells: FrontierCells, output: number, receivers: readonly BatchReceiver<C>[]) {
    this.#cells = cells;
    this.#output = output;
    this.#receivers = receivers;
    this.#taken = new Int32Array(receivers.length);
  }

  /** The minimum of the upstream output's cells over all workers. */
  frontier(): Timestamp {
    return this.#cells.minimum(this.#output);
  }

  /** Takes what every receiver has. */
  collect(arrivals: Batch<C>[]): void {
    for (let from = 0; from < this.#receivers.length; from++) {
      const receiver = this.#receivers[from]!;
      const count = receiver.available();
      this.#taken[from] = count;
      for (let i = 0; i < count; i++) arrivals.push(receiver.at(i));
    }
  }

  /** Frees the slots. */
  finish(): void {
    for (let from = 0; from < this.#receivers.length; from++) {
      const count = this.#taken[from]!;
      if (count > 0) this.#receivers[from]!.release(count);
      this.#taken[from] = 0;
    }
  }
}

/** One input of one operator on one worker. */
export class InputPort<C extends ColumnTypes = ColumnTypes> {
  /** Operator and port, for errors. */
  readonly where: string;
  /** Columns that arrive; known once connected. */
  schema: Schema<C> | null = null;
  /** Lower bound of the times that may still arrive after the current arrivals. Never falls. */
  frontier: Timestamp = 0;
  /** Batches that arrived for the current run of the operator; gone after it, unless retained. */
  readonly arrivals: Batch<C>[] = [];
  #channel: InputChannel<C> | null = null;
  #pool: BatchPool<C> | null = null;

  /** An input that is not connected yet. */
  constructor(where: string) {
    this.where = where;
  }

  /** Whether a stream was connected. */
  get connected(): boolean {
    return this.schema !== null;
  }

  /** Connects the channel when the dataflow starts; `rows` is the capacity of its batches. */
  bind(channel: InputChannel<C>, rows: number): void {
    this.#channel = channel;
    this.#pool = new BatchPool(this.schema!, rows);
  }

  /** Reads the frontier, then the batches. Returns whether either brought something new. */
  poll(): boolean {
    const channel = this.#channel!;
    // The order is the protocol: cells first, channels second. The other way round, data that was sent between the two
    // reads would still be under way while the frontier says that it has arrived.
    const frontier = channel.frontier();
    channel.collect(this.arrivals);
    const changed = frontier !== this.frontier || this.arrivals.length > 0;
    this.frontier = frontier;
    return changed;
  }

  /** Lets go of the arrivals. */
  finish(): void {
    if (this.arrivals.length === 0) return;
    this.#channel!.finish(this.arrivals);
    this.arrivals.length = 0;
  }

  /** A batch with the contents of an arrival that stays valid until it is released; copies only what lies in a ring. */
  retain(batch: Batch<C>): Batch<C> {
    if (batch.pool !== null) {
      batch.references += 1;
      return batch;
    }
    const copy = this.#pool!.take();
    copyRows(batch.list, 0, copy.list, 0, batch.length);
    copy.length = batch.length;
    copy.time = batch.time;
    return copy;
  }

  /** Whether nothing can arrive any more. */
  get closed(): boolean {
    return this.frontier === CLOSED;
  }
}
