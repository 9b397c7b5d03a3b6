/**
 * The state channel: bins on their way from a router to another worker's host.
 *
 * A bin is sent as a head, which names the image that each container gave up (extent-frames.ts). Between threads the receiver copies
 * the extents (`handoff: copy`) or takes them over (`share`). Where memory is not shared, the link sends their contents, out of the
 * extents of the bin (`share`) or of a copy that the sender has made (`copy`), and the receiver puts them together. Extents that others
 * may still read are lent: they return to the sender when every worker has passed the bin's time. Either way a container sees its bin
 * whole.
 */
import type { Batch } from '../dataflow/batch.ts';
import { FRAME_WORDS, IMAGE_WORDS, KIND_BODY, KIND_EXTENTS } from '../dataflow/extent-frames.ts';
import { type Extents, WORD_BYTES } from '../dataflow/extents.ts';
import type { ExchangePact } from '../dataflow/pact.ts';
import { QueuedPusher } from '../dataflow/pushers.ts';
import { Schema } from '../dataflow/schema.ts';
import type { SendQueue } from '../dataflow/send-queue.ts';
import type { BatchSender, ChannelSpec } from '../dataflow/transport.ts';
import { EngineError } from '../progress/engine-error.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import type { BinState } from './state/bin-state.ts';
import type { Image } from './state/container.ts';

/** How a bin changes hands: by a copy of it, or its memory itself; between processes that is sent from where it lies. */
export type Handoff = 'copy' | 'share';

/** Columns of the state channel. */
export const stateSchema = new Schema({ word: 'float64' });

/** Columns of the state channel. */
export type StateColumns = (typeof stateSchema)['columns'];

/** Words of a batch: a slot of 64 KiB. */
export const STATE_ROWS = 8192;
/** Slots of a ring. */
export const STATE_SLOTS = 8;

/** The sending half: batches go where the router says, one destination at a time. */
class StatePusher extends QueuedPusher<StateColumns> {
  /** Bytes of extents that receivers may still read. */
  readonly #lentBytes: () => number;

  constructor(
    channel: ChannelSpec<StateColumns>,
    senders: readonly BatchSender<StateColumns>[],
    lentBytes: () => number,
  ) {
    super(channel, senders);
    this.#lentBytes = lentBytes;
  }

  override push(): void {
    throw new EngineError('state channel: bins are written through a StateSender, not pushed');
  }

  override queuedBytes(): number {
    return super.queuedBytes() + this.#lentBytes();
  }
}

/** An extent that is not used again before every worker has passed a time. */
interface Lent {
  readonly time: Timestamp;
  readonly offset: number;
  readonly words: number;
  /** Bytes that are still to be sent, or copied. */
  readonly queuedBytes: number;
}

/** Sends bins of one worker. */
export class StateSender {
  /** The pact of the channel. */
  readonly pact: ExchangePact<StateColumns>;
  /** By destination worker; connected when the dataflow starts. */
  readonly #queues: SendQueue<StateColumns>[] = [];
  readonly #state: BinState;
  readonly #extents: Extents;
  readonly #handoff: Handoff;
  /** Ascending by time. */
  #lent: Lent[] = [];
  #queuedBytes = 0;

  /** A sender of the bins of `state`, whose extents are this worker's. */
  constructor(state: BinState, extents: Extents, handoff: Handoff) {
    this.#state = state;
    this.#extents = extents;
    this.#handoff = handoff;
    this.pact = {
      kind: 'exchange',
      namesExtents: true,
      pusher: (channel, senders) => {
        const pusher = new StatePusher(channel, senders, () => this.#queuedBytes);
        this.#queues.push(...pusher.queues);
        return pusher;
      },
    };
  }

  /** The earliest time of the extents that are lent; Infinity when there are none. */
  get lentSince(): Timestamp {
    return this.#lent[0]?.time ?? Infinity;
  }

  /** Takes a bin out of the state and sends it to worker `to` at `time`. Returns the bytes of its contents. */
  send(bin: number, to: number, time: Timestamp): number {
    const state = this.#state;
    const queue = this.#queues[to]!;
    state.release(bin);
    let contents = 0;
    for (let i = 0; i < state.images.length; i++) {
      const image = state.images[i]!;
      contents += image.used;
      if (image.capacity === 0 || (queue.sharesExtents && this.#handoff === 'share')) continue;
      if (!queue.sharesExtents && this.#handoff === 'copy') {
        const copy = this.#extents.allocate(image.capacity);
        this.#extents.copy(image.offset, image.used, copy);
        this.#lend(time, image, 0);
        image.offset = copy;
      }
      this.#lend(time, image, image.used * WORD_BYTES);
    }
    this.#writeHead(queue, bin, time, contents);
    return contents * WORD_BYTES;
  }

  /** Frees the extents that were lent before `frontier`: every worker has installed what was sent before it. */
  reclaim(frontier: Timestamp): void {
    let count = 0;
    for (; count < this.#lent.length && this.#lent[count]!.time < frontier; count++) {
      const { offset, words, queuedBytes } = this.#lent[count]!;
      this.#extents.free(offset, words);
      this.#queuedBytes -= queuedBytes;
    }
    if (count > 0) this.#lent = this.#lent.slice(count);
  }

  #lend(time: Timestamp, { offset, capacity }: Image, queuedBytes: number): void {
    this.#lent.push({ time, offset, words: capacity, queuedBytes });
    this.#queuedBytes += queuedBytes;
  }

  #writeHead(queue: SendQueue<StateColumns>, bin: number, time: Timestamp, contents: number): void {
    const { images } = this.#state;
    const batch = openFor(queue, time, FRAME_WORDS + images.length * IMAGE_WORDS);
    const words = batch.columns.word;
    let at = batch.length;
    words[at++] = bin;
    words[at++] = KIND_EXTENTS;
    words[at++] = contents;
    words[at++] = images.length;
    for (let i = 0; i < images.length; i++) {
      const { offset, used, capacity, detail, detail2 } = images[i]!;
      words[at++] = offset;
      words[at++] = used;
      words[at++] = capacity;
      words[at++] = detail;
      words[at++] = detail2;
    }
    batch.length = at;
  }
}

/** A bin of which not all bodies have arrived. */
interface Arrival {
  readonly images: readonly Image[];
  /** Words that are still to come. */
  missing: number;
  /** The container whose contents come next, and how much of it is there. */
  container: number;
  filled: number;
}

/** Receives the bins of one worker and hosts them. */
export class StateReceiver {
  readonly #state: BinState;
  readonly #extents: Extents;
  readonly #handoff: Handoff;
  readonly #arrivals = new Map<number, Arrival>();

  /** Hosts arriving bins in `state`, in extents of this worker. */
  constructor(state: BinState, extents: Extents, handoff: Handoff) {
    this.#state = state;
    this.#extents = extents;
    this.#handoff = handoff;
  }

  /** Takes all frames of a batch: bins that are complete are hosted from now on. */
  receive(batch: Batch<StateColumns>): void {
    const words = batch.columns.word;
    for (let at = 0; at < batch.length;) {
      const bin = words[at]!;
      const kind = words[at + 1]!;
      const count = words[at + 2]!;
      if (kind === KIND_BODY) {
        this.#receiveBody(bin, batch, at + FRAME_WORDS, count);
        at += FRAME_WORDS + count;
        continue;
      }
      this.#readImages(words, at + FRAME_WORDS);
      at += FRAME_WORDS + this.#state.images.length * IMAGE_WORDS;
      if (kind === KIND_EXTENTS) this.#receiveExtents(bin);
      else this.#beginArrival(bin, count);
    }
  }

  #readImages(words: Float64Array, at: number): void {
    const { images } = this.#state;
    for (let i = 0; i < images.length; i++) {
      const image = images[i]!;
      image.offset = words[at++]!;
      image.used = words[at++]!;
      image.capacity = words[at++]!;
      image.detail = words[at++]!;
      image.detail2 = words[at++]!;
    }
  }

  #receiveExtents(bin: number): void {
    const { images } = this.#state;
    if (this.#handoff === 'copy') {
      for (let i = 0; i < images.length; i++) {
        const image = images[i]!;
        if (image.capacity === 0) continue;
        const copy = this.#extents.allocate(image.capacity);
        this.#extents.copy(image.offset, image.used, copy);
        image.offset = copy;
      }
    }
    this.#state.adopt(bin);
  }

  #beginArrival(bin: number, contents: number): void {
    const images = this.#state.images.map((image) => ({
      ...image,
      offset: image.capacity === 0 ? 0 : this.#extents.allocate(image.capacity),
    }));
    const arrival = { images, missing: contents, container: 0, filled: 0 };
    if (contents === 0) this.#finish(bin, arrival);
    else this.#arrivals.set(bin, arrival);
  }

  #receiveBody(bin: number, batch: Batch<StateColumns>, from: number, count: number): void {
    const arrival = this.#arrivals.get(bin);
    if (arrival === undefined || count > arrival.missing) {
      throw new EngineError(
        `state channel: ${count} words of bin ${bin} arrive; expected at most ${arrival?.missing ?? 0}`,
      );
    }
    // A body never spans two containers; those without contents have none.
    while (arrival.filled === arrival.images[arrival.container]!.used) {
      arrival.container += 1;
      arrival.filled = 0;
    }
    arrival.missing -= count;
    const { offset } = arrival.images[arrival.container]!;
    const place = batch.starts[0]! + from * WORD_BYTES;
    this.#extents.write(batch.memory, place, count, offset + arrival.filled);
    arrival.filled += count;
    if (arrival.missing > 0) return;
    this.#arrivals.delete(bin);
    this.#finish(bin, arrival);
  }

  #finish(bin: number, { images }: Arrival): void {
    for (let i = 0; i < images.length; i++) Object.assign(this.#state.images[i]!, images[i]!);
    this.#state.adopt(bin);
  }
}

/** An open batch at `time` with room for `words` more words. */
function openFor(queue: SendQueue<StateColumns>, time: Timestamp, words: number): Batch<StateColumns> {
  const batch = queue.open(time);
  if (batch.capacity - batch.length >= words) return batch;
  queue.close();
  return queue.open(time);
}
