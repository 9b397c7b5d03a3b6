/**
 * The state channel: bins on their way from a router to another worker's host.
 *
 * A batch of the channel is a sequence of frames. A frame is a header of four words (bin, container, count, kind) and, for
 * a chunk, `count` words of payload. `prepare` precedes the chunks of a bin. Frames of several small bins share a batch.
 */
import type { Batch } from '../dataflow/batch.ts';
import { QueuedConsumer } from '../dataflow/consumers.ts';
import { EngineError } from '../progress/engine-error.ts';
import type { ExchangePact } from '../dataflow/pact.ts';
import { Schema } from '../dataflow/schema.ts';
import type { SendQueue } from '../dataflow/send-queue.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import type { BinState, StateWriter } from './state/bin-state.ts';

/** Columns of the state channel. */
export const stateSchema = new Schema({ word: 'float64' });

/** Columns of the state channel. */
export type StateColumns = (typeof stateSchema)['columns'];

/** Words of a batch: a slot of 64 KiB. */
export const STATE_ROWS = 8192;
/** Slots of a ring. */
export const STATE_SLOTS = 8;

const HEADER_WORDS = 4;
const KIND_PREPARE = 0;
const KIND_CHUNK = 1;
/** A frame is begun only where at least this much payload fits behind its header. */
const LEAST_PAYLOAD = 64;

/** The sending half: batches go where the router says, one destination at a time. */
class StateConsumer extends QueuedConsumer<StateColumns> {
  queue(to: number): SendQueue<StateColumns> {
    return this.queues[to]!;
  }

  override push(): void {
    throw new EngineError('state channel: batches are written through a StateSender, not pushed');
  }
}

/** Writes bins into the state channel; the pact of the channel and the writer that containers extract into. */
export class StateSender implements StateWriter {
  /** Index of the container whose chunks are being written. */
  container = 0;
  /** Memory of the chunk that is being written. */
  words: Float64Array = new Float64Array(0);
  /** First payload word of the chunk. */
  start = 0;
  /** Payload words that fit. */
  capacity = 0;
  /** The pact of the channel. */
  readonly pact: ExchangePact<StateColumns>;
  #consumer: StateConsumer | null = null;
  #queue: SendQueue<StateColumns> | null = null;
  #batch: Batch<StateColumns> | null = null;
  #time: Timestamp = 0;
  #bin = 0;
  #sentWords = 0;

  /** A sender whose channel is connected when the dataflow starts. */
  constructor() {
    this.pact = {
      consumer: (channel, senders) => {
        this.#consumer = new StateConsumer(channel, senders);
        return this.#consumer;
      },
    };
  }

  /** Takes a bin out of `state` and sends it to worker `to` at `time`. Returns the bytes sent. */
  send(state: BinState, bin: number, to: number, time: Timestamp): number {
    this.#queue = this.#consumer!.queue(to);
    this.#time = time;
    this.#bin = bin;
    this.#sentWords = 0;
    this.#open();
    this.#frame(KIND_PREPARE, 0);
    state.extract(bin, this);
    return this.#sentWords * Float64Array.BYTES_PER_ELEMENT;
  }

  /** Ends a chunk of `count` words; the next one may lie elsewhere. */
  flush(count: number): void {
    this.#frame(KIND_CHUNK, count);
  }

  /** Makes sure that `bytes` can wait for each worker without touching fresh memory. */
  reserve(to: number, bytes: number): void {
    this.#consumer!.queue(to).reserve(Math.ceil(bytes / (STATE_ROWS * Float64Array.BYTES_PER_ELEMENT)));
  }

  #frame(kind: number, count: number): void {
    const header = this.start - HEADER_WORDS;
    this.words[header] = this.#bin;
    this.words[header + 1] = this.container;
    this.words[header + 2] = count;
    this.words[header + 3] = kind;
    this.#batch!.length += HEADER_WORDS + count;
    this.#sentWords += HEADER_WORDS + count;
    this.#open();
  }

  /** Finds room for the next frame. */
  #open(): void {
    const queue = this.#queue!;
    let batch = queue.open(this.#time);
    if (batch.capacity - batch.length < HEADER_WORDS + LEAST_PAYLOAD) {
      queue.flush();
      batch = queue.open(this.#time);
    }
    this.#batch = batch;
    this.words = batch.columns.word;
    this.start = batch.length + HEADER_WORDS;
    this.capacity = batch.capacity - this.start;
  }
}

/** Installs the frames of a batch: bins are hosted from their `prepare` on. */
export function installFrames(batch: Batch<StateColumns>, state: BinState): void {
  const words = batch.columns.word;
  for (let at = 0; at < batch.length;) {
    const bin = words[at]!;
    const count = words[at + 2]!;
    if (words[at + 3] === KIND_PREPARE) state.create(bin);
    else state.install(bin, words[at + 1]!, words, at + HEADER_WORDS, count);
    at += HEADER_WORDS + count;
  }
}
