/**
 * Frames: a batch as bytes, for links. Header of four Int32s (channel, time, count, bytes that follow), then the first
 * `count` rows of every column: the same bytes as in a ring slot, without the unused rows.
 */
import type { Batch } from '../dataflow/batch.ts';
import { copyBlock } from '../dataflow/block-copy.ts';
import type { Schema } from '../dataflow/schema.ts';

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
export function writeFrame(target: Buffer, at: number, channel: number, batch: Batch): void {
  let to = at + FRAME_HEADER_BYTES;
  for (let c = 0; c < batch.list.length; c++) {
    const bytes = batch.list[c]!.BYTES_PER_ELEMENT * batch.length;
    copyBlock(batch.memory, batch.starts[c]!, target, to, bytes);
    to += bytes;
  }
  const { time, length } = batch;
  writeFrameHeader(target, at, { channel, time, count: length }, to - at - FRAME_HEADER_BYTES);
}

/** Writes the header of a frame with `bytes` bytes of columns. */
export function writeFrameHeader(target: Buffer, at: number, header: FrameHeader, bytes: number): void {
  const { channel, time, count } = header;
  target.writeInt32LE(channel, at);
  target.writeInt32LE(time, at + 4);
  target.writeInt32LE(count, at + 8);
  target.writeInt32LE(bytes, at + 12);
}

/** Bytes of a frame of `count` rows. */
export function frameBytes(schema: Schema, count: number): number {
  return FRAME_HEADER_BYTES + schema.bytesPerRow * count;
}

/** The header of a frame, which may lie at any address. */
export function frameHeader(frame: Buffer): FrameHeader {
  return { channel: frame.readInt32LE(0), time: frame.readInt32LE(4), count: frame.readInt32LE(8) };
}

/** Fills `batch`, which has the schema and at least the capacity of the encoded one. */
export function decodeFrame(frame: Buffer, batch: Batch): void {
  const { time, count } = frameHeader(frame);
  batch.time = time;
  batch.length = count;
  let at = FRAME_HEADER_BYTES;
  for (let c = 0; c < batch.list.length; c++) {
    const bytes = batch.list[c]!.BYTES_PER_ELEMENT * count;
    copyBlock(frame, at, batch.memory, batch.starts[c]!, bytes);
    at += bytes;
  }
}
