/** The sending sides of the channels from an output to an input: pipeline (same worker), exchange and broadcast. */
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { type Batch, BatchPool } from './batch.ts';
import { copyRows, gatherRows } from './copy-rows.ts';
import { Partition } from './partition.ts';
import type { PipelineLane } from './pipeline-lane.ts';
import type { ColumnTypes, Schema } from './schema.ts';
import { SendQueue } from './send-queue.ts';
import type { BatchSender, ChannelSpec } from './transport.ts';

/** Takes the batches of an output to one input of the next operator. */
export interface Pusher<C extends ColumnTypes> {
  /** Sends a batch; retains it or copies, as it needs. */
  push(batch: Batch<C>): void;
  /** Publishes what was pushed. Returns whether there was anything to publish. */
  flush(): boolean;
  /** Sends on what waits for room. Returns whether anything could be sent. */
  retry(): boolean;
  /** The earliest time that waits for room; CLOSED when nothing does. */
  heldTime(): Timestamp;
  /** Bytes that wait for room, and of extents that receivers may still read. */
  queuedBytes(): number;
}

/** Hands batches to the next operator of the same worker, by reference. Keeps the number of records per time. */
export class PipelinePusher<C extends ColumnTypes> implements Pusher<C> {
  readonly #lane: PipelineLane<C>;
  readonly #pool: BatchPool<C>;

  /** Pushes into `lane`; batches that lie in a ring are copied into batches of `rows` records. */
  constructor(lane: PipelineLane<C>, schema: Schema<C>, rows: number) {
    this.#lane = lane;
    this.#pool = new BatchPool(schema, rows);
  }

  /** Queues the batch. */
  push(batch: Batch<C>): void {
    if (batch.pool === null) {
      this.#lane.push(this.#pool.copy(batch));
      return;
    }
    batch.retain();
    this.#lane.push(batch);
  }

  /** A pushed batch is visible at once: the next operator runs in the same step. */
  flush(): boolean {
    return false;
  }

  /** Sends nothing: there is always room. */
  retry(): boolean {
    return false;
  }

  /** CLOSED: there is always room. */
  heldTime(): Timestamp {
    return CLOSED;
  }

  /** 0: there is always room. */
  queuedBytes(): number {
    return 0;
  }
}

/** The common part of the channels between workers: one queue per destination worker. */
export abstract class QueuedPusher<C extends ColumnTypes> implements Pusher<C> {
  /** Queues by destination worker. */
  readonly queues: readonly SendQueue<C>[];

  /** Sends through `senders` (by destination worker). */
  constructor(channel: ChannelSpec<C>, senders: readonly BatchSender<C>[]) {
    this.queues = senders.map((sender) => new SendQueue(channel, sender));
  }

  /** Copies the records of the batch into open slots. */
  abstract push(batch: Batch<C>): void;

  /** Publishes the open slots. */
  flush(): boolean {
    let published = false;
    for (let to = 0; to < this.queues.length; to++) {
      if (this.queues[to]!.flush()) published = true;
    }
    return published;
  }

  /** Moves waiting batches into slots that have become free. */
  retry(): boolean {
    let sent = false;
    for (let to = 0; to < this.queues.length; to++) {
      if (this.queues[to]!.retry()) sent = true;
    }
    return sent;
  }

  /** The earliest time that waits for a slot. */
  heldTime(): Timestamp {
    let held: Timestamp = CLOSED;
    for (let to = 0; to < this.queues.length; to++) held = Math.min(held, this.queues[to]!.heldTime());
    return held;
  }

  /** Bytes that wait for a slot. */
  queuedBytes(): number {
    let bytes = 0;
    for (let to = 0; to < this.queues.length; to++) bytes += this.queues[to]!.queuedBytes();
    return bytes;
  }
}

/** Decides which worker each record of a batch goes to. */
export interface Route<C extends ColumnTypes> {
  /** Writes the destination of each row, a worker, into `destinations[0 .. batch.length)`. */
  destinations(batch: Batch<C>, destinations: Int32Array): void;
}

/**
 * Partitions batches over the workers, straight into ring slots. Keeps the number of records per time: each record
 * arrives once, at the worker that the route names, with the time of its batch.
 */
export class ExchangePusher<C extends ColumnTypes> extends QueuedPusher<C> {
  readonly #route: Route<C>;
  readonly #destinations: Int32Array;
  readonly #partition: Partition;

  /** Sends batches of at most `rows` records, each record to where `route` says. */
  constructor(channel: ChannelSpec<C>, senders: readonly BatchSender<C>[], route: Route<C>, rows: number) {
    super(channel, senders);
    this.#route = route;
    this.#destinations = new Int32Array(rows);
    this.#partition = new Partition(senders.length, rows);
  }

  /** Copies every record into an open slot of its destination. */
  override push(batch: Batch<C>): void {
    this.#route.destinations(batch, this.#destinations);
    this.#partition.fill(this.#destinations, batch.length);
    const { rows, counts, capacity } = this.#partition;
    for (let to = 0; to < this.queues.length; to++) {
      const queue = this.queues[to]!;
      const from = to * capacity;
      for (let done = 0, count = counts[to]!; done < count;) {
        const target = queue.open(batch.time);
        const room = Math.min(target.capacity - target.length, count - done);
        gatherRows(batch, rows, from + done, target, target.length, room);
        target.length += room;
        done += room;
      }
    }
  }
}

/** Sends every batch to every worker. */
export class BroadcastPusher<C extends ColumnTypes> extends QueuedPusher<C> {
  /** Copies the batch into an open slot of each worker. */
  override push(batch: Batch<C>): void {
    for (let to = 0; to < this.queues.length; to++) {
      const queue = this.queues[to]!;
      for (let done = 0; done < batch.length;) {
        const target = queue.open(batch.time);
        const room = Math.min(target.capacity - target.length, batch.length - done);
        copyRows(batch, done, target, target.length, room);
        target.length += room;
        done += room;
      }
    }
  }
}
