/**
 * The wire protocol between processes: messages of a header (kind, bytes that follow; two Int32s, little-endian) and a payload.
 * Whatever does not follow it is refused with an error that says what was found: the bytes may come from anybody.
 */
import { EngineError } from '../progress/engine-error.ts';

/** Version of the protocol; both ends must have the same. */
export const WIRE_VERSION = 4;

/** Kinds of messages. */
export const MESSAGE = {
  /** JSON: the handshake, the barrier, signs of life, the end. */
  control: 1,
  /** Int32s from and to (workers), then a frame (see frame.ts). */
  frame: 2,
  /** Int32s: a worker, then pairs of an output and the time to which its cell was raised. */
  raises: 3,
} as const;

/** Bytes of a message's header. */
export const MESSAGE_HEADER_BYTES = 8;

/** Most bytes of a control message. */
const MOST_CONTROL_BYTES = 2 ** 20;

/** Bytes that are no messages, or messages that have no place here. */
export class WireError extends EngineError {
  override readonly name = 'WireError';
}

/** Writes the header of a message whose payload has `bytes` bytes. */
export function writeMessageHeader(target: Buffer, at: number, kind: number, bytes: number): void {
  target.writeInt32LE(kind, at);
  target.writeInt32LE(bytes, at + 4);
}

/** A message as bytes. */
export function encodeMessage(kind: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES + payload.length);
  writeMessageHeader(bytes, 0, kind, payload.length);
  bytes.set(payload, MESSAGE_HEADER_BYTES);
  return bytes;
}

/** A control message as bytes. */
export function controlMessage(content: object): Buffer {
  return encodeMessage(MESSAGE.control, Buffer.from(JSON.stringify(content)));
}

/** The content of a control message's payload: an object with a `type`. */
export function parseControl(payload: Buffer): Readonly<Record<string, unknown>> & { readonly type: string } {
  let content: unknown;
  try {
    content = JSON.parse(payload.toString('utf8'));
  } catch {
    throw new WireError('a control message that is no JSON');
  }
  if (typeof content !== 'object' || content === null || !('type' in content) || typeof content.type !== 'string') {
    throw new WireError('a control message without a type');
  }
  return content as Readonly<Record<string, unknown>> & { readonly type: string };
}

/** Takes a message whose payload stays as it is until this returns; false when there is no room for it yet. */
export type MessageHandler = (kind: number, payload: Buffer) => boolean;

const NOTHING = Buffer.alloc(0);

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  readonly #mostFrameBytes: number;
  readonly #onMessage: MessageHandler;
  /** The header of a message that has begun before the present chunk; `#headerFilled` bytes of it are there. */
  readonly #header = Buffer.alloc(MESSAGE_HEADER_BYTES);
  #headerFilled = 0;
  /** Its payload, `#length` bytes when the header is there, of which `#bodyFilled` are. */
  #body: Buffer = NOTHING;
  #length = 0;
  #bodyFilled = 0;
  /** What of the present chunk was not read. */
  #rest: Buffer = NOTHING;

  /** A reader of messages whose frames and raises have payloads of at most `mostFrameBytes` bytes. */
  constructor(mostFrameBytes: number, onMessage: MessageHandler) {
    this.#mostFrameBytes = mostFrameBytes;
    this.#onMessage = onMessage;
  }

  /**
   * Takes the next bytes of the stream, and hands over the messages that they complete. Only what crosses the end of a chunk is
   * copied. Returns whether all were taken; if not, the chunk must stay as it is until `retry` has returned true.
   *
   * @throws {WireError} at a header that no message has; nothing more is to be read from the stream then
   */
  push(chunk: Buffer): boolean {
    this.#rest = chunk;
    return this.retry();
  }

  /**
   * Goes on with a message for which there was no room. Returns whether all were taken.
   *
   * @throws {WireError} as `push`
   */
  retry(): boolean {
    const chunk = this.#rest;
    let at = 0;
    for (;;) {
      if (this.#headerFilled === 0) {
        const bodyAt = at + MESSAGE_HEADER_BYTES;
        if (bodyAt <= chunk.length) {
          const kind = chunk.readInt32LE(at);
          const end = bodyAt + this.#check(kind, chunk.readInt32LE(at + 4));
          if (end <= chunk.length) {
            if (!this.#onMessage(kind, chunk.subarray(bodyAt, end))) return this.#keep(chunk, at);
            at = end;
            continue;
          }
        }
        if (at === chunk.length) break;
      }
      // A message that crosses the end of a chunk.
      at = this.#gather(chunk, at);
      if (this.#headerFilled < MESSAGE_HEADER_BYTES || this.#bodyFilled < this.#length) break;
      const body = this.#body.subarray(0, this.#length);
      if (!this.#onMessage(this.#header.readInt32LE(0), body)) return this.#keep(chunk, at);
      this.#headerFilled = 0;
    }
    this.#rest = NOTHING;
    return true;
  }

  #keep(chunk: Buffer, at: number): false {
    this.#rest = chunk.subarray(at);
    return false;
  }

  /** Copies what belongs to the message that has begun, or begins, at `at`. Returns where that ends. */
  #gather(chunk: Buffer, at: number): number {
    if (this.#headerFilled < MESSAGE_HEADER_BYTES) {
      const taken = chunk.copy(this.#header, this.#headerFilled, at);
      this.#headerFilled += taken;
      at += taken;
      if (this.#headerFilled < MESSAGE_HEADER_BYTES) return at;
      this.#length = this.#check(this.#header.readInt32LE(0), this.#header.readInt32LE(4));
      this.#bodyFilled = 0;
      if (this.#body.length < this.#length) this.#body = Buffer.allocUnsafeSlow(this.#length);
    }
    const taken = chunk.copy(this.#body, this.#bodyFilled, at, at + this.#length - this.#bodyFilled);
    this.#bodyFilled += taken;
    return at + taken;
  }

  /** The length, if a message can have it. */
  #check(kind: number, length: number): number {
    const most =
      kind === MESSAGE.control
        ? MOST_CONTROL_BYTES
        : kind === MESSAGE.frame || kind === MESSAGE.raises
          ? this.#mostFrameBytes
          : -1;
    if (most < 0) throw new WireError(`a message of kind ${kind}; expected 1 to 3`);
    if (length < 0 || length > most) {
      throw new WireError(`a message of kind ${kind} with ${length} bytes; expected 0 to ${most}`);
    }
    return length;
  }
}
