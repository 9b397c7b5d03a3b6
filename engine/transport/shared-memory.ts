/** The transport between threads of one process: rings in shared memory. A link takes those that lead to other processes up. */
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
  readonly #isLocal: (worker: number) => boolean;

  /** The view of worker `worker`; by default all its peers are threads of this process. */
  constructor(rings: SharedRings, worker: number, peers: number, isLocal: (worker: number) => boolean = () => true) {
    this.#rings = rings;
    this.#worker = worker;
    this.#peers = peers;
    this.#isLocal = isLocal;
  }

  /** The producer's end of the ring to worker `to`. */
  sender<C extends ColumnTypes>(channel: ChannelSpec<C>, to: number): BatchSender<C> {
    return new RingSender(
      channel,
      this.#rings[channel.id]!,
      this.#offset(channel, this.#worker, to),
      this.#isLocal(to),
    );
  }

  /** The consumer's end of the ring from worker `from`. */
  receiver<C extends ColumnTypes>(channel: ChannelSpec<C>, from: number): BatchReceiver<C> {
    const offset = this.#offset(channel, from, this.#worker);
    return new RingReceiver(channel, this.#rings[channel.id]!, offset, !this.#isLocal(from));
  }

  /** The link's end of the ring to worker `to` of another process. */
  leaving(channel: ChannelSpec, to: number): RingReceiver {
    return new RingReceiver(channel, this.#rings[channel.id]!, this.#offset(channel, this.#worker, to));
  }

  /** The link's end of the ring from worker `from` of another process. */
  arriving(channel: ChannelSpec, from: number): RingSender {
    return new RingSender(channel, this.#rings[channel.id]!, this.#offset(channel, from, this.#worker), false);
  }

  #offset(channel: ChannelSpec, from: number, to: number): number {
    return (from * this.#peers + to) * ringBytes(channel);
  }
}
