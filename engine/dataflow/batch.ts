/**
 * Batches: one time and up to `capacity` records as typed-array columns.
 *
 * The columns of a batch may lie in a ring slot or in memory of this worker; the code that reads or fills them does not
 * see a difference.
 */
import { EngineError } from '../progress/engine-error.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import { bytesOf } from './block-copy.ts';
import { copyRows } from './copy-rows.ts';
import type { ColumnArray, ColumnTypes, Columns, Schema } from './schema.ts';

/** Records of one time. */
export class Batch<C extends ColumnTypes = ColumnTypes> {
  /** The time of all records in the batch; no record is due before it. */
  time: Timestamp = 0;
  /** Records in the batch; rows `0 .. length - 1` of every column. */
  length = 0;
  /** Rows that the columns have. */
  readonly capacity: number;
  /** Columns by name. */
  readonly columns: Columns<C>;
  /** The same columns in the order of the schema. */
  readonly list: readonly ColumnArray[];
  /** The memory of the columns. */
  readonly memory: Buffer;
  /** The byte of `memory` at which each column begins. */
  readonly starts: readonly number[];
  /** Where the batch goes when it is released; null when its memory is a ring slot. */
  readonly pool: BatchPool<C> | null;
  #references = 0;

  /** A batch over the block at byte `offset` of `memory` (see `Schema.view`). */
  constructor(schema: Schema<C>, capacity: number, memory: Buffer, offset: number, pool: BatchPool<C> | null = null) {
    this.capacity = capacity;
    this.memory = memory;
    this.columns = schema.view(memory.buffer, memory.byteOffset + offset, capacity);
    this.list = schema.names.map((name) => this.columns[name]!);
    this.starts = this.list.map((column) => column.byteOffset - memory.byteOffset);
    this.pool = pool;
  }

  /** One more owner will release the batch. */
  retain(): void {
    this.#references += 1;
  }

  /**
   * One owner gives the batch up; the last one returns it to its pool. A ring slot has no owners: this does nothing.
   *
   * @throws {EngineError} when nobody owns the batch.
   */
  release(): void {
    if (this.pool === null) return;
    if (this.#references <= 0) throw new EngineError('batch: released more often than it was retained');
    this.#references -= 1;
    if (this.#references === 0) this.pool.give(this);
  }
}

/** Reused batches of one schema and capacity, in memory of this worker. */
export class BatchPool<C extends ColumnTypes = ColumnTypes> {
  readonly #schema: Schema<C>;
  readonly #capacity: number;
  readonly #free: Batch<C>[] = [];

  /**
   * A pool of batches of `capacity` rows, which must be a positive multiple of 8.
   *
   * @throws {EngineError} when it is not.
   */
  constructor(schema: Schema<C>, capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 8 || capacity % 8 !== 0) {
      throw new EngineError(`rows of a batch: ${capacity}; expected a positive multiple of 8`);
    }
    this.#schema = schema;
    this.#capacity = capacity;
  }

  /** An empty batch, owned by the caller. */
  take(): Batch<C> {
    const batch = this.#free.pop() ?? this.#create();
    batch.length = 0;
    batch.retain();
    return batch;
  }

  /** A copy of a batch, owned by the caller. */
  copy(batch: Batch<C>): Batch<C> {
    const copy = this.take();
    copyRows(batch, 0, copy, 0, batch.length);
    copy.length = batch.length;
    copy.time = batch.time;
    return copy;
  }

  /** Takes a batch back that nobody owns. */
  give(batch: Batch<C>): void {
    this.#free.push(batch);
  }

  #create(): Batch<C> {
    // A byte more, so that a copy of all rows is none of the whole memory (see `copyBlock`).
    const bytes = this.#schema.blockBytes(this.#capacity) + 1;
    return new Batch(this.#schema, this.#capacity, bytesOf(new ArrayBuffer(bytes), 0, bytes), 0, this);
  }
}
