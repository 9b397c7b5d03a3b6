/** A sender that keeps what is published, for tests of the sending side. */
import { Batch } from '../batch.ts';
import type { ColumnTypes, Schema } from '../schema.ts';
import type { BatchSender } from '../transport.ts';

/** A published batch: its time, and its first column. */
export interface Sent {
  readonly time: number;
  readonly values: number[];
}

/** A sender with room for `room` more batches; a test makes more. */
export class RecordingSender<C extends ColumnTypes> implements BatchSender<C> {
  readonly sharesExtents = false;
  readonly sent: Sent[] = [];
  room: number;
  /** Like a slot of a ring, it has no pool. */
  readonly #slot: Batch<C>;

  constructor(schema: Schema<C>, rows: number, room: number) {
    this.room = room;
    this.#slot = new Batch(schema, rows, Buffer.alloc(schema.blockBytes(rows)), 0);
  }

  reserve(): Batch<C> | null {
    if (this.room === 0) return null;
    this.#slot.length = 0;
    return this.#slot;
  }

  publish(): void {
    this.room -= 1;
    this.sent.push({ time: this.#slot.time, values: [...this.#slot.list[0]!.subarray(0, this.#slot.length)] });
  }
}
