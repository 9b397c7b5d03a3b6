/** The transport between threads of one process: rings in shared memory. */
import type { ColumnTypes } from '../dataflow/schema.ts';
import type { GraphDescription } from '../dataflow/scope.ts';
import type { BatchReceiver, BatchSender, ChannelSpec, Transport } from '../dataflow/transport.ts';
import { ringBytes, RingReceiver, RingSender, startRingAt } from './ring.ts';

/** Rings by channel: peers * peers of them, the one from worker a to worker b at index a * peers + b. */
export type SharedRings = readonly SharedArrayBuffer[];

/** Bytes of all rings, by channel. */
export function ringSizes(graph: Pick<GraphDescription, 'channels'>, peers: number): number[] {
  return graph.channels.map((channel) => ringBytes(channel) * peers * peers);
}

/** Allocates the rings of a dataflow. Their pages are touched by whoever uses them first. */
export function allocateRings(sizes: readonly number[]): SharedRings {
  return sizes.map((bytes) => new SharedArrayBuffer(bytes));
}

/** Sets the counters of all rings, which nobody uses yet: tests let them wrap. */
export function startRingsAt(count: number, rings: SharedRings, graph: Pick<GraphDescription, 'channels'>): void {
  for (const channel of graph.channels) {
    const bytes = ringBytes(channel);
    const buffer = rings[channel.id]!;
    for (let offset = 0; offset < buffer.byteLength; offset += bytes) startRingAt(count, buffer, offset);
  }
}

/** One worker's view of the rings. */
export class SharedMemoryTransport implements Transport {
  readonly #rings: SharedRings;
  readonly #worker: number;
  readonly #peers: number;

  /** The view of worker `worker`. */
  constructor(rings: SharedRings, worker: number, peers: number) {
    this.#rings = rings;
    this.#worker = worker;
    this.#peers = peers;
  }

  /** The producer's end of the ring to worker `to`. */
  sender<C extends ColumnTypes>(channel: ChannelSpec<C>, to: number): BatchSender<C> {
    const index = this.#worker * this.#peers + to;
    return new RingSender(channel, this.#rings[channel.id]!, index * ringBytes(channel), true);
  }

  /** The consumer's end of the ring from worker `from`. */
  receiver<C extends ColumnTypes>(channel: ChannelSpec<C>, from: number): BatchReceiver<C> {
    const index = from * this.#peers + this.#worker;
    return new RingReceiver(channel, this.#rings[channel.id]!, index * ringBytes(channel));
  }
}
