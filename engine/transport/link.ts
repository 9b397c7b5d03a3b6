/**
 * Links: the transport between workers that share no memory. A link carries frames and raises of cells in one queue, first
 * in first out, and the receiving side applies them in that order; so a worker never sees a raised cell before the data
 * that was sent ahead of the raise.
 *
 * The link itself keeps the receiver's half of the protocol when it collects: cells first, then rings, and it puts the
 * cells' values behind the data.
 */
import type { ColumnTypes } from '../dataflow/schema.ts';
import type { GraphDescription } from '../dataflow/scope.ts';
import type { BatchReceiver, BatchSender, ChannelSpec, Transport } from '../dataflow/transport.ts';
import type { FrontierCells } from '../progress/frontier-cells.ts';
import type { Timestamp } from '../progress/timestamp.ts';
import { decodeFrame, encodeFrame, frameHeader } from './frame.ts';
import { ringBytes, RingReceiver, RingSender } from './ring.ts';

/** One worker's own memory: cells of all workers as far as they are known here, and a ring per channel and peer. */
export class LinkedTransport implements Transport {
  /** This worker's cells, and what links have told about the others'. */
  readonly cells: FrontierCells;
  /** Channels of the dataflow. */
  readonly channels: readonly ChannelSpec[];
  /** Index of this worker. */
  readonly worker: number;
  /** Operator outputs. */
  readonly outputs: number;
  /** Rings towards peers by channel, then peer. The ring to the worker itself is also the incoming one. */
  readonly #outgoing: readonly (readonly ArrayBuffer[])[];
  /** Rings from peers by channel, then peer. */
  readonly #incoming: readonly (readonly ArrayBuffer[])[];

  /** Allocates the rings of the worker with these cells. */
  constructor(graph: Pick<GraphDescription, 'outputs' | 'channels'>, cells: FrontierCells, worker: number) {
    this.cells = cells;
    this.channels = graph.channels;
    this.worker = worker;
    this.outputs = graph.outputs.length;
    const rings = () =>
      graph.channels.map((channel) => Array.from({ length: cells.peers }, () => new ArrayBuffer(ringBytes(channel))));
    this.#outgoing = rings();
    this.#incoming = rings();
  }

  /** Sends into the outgoing ring of `to`. */
  sender<C extends ColumnTypes>(channel: ChannelSpec<C>, to: number): BatchSender<C> {
    return new RingSender(channel, this.#outgoing[channel.id]![to]!, 0, to === this.worker);
  }

  /** Receives from the incoming ring of `from`. */
  receiver<C extends ColumnTypes>(channel: ChannelSpec<C>, from: number): BatchReceiver<C> {
    const rings = from === this.worker ? this.#outgoing : this.#incoming;
    return new RingReceiver(channel, rings[channel.id]![from]!, 0, from !== this.worker);
  }

  /** The link's end of the outgoing ring to `to`. */
  leaving(channel: ChannelSpec, to: number): RingReceiver {
    return new RingReceiver(channel, this.#outgoing[channel.id]![to]!, 0);
  }

  /** The link's end of the incoming ring from `from`. */
  arriving(channel: ChannelSpec, from: number): RingSender {
    return new RingSender(channel, this.#incoming[channel.id]![from]!, 0, false);
  }
}

/** A raise of a cell on its way. */
interface Raise {
  readonly output: number;
  readonly time: Timestamp;
}

/** The way from one worker to another. */
export class Link {
  readonly #from: LinkedTransport;
  readonly #to: LinkedTransport;
  readonly #leaving: readonly RingReceiver[];
  readonly #arriving: readonly RingSender[];
  /** Frames and raises in flight, in order. */
  readonly #queue: (Uint8Array | Raise)[] = [];
  /** The sender's cells as already told. */
  readonly #told: Int32Array;

  /** A link between two different workers. */
  constructor(from: LinkedTransport, to: LinkedTransport) {
    this.#from = from;
    this.#to = to;
    this.#leaving = from.channels.map((channel) => from.leaving(channel, to.worker));
    this.#arriving = to.channels.map((channel) => to.arriving(channel, from.worker));
    this.#told = new Int32Array(from.outputs);
  }

  /** The worker that the link comes from. */
  get from(): number {
    return this.#from.worker;
  }

  /** The worker that the link leads to. */
  get to(): number {
    return this.#to.worker;
  }

  /** Items in flight. */
  get inFlight(): number {
    return this.#queue.length;
  }

  /** Takes up what the sender has published. Returns whether there was anything. */
  collect(): boolean {
    const before = this.#queue.length;
    const cells = Array.from(this.#told, (_, output) => this.#from.cells.read(output, this.#from.worker));
    for (let c = 0; c < this.#leaving.length; c++) {
      const ring = this.#leaving[c]!;
      const count = ring.available();
      for (let i = 0; i < count; i++) this.#queue.push(encodeFrame(c, ring.at(i)));
      if (count > 0) ring.release(count);
    }
    cells.forEach((time, output) => {
      if (time === this.#told[output]) return;
      this.#told[output] = time;
      this.#queue.push({ output, time });
    });
    return this.#queue.length > before;
  }

  /** Delivers at most `count` items in order; stops early at a full ring. Returns how many. */
  deliver(count: number): number {
    let delivered = 0;
    for (; delivered < count && delivered < this.#queue.length; delivered++) {
      const item = this.#queue[delivered]!;
      if (item instanceof Uint8Array) {
        const ring = this.#arriving[frameHeader(item).channel]!;
        const slot = ring.reserve();
        if (slot === null) break;
        decodeFrame(item, slot);
        ring.publish();
      } else {
        this.#to.cells.raise(item.output, this.#from.worker, item.time);
      }
    }
    this.#queue.splice(0, delivered);
    return delivered;
  }
}
