/**
 * Batches: one time and up to `capacity` records as typed-array columns.
 *
 * The columns of a batch may lie in a ring slot or in memory of this worker; the code that reads or fills them does not
 * see a difference.
 */
import { EngineError } from '../progress/engine-error.ts';
import type { Timestamp } from '../progress/timestamp.ts';
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
  /** Where the batch goes when it is let go; null when its memory is a ring slot. */
  readonly pool: BatchPool<C> | null;
  /** Consumers that have not let go of the batch yet. */
  references = 0;

  /** A batch over a block of memory (see `Schema.view`). */
  constructor(
    schema: Schema<C>,
    capacity: number,
    buffer: ArrayBufferLike,
    offset: number,
    pool: BatchPool<C> | null = null,
  ) {
    this.capacity = capacity;
    this.columns = schema.view(buffer, offset, capacity);
    this.list = schema.names.map((name) => this.columns[name]!);
    this.pool = pool;
  }

  /** One consumer lets go of the batch; the last one returns it to its pool. */
  release(): void {
    this.references -= 1;
    if (this.references === 0 && this.pool !== null) this.pool.give(this);
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

  /** An empty batch with one reference, held by the caller. */
  take(): Batch<C> {
    const batch = this.#free.pop() ?? this.#create();
    batch.length = 0;
    batch.references = 1;
    return batch;
  }

  /** Takes a batch back. */
  give(batch: Batch<C>): void {
    this.#free.push(batch);
  }

  /** Makes sure that `count` batches lie ready, with every page of their memory touched. */
  reserve(count: number): void {
    while (this.#free.length < count) {
      const batch = this.#create();
      for (const column of batch.list) column.fill(1);
      this.#free.push(batch);
    }
  }

  #create(): Batch<C> {
    const bytes = this.#schema.blockBytes(this.#capacity);
    return new Batch(this.#schema, this.#capacity, new ArrayBuffer(bytes), 0, this);
  }
}
