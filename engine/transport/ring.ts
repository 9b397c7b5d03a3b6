/**
 * A ring: a single-producer single-consumer queue of fixed slots in shared memory. A slot is a header (channel, time,
 * count) and the columns of one batch.
 *
 * Two counters order everything: `published` belongs to the producer, `released` to the consumer. The producer fills a
 * slot and then stores `published`; the consumer loads `published` and then reads slots; it stores `released` when it has
 * finished with a slot; the producer loads `released` before it reuses one. All four are sequentially consistent atomics.
 * The counters run modulo 2^32, and the number of slots is a power of two.
 */
import { Batch } from '../dataflow/batch.ts';
import { bytesOf } from '../dataflow/block-copy.ts';
import type { BatchReceiver, BatchSender, ChannelSpec } from '../dataflow/transport.ts';
import type { ColumnTypes } from '../dataflow/schema.ts';

/** Index of the producer's counter; the two counters stand on cache lines of their own. */
const PUBLISHED = 0;
/** Index of the consumer's counter. */
const RELEASED = 16;
/** Int32s of the two counters. */
const COUNTERS = 32;
/** Int32s of a slot's header, and the meaning of the first three. */
const HEADER = 4;
const HEADER_CHANNEL = 0;
const HEADER_TIME = 1;
const HEADER_COUNT = 2;

/** Bytes of a ring. */
export function ringBytes(channel: ChannelSpec): number {
  const bytes = (COUNTERS + HEADER * channel.slots) * 4 + channel.schema.blockBytes(channel.rows) * channel.slots;
  return Math.ceil(bytes / 64) * 64;
}

/** Sets both counters of a ring that nobody uses yet. They may start anywhere: only their difference counts. */
export function startRingAt(count: number, buffer: ArrayBufferLike, offset: number): void {
  const counters = new Int32Array(buffer, offset, COUNTERS);
  counters[PUBLISHED] = count;
  counters[RELEASED] = count;
}

/** What both ends see: counters, headers, and a batch over the columns of every slot. */
class RingMemory<C extends ColumnTypes> {
  readonly counters: Int32Array;
  readonly headers: Int32Array;
  readonly batches: readonly Batch<C>[];

  constructor(channel: ChannelSpec<C>, buffer: ArrayBufferLike, offset: number) {
    this.counters = new Int32Array(buffer, offset, COUNTERS);
    this.headers = new Int32Array(buffer, offset + COUNTERS * 4, HEADER * channel.slots);
    const columnsAt = (COUNTERS + HEADER * channel.slots) * 4;
    const slotBytes = channel.schema.blockBytes(channel.rows);
    const memory = bytesOf(buffer, offset, ringBytes(channel));
    this.batches = Array.from(
      { length: channel.slots },
      (_, slot) => new Batch(channel.schema, channel.rows, memory, columnsAt + slot * slotBytes),
    );
  }
}

/** The producer's end; used by one thread. */
export class RingSender<C extends ColumnTypes = ColumnTypes> implements BatchSender<C> {
  readonly sharesExtents: boolean;
  readonly #channel: number;
  readonly #counters: Int32Array;
  readonly #headers: Int32Array;
  readonly #batches: readonly Batch<C>[];
  readonly #slots: number;
  #published: number;
  /** The consumer's counter as last read: may be too low, never too high. */
  #released: number;

  /** The producer's end of the unused ring that lies at `offset`; whether the consumer shares the producer's extents. */
  constructor(channel: ChannelSpec<C>, buffer: ArrayBufferLike, offset: number, sharesExtents: boolean) {
    this.sharesExtents = sharesExtents;
    const memory = new RingMemory(channel, buffer, offset);
    this.#channel = channel.id;
    this.#counters = memory.counters;
    this.#headers = memory.headers;
    this.#batches = memory.batches;
    this.#slots = channel.slots;
    this.#published = memory.counters[PUBLISHED]!;
    this.#released = this.#published;
  }

  /** The next slot, or null when the consumer still has all of them. */
  reserve(): Batch<C> | null {
    if (((this.#published - this.#released) | 0) === this.#slots) {
      this.#released = Atomics.load(this.#counters, RELEASED);
      if (((this.#published - this.#released) | 0) === this.#slots) return null;
    }
    const batch = this.#batches[this.#published & (this.#slots - 1)]!;
    batch.length = 0;
    return batch;
  }

  /** Writes the header and shows the slot to the consumer. */
  publish(): void {
    const slot = this.#published & (this.#slots - 1);
    const batch = this.#batches[slot]!;
    const header = slot * HEADER;
    this.#headers[header + HEADER_CHANNEL] = this.#channel;
    this.#headers[header + HEADER_TIME] = batch.time;
    this.#headers[header + HEADER_COUNT] = batch.length;
    this.#published = (this.#published + 1) | 0;
    // The slot must be complete before the counter says that it is there.
    Atomics.store(this.#counters, PUBLISHED, this.#published);
  }
}

/** The consumer's end; used by one thread. */
export class RingReceiver<C extends ColumnTypes = ColumnTypes> implements BatchReceiver<C> {
  readonly capacity: number;
  readonly holdsUpSender: boolean;
  readonly #counters: Int32Array;
  readonly #headers: Int32Array;
  readonly #batches: readonly Batch<C>[];
  readonly #mask: number;
  #released: number;

  /** The consumer's end of the unused ring that lies at `offset`; whether it is filled by a link, which carries all else, too. */
  constructor(channel: ChannelSpec<C>, buffer: ArrayBufferLike, offset: number, holdsUpSender = false) {
    this.holdsUpSender = holdsUpSender;
    const memory = new RingMemory(channel, buffer, offset);
    this.#counters = memory.counters;
    this.#headers = memory.headers;
    this.#batches = memory.batches;
    this.#mask = channel.slots - 1;
    this.capacity = channel.slots;
    this.#released = memory.counters[RELEASED]!;
  }

  /** Published slots that were not released. */
  available(): number {
    return (Atomics.load(this.#counters, PUBLISHED) - this.#released) | 0;
  }

  /** The i-th of them, with time and length from its header. */
  at(i: number): Batch<C> {
    const slot = (this.#released + i) & this.#mask;
    const batch = this.#batches[slot]!;
    batch.time = this.#headers[slot * HEADER + HEADER_TIME]!;
    batch.length = this.#headers[slot * HEADER + HEADER_COUNT]!;
    return batch;
  }

  /** Gives the first `count` slots back to the producer. */
  release(count: number): void {
    this.#released = (this.#released + count) | 0;
    // Everything that was read from the slots was read before the counter says that they are free.
    Atomics.store(this.#counters, RELEASED, this.#released);
  }
}
