/**
 * The output of an operator: sends batches to its consumers and keeps the frontier cell.
 */
import { Capability, CapabilityError, CapabilitySet } from '../progress/capability.ts';
import { EngineError } from '../progress/engine-error.ts';
import { type FrontierCells, FrontierError } from '../progress/frontier-cells.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { type Batch, BatchPool } from './batch.ts';
import type { Pusher } from './pushers.ts';
import type { ColumnTypes, Columns, Schema } from './schema.ts';

/** One output of one operator on one worker. */
export class OutputPort<C extends ColumnTypes = ColumnTypes> {
  /** Index of the output's cells. */
  readonly index: number;
  /** Operator and port, for errors. */
  readonly where: string;
  /** Columns that are sent. */
  readonly schema: Schema<C>;
  /** Records of a batch. */
  readonly rows: number;
  /** Channels to the inputs that follow. */
  readonly pushers: Pusher<C>[] = [];
  /** Times that the operator holds. */
  readonly capabilities: CapabilitySet;
  /** The published frontier: nothing may be sent before it. */
  frontier: Timestamp = 0;
  /** Columns of the open batch: valid between `append` and the next call of any method. */
  columns: Columns<C>;
  readonly #pool: BatchPool<C>;
  readonly #worker: number;
  readonly #cells: FrontierCells;
  #open: Batch<C>;
  #time: Timestamp = 0;

  /** An output without pushers; `index` is that of its cell of `cells`. */
  constructor(cells: FrontierCells, index: number, worker: number, where: string, schema: Schema<C>, rows: number) {
    this.#cells = cells;
    this.index = index;
    this.where = where;
    this.schema = schema;
    this.rows = rows;
    this.capabilities = new CapabilitySet(where);
    this.#worker = worker;
    this.#pool = new BatchPool(schema, rows);
    this.#open = this.#pool.take();
    this.columns = this.#open.columns;
  }

  /**
   * Sets the time of the records that are appended from now on.
   *
   * @throws {CapabilityError} when it lies before the output's frontier (the right to send at it was given up), or is no
   *   timestamp.
   */
  at(time: Timestamp): this {
    this.#check(time, 'send at');
    if (time !== this.#time) {
      if (this.#open.length > 0) this.#send();
      this.#time = time;
    }
    return this;
  }

  /**
   * Begins a record: returns the row of `columns` that the caller fills at once.
   *
   * @throws {CapabilityError} here or in `flush` when the time set last lies before the output's frontier.
   */
  append(): number {
    let open = this.#open;
    if (open.length === open.capacity) {
      this.#send();
      open = this.#open;
    }
    return open.length++;
  }

  /**
   * Begins `count` records at once: returns the first of the consecutive rows of `columns` that the caller fills at once.
   *
   * @throws {EngineError} when they are more than a batch holds.
   */
  appendMany(count: number): number {
    let open = this.#open;
    if (open.length + count > open.capacity) {
      if (count > open.capacity) {
        throw new EngineError(`${this.where}: ${count} records at once; expected at most ${open.capacity}`);
      }
      this.#send();
      open = this.#open;
    }
    const row = open.length;
    open.length = row + count;
    return row;
  }

  /**
   * The open batch, with room for at least one record, for callers that fill many rows at once: they write the rows from
   * `length` on and raise `length`.
   */
  batch(): Batch<C> {
    if (this.#open.length === this.#open.capacity) this.#send();
    return this.#open;
  }

  /**
   * Sends a whole batch of another port with the same schema, at its own time. The batch stays the caller's.
   *
   * @throws {CapabilityError} when its time lies before the output's frontier.
   */
  forward(batch: Batch<C>): void {
    this.at(batch.time);
    if (this.#open.length > 0) this.#send();
    for (let i = 0; i < this.pushers.length; i++) this.pushers[i]!.push(batch);
  }

  /**
   * Holds `time`: the output's frontier stays at or below it until the capability is dropped.
   *
   * @throws {CapabilityError} when it lies before the output's frontier, or is no timestamp.
   */
  hold(time: Timestamp): Capability {
    this.#check(time, 'hold');
    return new Capability(this.capabilities, time);
  }

  /** Publishes all records that were appended or forwarded. Returns whether other workers were sent any. */
  flush(): boolean {
    if (this.#open.length > 0) this.#send();
    let published = false;
    for (let i = 0; i < this.pushers.length; i++) {
      if (this.pushers[i]!.flush()) published = true;
    }
    return published;
  }

  /** Sends on what waits for room in a channel. Returns whether anything could be sent. */
  retry(): boolean {
    let sent = false;
    for (let i = 0; i < this.pushers.length; i++) {
      if (this.pushers[i]!.retry()) sent = true;
    }
    return sent;
  }

  /**
   * Raises the frontier to `bound`, or to the earliest time that is held or still queued. Call it after `flush`: the cell
   * says that everything before it was published. Returns whether the frontier rose.
   *
   * @throws {FrontierError} when it would fall.
   */
  advance(bound: Timestamp): boolean {
    let frontier = Math.min(bound, this.capabilities.minimum());
    for (let i = 0; i < this.pushers.length; i++) frontier = Math.min(frontier, this.pushers[i]!.heldTime());
    if (frontier === this.frontier) return false;
    if (frontier < this.frontier) {
      throw new FrontierError(
        `${this.where} (worker ${this.#worker}): the frontier would fall from ${this.frontier} to ${frontier}`,
      );
    }
    this.frontier = frontier;
    this.#cells.raise(this.index, this.#worker, frontier);
    return true;
  }

  /** Bytes that wait in senders' queues because a ring is full, and of extents that receivers may still read. */
  queuedBytes(): number {
    let bytes = 0;
    for (let i = 0; i < this.pushers.length; i++) bytes += this.pushers[i]!.queuedBytes();
    return bytes;
  }

  #check(time: Timestamp, action: string): void {
    // The second comparison is true of Int32s only, which excludes fractions and NaN.
    if (time >= this.frontier && (time | 0) === time && time < CLOSED) return;
    throw new CapabilityError(
      `${this.where} (worker ${this.#worker}): cannot ${action} time ${time}; expected an integer of at least ` +
        `${this.frontier} (the output's frontier) and below ${CLOSED} (closed)`,
    );
  }

  #send(): void {
    const batch = this.#open;
    // Records that were appended without a new `at` carry the last time, which the frontier may have passed meanwhile.
    this.#check(this.#time, 'send at');
    batch.time = this.#time;
    for (let i = 0; i < this.pushers.length; i++) this.pushers[i]!.push(batch);
    batch.release();
    this.#open = this.#pool.take();
    this.columns = this.#open.columns;
  }
}
