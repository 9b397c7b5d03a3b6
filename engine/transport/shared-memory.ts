/** The transport between threads of one process: rings and frontier cells in shared memory. */
import type { BatchReceiver, BatchSender, ChannelSpec, Transport } from '../dataflow/endpoints.ts';
import type { ColumnTypes } from '../dataflow/schema.ts';
import type { GraphDescription } from '../dataflow/scope.ts';
import { FrontierCells } from '../progress/frontier-cells.ts';
import { ringBytes, RingReceiver, RingSender } from './ring.ts';

/** The memory that the workers of a dataflow share. */
export interface SharedBuffers {
  /** Frontier cells. */
  readonly cells: SharedArrayBuffer;
  /** By channel: peers * peers rings, the one from worker a to worker b at index a * peers + b. */
  readonly channels: readonly SharedArrayBuffer[];
}

/** Bytes of the memory that the workers of a dataflow share; a plain object that can be sent between threads. */
export interface SharedSizes {
  /** Bytes of the frontier cells. */
  readonly cells: number;
  /** Bytes of all rings, by channel. */
  readonly channels: readonly number[];
}

/** How much memory a graph needs. */
export function sharedSizes(graph: Pick<GraphDescription, 'outputs' | 'channels'>, peers: number): SharedSizes {
  return {
    cells: FrontierCells.byteLength(graph.outputs, peers),
    channels: graph.channels.map((channel) => ringBytes(channel) * peers * peers),
  };
}

/** Allocates the memory of a dataflow, zeroed. Its pages are touched by whoever uses them first. */
export function allocateShared(sizes: SharedSizes): SharedBuffers {
  return {
    cells: new SharedArrayBuffer(sizes.cells),
    channels: sizes.channels.map((bytes) => new SharedArrayBuffer(bytes)),
  };
}

/** One worker's view of the shared memory. */
export class SharedMemoryTransport implements Transport {
  /** The one and only set of cells. */
  readonly cells: FrontierCells;
  readonly #buffers: SharedBuffers;
  readonly #worker: number;
  readonly #peers: number;

  /** The view of worker `worker`. */
  constructor(buffers: SharedBuffers, outputs: number, worker: number, peers: number) {
    this.cells = new FrontierCells(buffers.cells, outputs, peers);
    this.#buffers = buffers;
    this.#worker = worker;
    this.#peers = peers;
  }

  /** The producer's end of the ring to worker `to`. */
  sender<C extends ColumnTypes>(channel: ChannelSpec<C>, to: number): BatchSender<C> {
    const index = this.#worker * this.#peers + to;
    return new RingSender(channel, this.#buffers.channels[channel.id]!, index * ringBytes(channel));
  }

  /** The consumer's end of the ring from worker `from`. */
  receiver<C extends ColumnTypes>(channel: ChannelSpec<C>, from: number): BatchReceiver<C> {
    const index = from * this.#peers + this.#worker;
    return new RingReceiver(channel, this.#buffers.channels[channel.id]!, index * ringBytes(channel));
  }
}
