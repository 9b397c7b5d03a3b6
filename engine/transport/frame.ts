/**
 * Frames: a batch as bytes, for links. Header of four Int32s (channel, time, count, bytes that follow), then the first
 * `count` rows of every column: the same bytes as in a ring slot, without the unused rows.
 */
import type { Batch } from '../dataflow/batch.ts';
import type { ColumnArray } from '../dataflow/schema.ts';

/** Int32s of a frame's header. */
const HEADER_INTS = 4;
/** Bytes of a frame's header. */
const HEADER_BYTES = HEADER_INTS * 4;

/** The header of a frame. */
export interface FrameHeader {
  /** Channel of the batch. */
  readonly channel: number;
  /** Time of the batch. */
  readonly time: number;
  /** Records of the batch. */
  readonly count: number;
}

/** The batch as a new block of bytes. */
export function encodeFrame(channel: number, batch: Batch): Uint8Array {
  let bytes = 0;
  for (const column of batch.list) bytes += column.BYTES_PER_ELEMENT * batch.length;
  const frame = new Uint8Array(HEADER_BYTES + bytes);
  new Int32Array(frame.buffer, 0, HEADER_INTS).set([channel, batch.time, batch.length, bytes]);
  let at = HEADER_BYTES;
  for (const column of batch.list) {
    const used = bytesOf(column, batch.length);
    frame.set(used, at);
    at += used.length;
  }
  return frame;
}

/** The header of a frame. */
export function frameHeader(frame: Uint8Array): FrameHeader {
  const header = new Int32Array(frame.buffer, frame.byteOffset, HEADER_INTS);
  return { channel: header[0]!, time: header[1]!, count: header[2]! };
}

/** Fills `batch`, which has the schema and at least the capacity of the encoded one. */
export function decodeFrame(frame: Uint8Array, batch: Batch): void {
  const { time, count } = frameHeader(frame);
  batch.time = time;
  batch.length = count;
  let at = HEADER_BYTES;
  for (const column of batch.list) {
    const target = bytesOf(column, count);
    target.set(frame.subarray(at, at + target.length));
    at += target.length;
  }
}

function bytesOf(column: ColumnArray, count: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.BYTES_PER_ELEMENT * count);
}
