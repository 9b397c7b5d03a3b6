/** A sender that keeps what is published, for tests of the sending side. */
import { BatchPool } from '../batch.ts';
import type { BatchSender } from '../endpoints.ts';
import type { ColumnTypes, Schema } from '../schema.ts';

/** A published batch: its time, and its first column. */
export interface Sent {
  readonly time: number;
  readonly values: number[];
}

/** A sender with `room` slots; a test makes more. */
export interface RecordingSender<C extends ColumnTypes> extends BatchSender<C> {
  readonly sent: Sent[];
  room: number;
}

/** A sender that has room for `room` batches. */
export function recordingSender<C extends ColumnTypes>(
  schema: Schema<C>,
  rows: number,
  room: number,
): RecordingSender<C> {
  // Like a slot of a ring, the batch has no pool of its own.
  const { columns, list, capacity } = new BatchPool(schema, rows).take();
  const slot = { columns, list, capacity, time: 0, length: 0, pool: null, references: 0, release: () => {} };
  return {
    sent: [],
    room,
    reserve() {
      if (this.room === 0) return null;
      slot.length = 0;
      return slot;
    },
    publish() {
      this.room -= 1;
      this.sent.push({ time: slot.time, values: [...slot.list[0]!.subarray(0, slot.length)] });
    },
  };
}
