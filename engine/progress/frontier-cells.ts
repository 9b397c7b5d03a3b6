/**
 * Frontier cells: one shared Int32 per (operator output, worker), written by that worker alone and only ever raised.
 *
 * A cell is a lower bound of the times that its worker may still send from that output. The frontier of an input is the
 * minimum of its source workers' cells; a probe is the minimum over all workers. There are no progress messages and no
 * locks. What makes the bound sound is an order that both sides keep:
 *
 * - a sender publishes its data first and raises its cell afterwards (`raise`);
 * - a receiver reads the cells first (`minimum`, `read`) and drains its channels afterwards.
 *
 * So whoever sees a raised cell also sees all the data that was sent before the raise. Both accesses are sequentially
 * consistent atomics, and therefore neither the compiler nor the processor moves the data accesses across them.
 */
import { EngineError } from './engine-error.ts';
import type { Timestamp } from './timestamp.ts';

/** Most operator outputs of a dataflow: the cells exist before the graph is built, so that probes can be made first. */
export const MAX_OUTPUTS = 1024;

/** Int32s between the cells of two workers: not a power of two, so that they do not meet in one set of a cache. */
const STRIDE = MAX_OUTPUTS + 32;

/** A frontier that would have fallen. */
export class FrontierError extends EngineError {
  override readonly name = 'FrontierError';
}

/** The cells of all outputs of all workers, as one worker sees them. */
export class FrontierCells {
  /** Workers of the dataflow. */
  readonly peers: number;
  /** The cell of output o of worker w at `w * STRIDE + o`: each worker writes to cache lines of its own. */
  readonly #cells: Int32Array;

  /** Bytes that the cells of a dataflow need. */
  static byteLength(peers: number): number {
    return STRIDE * peers * Int32Array.BYTES_PER_ELEMENT;
  }

  /** Views the cells in `buffer`, which starts out as zeros: every frontier is at 0. By default in memory of its own. */
  constructor(peers: number, buffer: ArrayBufferLike = new ArrayBuffer(FrontierCells.byteLength(peers))) {
    this.peers = peers;
    this.#cells = new Int32Array(buffer, 0, STRIDE * peers);
  }

  /**
   * Raises a cell to `time` after the data before `time` was published. Only its own worker may call this, which knows
   * that the cell stands before `time`.
   */
  raise(output: number, worker: number, time: Timestamp): void {
    Atomics.store(this.#cells, worker * STRIDE + output, time);
  }

  /** The cell of one worker. */
  read(output: number, worker: number): Timestamp {
    return Atomics.load(this.#cells, worker * STRIDE + output);
  }

  /** The minimum of one output's cells over all workers. */
  minimum(output: number): Timestamp {
    const cells = this.#cells;
    let minimum = Atomics.load(cells, output);
    for (let worker = 1; worker < this.peers; worker++) {
      const time = Atomics.load(cells, worker * STRIDE + output);
      if (time < minimum) minimum = time;
    }
    return minimum;
  }
}
