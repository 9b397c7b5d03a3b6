/**
 * The open-loop source: record n is due at a time that the schedule alone decides, however late the system is.
 *
 * Worker w of W makes the records n = w mod W. A batch carries the intended time of its earliest record, and the cell is
 * then raised to the intended time of the next record that was not sent. So a record's timestamp never exceeds its
 * intended time, and the frontier does not wait for a clock tick.
 */
import { CLOSED, FIRST_REHEARSAL, FIRST_TICK, tickOf, type Timestamp, timestampOf } from '../../progress/timestamp.ts';
import { EngineError } from '../../progress/engine-error.ts';
import type { OutputPort } from '../output-port.ts';
import type { ColumnTypes, Columns, Schema } from '../schema.ts';
import type { Scope } from '../scope.ts';
import type { Stream } from '../stream.ts';
import { source, type SourceLogic } from './source.ts';

/** When records are due, in ticks since the start barrier. */
export interface Schedule {
  /** Records in all: n = 0 .. total - 1. */
  readonly total: number;
  /** The intended tick of record n; monotone in n. */
  intendedTick(n: number): number;
  /** How many records have an intended tick <= `tick`. */
  dueAt(tick: number): number;
}

/** Makes records; a pure function of the seed and n. */
export interface RecordGenerator<C extends ColumnTypes> {
  /** Fills rows `row .. row + count - 1` with the records n, n + stride, n + 2 * stride and so on. */
  fill(columns: Columns<C>, row: number, n: number, stride: number, count: number): void;
}

/** What a scheduled source sends. */
export interface ScheduledInput<C extends ColumnTypes> {
  /** When records are due. */
  readonly schedule: Schedule;
  /** The records. */
  readonly records: RecordGenerator<C>;
  /** Records that are sent before the clock starts, at times before FIRST_REHEARSAL, as fast as they are taken: i < total. */
  readonly load?: { readonly total: number; readonly records: RecordGenerator<C> };
}

/** Most batches that one step sends: bounds the time until the other operators run, and keeps their data in the cache. */
const BATCHES_PER_STEP = 2;

/** How far this worker's part of an input has got. */
export class ScheduledSource<C extends ColumnTypes> implements SourceLogic {
  readonly #output: OutputPort<C>;
  readonly #input: ScheduledInput<C>;
  readonly #peers: number;
  #loadNext: number;
  #loadTime: Timestamp = 0;
  #next: number;
  #sent = 0;

  /** The part of worker `worker` of `peers`. */
  constructor(output: OutputPort<C>, input: ScheduledInput<C>, worker: number, peers: number) {
    this.#output = output;
    this.#input = input;
    this.#peers = peers;
    this.#loadNext = worker;
    this.#next = worker;
  }

  /** Records of the schedule that this worker has sent. */
  get sent(): number {
    return this.#sent;
  }

  /** The first record of the schedule that this worker has not sent: a multiple of `peers` plus `worker`. */
  get next(): number {
    return this.#next;
  }

  /** Whether all records of the load were sent. */
  get loaded(): boolean {
    return this.#loadNext >= (this.#input.load?.total ?? 0);
  }

  /** Sends what is due. */
  step(now: Timestamp, paused: boolean): Timestamp {
    const { schedule, records } = this.#input;
    if (!this.loaded) {
      if (!paused) this.#load();
      return this.loaded ? this.#frontier() : this.#loadTime;
    }
    if (!paused && now >= FIRST_TICK) {
      // Ticks that are over: a record never leaves before its intended time, which lies anywhere within its tick.
      const due = schedule.dueAt(tickOf(now) - 1);
      for (let batches = 0; this.#next < due && batches < BATCHES_PER_STEP; batches++) {
        const batch = this.#output.at(timestampOf(schedule.intendedTick(this.#next))).batch();
        const count = Math.min(batch.capacity - batch.length, Math.ceil((due - this.#next) / this.#peers));
        records.fill(batch.columns, batch.length, this.#next, this.#peers, count);
        batch.length += count;
        this.#next += count * this.#peers;
        this.#sent += count;
      }
    }
    return this.#frontier();
  }

  #frontier(): Timestamp {
    const { schedule } = this.#input;
    return this.#next < schedule.total ? timestampOf(schedule.intendedTick(this.#next)) : CLOSED;
  }

  #load(): void {
    const { total, records } = this.#input.load!;
    for (let batches = 0; this.#loadNext < total && batches < BATCHES_PER_STEP; batches++) {
      // Each batch has a time of its own: records are applied when the frontier has passed them, and must not pile up.
      if (this.#loadTime >= FIRST_REHEARSAL) {
        throw new EngineError(`${this.#output.where}: more than ${FIRST_REHEARSAL} batches to load`);
      }
      const batch = this.#output.at(this.#loadTime).batch();
      const count = Math.min(batch.capacity - batch.length, Math.ceil((total - this.#loadNext) / this.#peers));
      records.fill(batch.columns, batch.length, this.#loadNext, this.#peers, count);
      batch.length += count;
      this.#loadNext += count * this.#peers;
      this.#loadTime += 1;
    }
  }
}

/** An open-loop source on every worker; also returns this worker's part of it, which knows how much was sent. */
export function scheduledSource<C extends ColumnTypes>(
  scope: Scope,
  name: string,
  schema: Schema<C>,
  input: ScheduledInput<C>,
): { readonly stream: Stream<C>; readonly source: ScheduledSource<C> } {
  const parts: ScheduledSource<C>[] = [];
  const stream = source(scope, name, schema, (output) => {
    const part = new ScheduledSource(output, input, scope.worker, scope.peers);
    parts.push(part);
    return part;
  });
  return { stream, source: parts[0]! };
}
