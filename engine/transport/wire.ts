/**
 * The wire protocol between processes: messages of a header (kind, bytes that follow; two Int32s, little-endian) and a payload.
 * Whatever does not follow it is refused with an error that says what was found: the bytes may come from anybody.
 */
import { EngineError } from '../progress/engine-error.ts';

/** Version of the protocol; both ends must have the same. */
export const WIRE_VERSION = 2;

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

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  readonly #mostFrameBytes: number;
  readonly #onMessage: (kind: number, payload: Buffer) => void;
  /** The header of a message that has begun; `#headerFilled` bytes of it are there. */
  readonly #header = Buffer.alloc(MESSAGE_HEADER_BYTES);
  #headerFilled = 0;
  /** The payload of a message that has begun before the present chunk; null when there is none. */
  #body: Buffer | null = null;
  #bodyFilled = 0;

  /**
   * A reader of messages whose frames and raises have payloads of at most `mostFrameBytes` bytes. Payloads stay as they are:
   * nothing is read into their memory again.
   */
  constructor(mostFrameBytes: number, onMessage: (kind: number, payload: Buffer) => void) {
    this.#mostFrameBytes = mostFrameBytes;
    this.#onMessage = onMessage;
  }

  /**
   * Takes the next bytes of the stream, and hands over the messages that they complete. Only what crosses the end of a chunk is
   * copied.
   *
   * @throws {WireError} at a header that no message has; nothing more is to be read from the stream then
   */
  push(chunk: Buffer): void {
    let at = this.#complete(chunk);
    while (chunk.length - at >= MESSAGE_HEADER_BYTES) {
      const length = this.#check(chunk.readInt32LE(at), chunk.readInt32LE(at + 4));
      const end = at + MESSAGE_HEADER_BYTES + length;
      if (end > chunk.length) break;
      this.#onMessage(chunk.readInt32LE(at), chunk.subarray(at + MESSAGE_HEADER_BYTES, end));
      at = end;
    }
    // What is left begins a message that this chunk does not complete.
    this.#complete(chunk.subarray(at));
  }

  /** Goes on with the message that has begun, if there is one or `chunk` is not empty; returns how many bytes it took. */
  #complete(chunk: Buffer): number {
    let at = 0;
    if (this.#body === null) {
      if (this.#headerFilled === 0 && chunk.length >= MESSAGE_HEADER_BYTES && this.#holdsMessage(chunk)) return 0;
      at = chunk.copy(this.#header, this.#headerFilled);
      this.#headerFilled += at;
      if (this.#headerFilled < MESSAGE_HEADER_BYTES) return at;
      this.#body = Buffer.allocUnsafe(this.#check(this.#header.readInt32LE(0), this.#header.readInt32LE(4)));
      this.#bodyFilled = 0;
    }
    const body = this.#body;
    const taken = chunk.copy(body, this.#bodyFilled, at);
    this.#bodyFilled += taken;
    if (this.#bodyFilled < body.length) return at + taken;
    this.#body = null;
    this.#headerFilled = 0;
    this.#onMessage(this.#header.readInt32LE(0), body);
    return at + taken;
  }

  /** Whether the message at the start of the chunk ends in it. */
  #holdsMessage(chunk: Buffer): boolean {
    return chunk.length >= MESSAGE_HEADER_BYTES + this.#check(chunk.readInt32LE(0), chunk.readInt32LE(4));
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
