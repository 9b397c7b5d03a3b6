/**
 * Frames: a batch as bytes, for links. Header of four Int32s (channel, time, count, bytes that follow), then the first
 * `count` rows of every column: the same bytes as in a ring slot, without the unused rows.
 */
import type { Batch } from '../dataflow/batch.ts';
import type { ColumnArray, Schema } from '../dataflow/schema.ts';

/** Int32s of a frame's header. */
const HEADER_INTS = 4;
/** Bytes of a frame's header. */
export const FRAME_HEADER_BYTES = HEADER_INTS * 4;

/** The header of a frame. */
export interface FrameHeader {
  /** Channel of the batch. */
  readonly channel: number;
  /** Time of the batch. */
  readonly time: number;
  /** Records of the batch. */
  readonly count: number;
}

/** Writes the batch into `target` from byte `at` on, where it has room for `frameBytes`. */
export function writeFrame(target: Uint8Array, at: number, channel: number, batch: Batch): void {
  const header = new DataView(target.buffer, target.byteOffset + at, FRAME_HEADER_BYTES);
  header.setInt32(0, channel, true);
  header.setInt32(4, batch.time, true);
  header.setInt32(8, batch.length, true);
  header.setInt32(12, rowBytes(batch) * batch.length, true);
  let to = at + FRAME_HEADER_BYTES;
  for (const column of batch.list) {
    const used = bytesOf(column, batch.length);
    target.set(used, to);
    to += used.length;
  }
}

/** Bytes of a frame of `count` rows. */
export function frameBytes(schema: Schema, count: number): number {
  return FRAME_HEADER_BYTES + schema.bytesPerRow * count;
}

/** The header of a frame, which may lie at any address. */
export function frameHeader(frame: Uint8Array): FrameHeader {
  const header = new DataView(frame.buffer, frame.byteOffset, FRAME_HEADER_BYTES);
  return { channel: header.getInt32(0, true), time: header.getInt32(4, true), count: header.getInt32(8, true) };
}

/** Fills `batch`, which has the schema and at least the capacity of the encoded one. */
export function decodeFrame(frame: Uint8Array, batch: Batch): void {
  const { time, count } = frameHeader(frame);
  batch.time = time;
  batch.length = count;
  let at = FRAME_HEADER_BYTES;
  for (const column of batch.list) {
    const target = bytesOf(column, count);
    target.set(frame.subarray(at, at + target.length));
    at += target.length;
  }
}

function rowBytes(batch: Batch): number {
  let bytes = 0;
  for (const column of batch.list) bytes += column.BYTES_PER_ELEMENT;
  return bytes;
}

function bytesOf(column: ColumnArray, count: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.BYTES_PER_ELEMENT * count);
}
