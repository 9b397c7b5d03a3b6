/**
 * The state channel: bins on their way from a router to another worker's host.
 *
 * A batch of the channel is a sequence of frames of words. A bin begins with a head: its number, its kind, the words of its
 * contents, and the image that each container gave up. Between threads the head is all: the receiver sees the extents that
 * it names, and copies them (`handoff: copy`) or takes them over (`share`); lent extents return to the sender when every
 * worker has passed the bin's time. Where memory is not shared, bodies of bounded size follow, which carry the contents of
 * the extents one after the other; the receiver assembles them. Either way a container sees its bin whole.
 */
import { type Extents, WORD_BYTES } from '../dataflow/extents.ts';
import type { Batch } from '../dataflow/batch.ts';
import type { ExchangePact } from '../dataflow/pact.ts';
import { QueuedPusher } from '../dataflow/pushers.ts';
import { Schema } from '../dataflow/schema.ts';
import type { SendQueue } from '../dataflow/send-queue.ts';
import { EngineError } from '../progress/engine-error.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import type { BinState } from './state/bin-state.ts';
import type { Image } from './state/container.ts';

/** How a bin changes hands between threads: the receiver copies it, or takes its memory over. */
export type Handoff = 'copy' | 'share';

/** Columns of the state channel. */
export const stateSchema = new Schema({ word: 'float64' });

/** Columns of the state channel. */
export type StateColumns = (typeof stateSchema)['columns'];

/** Words of a batch: a slot of 64 KiB. */
export const STATE_ROWS = 8192;
/** Slots of a ring. */
export const STATE_SLOTS = 8;

/** A frame begins with its bin, its kind and the words of contents: those of the whole bin, or those that follow. */
const FRAME_WORDS = 3;
/** Words of an image in a head. */
const IMAGE_WORDS = 5;
const KIND_EXTENTS = 0;
const KIND_CONTENTS = 1;
const KIND_BODY = 2;

/** The sending half: batches go where the router says, one destination at a time. */
class StatePusher extends QueuedPusher<StateColumns> {
  override push(): void {
    throw new EngineError('state channel: bins are written through a StateSender, not pushed');
  }
}

/** An extent that receivers may still read. */
interface Lent {
  readonly time: Timestamp;
  readonly offset: number;
  readonly words: number;
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

  /** A sender of the bins of `state`, whose extents are this worker's. */
  constructor(state: BinState, extents: Extents, handoff: Handoff) {
    this.#state = state;
    this.#extents = extents;
    this.#handoff = handoff;
    this.pact = {
      kind: 'exchange',
      pusher: (channel, senders) => {
        const pusher = new StatePusher(channel, senders);
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
    for (const { used } of state.images) contents += used;
    this.#writeHead(queue, bin, time, queue.sharesExtents ? KIND_EXTENTS : KIND_CONTENTS, contents);
    for (let i = 0; i < state.images.length; i++) {
      const { offset, used, capacity } = state.images[i]!;
      if (capacity === 0) continue;
      if (!queue.sharesExtents) {
        this.#writeBodies(queue, bin, time, offset, used);
        this.#extents.free(offset, capacity);
      } else if (this.#handoff === 'copy') {
        this.#lent.push({ time, offset, words: capacity });
      }
    }
    return contents * Float64Array.BYTES_PER_ELEMENT;
  }

  /** Frees the extents that were lent before `frontier`: every worker has installed what was sent before it. */
  reclaim(frontier: Timestamp): void {
    let count = 0;
    for (; count < this.#lent.length && this.#lent[count]!.time < frontier; count++) {
      const { offset, words } = this.#lent[count]!;
      this.#extents.free(offset, words);
    }
    if (count > 0) this.#lent = this.#lent.slice(count);
  }

  #writeHead(queue: SendQueue<StateColumns>, bin: number, time: Timestamp, kind: number, contents: number): void {
    const { images } = this.#state;
    const batch = openFor(queue, time, FRAME_WORDS + images.length * IMAGE_WORDS);
    const words = batch.columns.word;
    let at = batch.length;
    words[at++] = bin;
    words[at++] = kind;
    words[at++] = contents;
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

  #writeBodies(queue: SendQueue<StateColumns>, bin: number, time: Timestamp, offset: number, count: number): void {
    for (let done = 0; done < count;) {
      const batch = openFor(queue, time, FRAME_WORDS + 1);
      const words = batch.columns.word;
      const at = batch.length;
      const length = Math.min(count - done, batch.capacity - at - FRAME_WORDS);
      words[at] = bin;
      words[at + 1] = KIND_BODY;
      words[at + 2] = length;
      const place = batch.starts[0]! + (at + FRAME_WORDS) * WORD_BYTES;
      this.#extents.read(offset + done, length, batch.memory, place);
      batch.length = at + FRAME_WORDS + length;
      done += length;
    }
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
