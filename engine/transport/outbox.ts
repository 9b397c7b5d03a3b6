/**
 * What a link is about to send, in chunks of memory that are used again once a socket has taken them: a message for each batch would
 * cost more than its bytes.
 */
import { MESSAGE_HEADER_BYTES, writeMessageHeader } from './wire.ts';

/** Bytes of a chunk; a longer message has a chunk of its own. */
const CHUNK_BYTES = 2 ** 17;

/** Most chunks that are kept for later. */
const MOST_SPARE = 8;

/** Sends bytes; `onSent` is called once their memory may be used again. */
export type SendChunk = (bytes: Uint8Array, onSent: () => void) => void;

/** Collects messages into chunks. */
export class Outbox {
  readonly #send: SendChunk;
  readonly #spare: Buffer[] = [];
  #chunk: Buffer;
  #used = 0;

  /** An empty outbox in front of `send`. */
  constructor(send: SendChunk) {
    this.#send = send;
    this.#chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  }

  /** The chunk in which the payload of the last message lies. */
  get chunk(): Buffer {
    return this.#chunk;
  }

  /** Adds a message whose payload has `bytes` bytes, to be filled in `chunk` from the place that is returned on. */
  message(kind: number, bytes: number): number {
    const length = MESSAGE_HEADER_BYTES + bytes;
    if (this.#used + length > this.#chunk.length) {
      this.flush();
      if (length > this.#chunk.length) this.#chunk = Buffer.allocUnsafeSlow(length);
    }
    writeMessageHeader(this.#chunk, this.#used, kind, bytes);
    this.#used += length;
    return this.#used - bytes;
  }

  /** Shortens the last message to a payload of `bytes` bytes from `at` on. */
  shorten(kind: number, at: number, bytes: number): void {
    writeMessageHeader(this.#chunk, at - MESSAGE_HEADER_BYTES, kind, bytes);
    this.#used = at + bytes;
  }

  /** Sends what was added. */
  flush(): void {
    if (this.#used === 0) return;
    const chunk = this.#chunk;
    this.#send(chunk.subarray(0, this.#used), () => {
      if (this.#spare.length < MOST_SPARE && chunk.length === CHUNK_BYTES) this.#spare.push(chunk);
    });
    this.#chunk = this.#spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#used = 0;
  }
}
