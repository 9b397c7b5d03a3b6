/**
 * A link between two processes, at this process's end: what its workers have published for the other's workers goes out as frames
 * and raises in one queue, first in first out, and what comes in is applied in that order. So no worker sees a raised cell before
 * the data that was sent ahead of the raise.
 *
 * Going out, the link keeps the receiver's half of the protocol: it reads the cells of a worker first, then takes up its rings, and
 * puts the cells' values behind the data. Coming in, it keeps the sender's half.
 *
 * Where batches name extents, it sends their contents, some at a time, so that other frames need not wait for all of them. As long as
 * some are still to come, raises of the output that named them are kept back.
 */
import { type Extents, WORD_BYTES } from '../dataflow/extents.ts';
import type { ChannelSpec } from '../dataflow/transport.ts';
import type { FrontierCells } from '../progress/frontier-cells.ts';
import { ContentsWriter } from './contents-writer.ts';
import { decodeFrame, FRAME_HEADER_BYTES, frameBytes, frameHeader, writeFrame, writeFrameHeader } from './frame.ts';
import type { Outbox } from './outbox.ts';
import type { RingReceiver, RingSender } from './ring.ts';
import type { SharedMemoryTransport } from './shared-memory.ts';
import { MESSAGE, WireError } from './wire.ts';

/** Bytes of the workers in front of a frame. */
const ROUTE_BYTES = 8;

/** Bytes of contents after which a link looks for other frames. */
const CONTENTS_BYTES = 2 ** 18;

/** What a link joins. */
export interface LinkEnds {
  /** Channels of the dataflow. */
  readonly channels: readonly ChannelSpec[];
  /** Operator outputs. */
  readonly outputs: number;
  /** Cells that the workers of this process share. */
  readonly cells: FrontierCells;
  /** Extents that the workers of this process name. */
  readonly extents: Extents;
  /** Workers of this process. */
  readonly local: readonly number[];
  /** Workers of the other process. */
  readonly remote: readonly number[];
  /** A worker's view of the rings of this process. */
  readonly transportOf: (worker: number) => SharedMemoryTransport;
  /**
   * Bytes of contents after which other frames have their turn; no frame of contents is longer, and every head is shorter.
   *
   * @default 256 KiB
   */
  readonly contentsBytes?: number;
}

/** Most bytes that the payload of a frame or of raises of such a dataflow has. */
export function mostPayloadBytes({ channels, outputs }: Pick<LinkEnds, 'channels' | 'outputs'>): number {
  const frames = channels.map(({ schema, rows }) => ROUTE_BYTES + FRAME_HEADER_BYTES + schema.blockBytes(rows));
  return Math.max(4 + 8 * outputs, ...frames);
}

/** The link's end of the rings between a local and a remote worker, by channel. */
interface Lane {
  readonly from: number;
  readonly to: number;
  readonly rings: readonly RingReceiver[];
  /** By channel, where batches name extents. */
  readonly writers: readonly (ContentsWriter | null)[];
}

/** One end of a link. */
export class ProcessLink {
  readonly #ends: LinkEnds;
  /** Rings that leave, by local worker. */
  readonly #leaving: readonly (readonly Lane[])[];
  /** Rings that arrive, by remote worker, local worker, channel. */
  readonly #arriving = new Map<number, ReadonlyMap<number, readonly RingSender[]>>();
  /** The cells of local workers as already told, by worker and output. */
  readonly #told: readonly Int32Array[];
  /** Cells as last read, of one worker. */
  readonly #seen: Int32Array;
  /** 1 for the outputs of that worker whose raises must wait. */
  readonly #keptBack: Uint8Array;

  /** An end of a link over which nothing has gone yet. */
  constructor(ends: LinkEnds) {
    this.#ends = ends;
    const { channels, local, remote, transportOf } = ends;
    this.#leaving = local.map((from) =>
      remote.map((to) => ({
        from,
        to,
        rings: channels.map((channel) => transportOf(from).leaving(channel, to)),
        writers: channels.map(({ namesExtents }) => (namesExtents ? new ContentsWriter(ends.extents) : null)),
      })),
    );
    for (const from of remote) {
      const lanes = local.map(
        (to) => [to, channels.map((channel) => transportOf(to).arriving(channel, from))] as const,
      );
      this.#arriving.set(from, new Map(lanes));
    }
    this.#told = local.map(() => new Int32Array(ends.outputs));
    this.#seen = new Int32Array(ends.outputs);
    this.#keptBack = new Uint8Array(ends.outputs);
  }

  /** Takes up what the workers of this process have published for those of the other. Returns whether there was anything. */
  collect(outbox: Outbox): boolean {
    let found = false;
    for (let i = 0; i < this.#leaving.length; i++) {
      if (this.#collectWorker(i, outbox)) found = true;
    }
    outbox.flush();
    return found;
  }

  #collectWorker(index: number, outbox: Outbox): boolean {
    const worker = this.#ends.local[index]!;
    const seen = this.#seen;
    for (let output = 0; output < seen.length; output++) seen[output] = this.#ends.cells.read(output, worker);
    this.#keptBack.fill(0);
    let found = false;
    for (const lane of this.#leaving[index]!) {
      for (let c = 0; c < lane.rings.length; c++) {
        const writer = lane.writers[c]!;
        if (writer === null ? this.#takeBatches(lane, c, outbox) : this.#takeContents(lane, c, writer, outbox))
          found = true;
      }
    }
    return this.#tell(index, worker, outbox) || found;
  }

  #takeBatches({ from, to, rings }: Lane, channel: number, outbox: Outbox): boolean {
    const ring = rings[channel]!;
    const { schema } = this.#ends.channels[channel]!;
    const count = ring.available();
    for (let i = 0; i < count; i++) {
      const batch = ring.at(i);
      const at = outbox.message(MESSAGE.frame, ROUTE_BYTES + frameBytes(schema, batch.length));
      writeRoute(outbox.chunk, at, from, to);
      writeFrame(outbox.chunk, at + ROUTE_BYTES, channel, batch);
    }
    if (count > 0) ring.release(count);
    return count > 0;
  }

  /** Takes up some of the contents that batches name. */
  #takeContents({ from, to, rings }: Lane, channel: number, writer: ContentsWriter, outbox: Outbox): boolean {
    const ring = rings[channel]!;
    const { rows, output } = this.#ends.channels[channel]!;
    const { contentsBytes = CONTENTS_BYTES } = this.#ends;
    const most = Math.min(rows, Math.floor(contentsBytes / WORD_BYTES));
    let bytes = 0;
    while (bytes < contentsBytes && ring.available() > 0) {
      const batch = ring.at(0);
      const at = outbox.message(MESSAGE.frame, ROUTE_BYTES + FRAME_HEADER_BYTES + most * WORD_BYTES);
      const frame = at + ROUTE_BYTES;
      const count = writer.write(batch, outbox.chunk, frame + FRAME_HEADER_BYTES, most);
      writeRoute(outbox.chunk, at, from, to);
      writeFrameHeader(outbox.chunk, frame, { channel, time: batch.time, count }, count * WORD_BYTES);
      outbox.shorten(MESSAGE.frame, at, ROUTE_BYTES + FRAME_HEADER_BYTES + count * WORD_BYTES);
      bytes += count * WORD_BYTES;
      if (writer.ends(batch)) ring.release(1);
    }
    if (ring.available() > 0) this.#keptBack[output] = 1;
    return bytes > 0;
  }

  /** Writes the raises of a worker's cells that were seen before its rings were taken up. */
  #tell(index: number, worker: number, outbox: Outbox): boolean {
    const told = this.#told[index]!;
    let raises = 0;
    for (let output = 0; output < told.length; output++) {
      if (this.#keptBack[output] !== 0) this.#seen[output] = told[output]!;
      if (this.#seen[output] !== told[output]) raises += 1;
    }
    if (raises === 0) return false;
    let at = outbox.message(MESSAGE.raises, 4 + 8 * raises);
    outbox.chunk.writeInt32LE(worker, at);
    at += 4;
    for (let output = 0; output < told.length; output++) {
      const time = this.#seen[output]!;
      if (time === told[output]) continue;
      told[output] = time;
      outbox.chunk.writeInt32LE(output, at);
      outbox.chunk.writeInt32LE(time, at + 4);
      at += 8;
    }
    return true;
  }

  /**
   * Applies a message of the other process that is not a control message. Returns false when the ring of a frame is full: then
   * nothing behind it may be applied before.
   *
   * @throws {WireError} when it names a worker, an output or a channel that does not exist, or has another length than its rows need
   */
  accept(kind: number, payload: Buffer): boolean {
    return kind === MESSAGE.frame ? this.#acceptFrame(payload) : this.#acceptRaises(payload);
  }

  #acceptFrame(payload: Buffer): boolean {
    if (payload.length < ROUTE_BYTES + FRAME_HEADER_BYTES) throw new WireError(`a frame of ${payload.length} bytes`);
    const from = payload.readInt32LE(0);
    const to = payload.readInt32LE(4);
    const frame = payload.subarray(ROUTE_BYTES);
    const { channel, count } = frameHeader(frame);
    const lane = this.#arriving.get(from)?.get(to);
    if (lane === undefined)
      throw new WireError(`a frame from worker ${from} to worker ${to}, which this link does not join`);
    const spec = this.#ends.channels[channel];
    if (spec === undefined)
      throw new WireError(`a frame of channel ${channel}; there are ${this.#ends.channels.length}`);
    if (count < 0 || count > spec.rows) throw new WireError(`a frame of ${count} rows; expected 0 to ${spec.rows}`);
    const expected = ROUTE_BYTES + frameBytes(spec.schema, count);
    if (payload.length !== expected) throw new WireError(`a frame of ${payload.length} bytes; expected ${expected}`);
    const ring = lane[channel]!;
    const slot = ring.reserve();
    if (slot === null) return false;
    decodeFrame(frame, slot);
    ring.publish();
    return true;
  }

  #acceptRaises(payload: Buffer): boolean {
    if (payload.length < 12 || payload.length % 8 !== 4) throw new WireError(`raises of ${payload.length} bytes`);
    const worker = payload.readInt32LE(0);
    if (!this.#arriving.has(worker)) throw new WireError(`a raise of worker ${worker}, which is not at the other end`);
    for (let at = 4; at < payload.length; at += 8) {
      const output = payload.readInt32LE(at);
      if (output < 0 || output >= this.#ends.outputs) throw new WireError(`a raise of output ${output}`);
      const time = payload.readInt32LE(at + 4);
      if (time < this.#ends.cells.read(output, worker))
        throw new WireError(`a cell of worker ${worker} that falls to ${time}`);
      this.#ends.cells.raise(output, worker, time);
    }
    return true;
  }
}

function writeRoute(target: Buffer, at: number, from: number, to: number): void {
  target.writeInt32LE(from, at);
  target.writeInt32LE(to, at + 4);
}
