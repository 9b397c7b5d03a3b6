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

/** Int32 cells per cache line of 64 bytes. */
const CELLS_PER_LINE = 16;

/** A frontier that would have fallen. */
export class FrontierError extends EngineError {
  override readonly name = 'FrontierError';
}

/** The cells of all outputs of all workers, as one worker sees them. */
export class FrontierCells {
  /** Outputs of the dataflow; the first index of a cell. */
  readonly outputs: number;
  /** Workers of the dataflow; the second index of a cell. */
  readonly peers: number;
  /** Cells by worker, then output; each worker's cells start on a cache line of their own. */
  readonly #cells: Int32Array;
  readonly #stride: number;

  /** Bytes that the cells of a dataflow need. */
  static byteLength(outputs: number, peers: number): number {
    return FrontierCells.#strideOf(outputs) * peers * Int32Array.BYTES_PER_ELEMENT;
  }

  static #strideOf(outputs: number): number {
    return Math.max(1, Math.ceil(outputs / CELLS_PER_LINE)) * CELLS_PER_LINE;
  }

  /** Views the cells in `buffer`, which starts out as zeros: every frontier is at 0. */
  constructor(buffer: ArrayBufferLike, outputs: number, peers: number) {
    this.outputs = outputs;
    this.peers = peers;
    this.#stride = FrontierCells.#strideOf(outputs);
    this.#cells = new Int32Array(buffer, 0, this.#stride * peers);
  }

  /**
   * Raises a cell to `time` after the data before `time` was published; only its own worker may call this.
   * Returns whether the cell changed.
   *
   * @throws {FrontierError} when the cell is beyond `time` already: a frontier never falls.
   */
  raise(output: number, worker: number, time: Timestamp): boolean {
    const index = worker * this.#stride + output;
    const before = Atomics.load(this.#cells, index);
    if (time === before) return false;
    if (time < before) {
      throw new FrontierError(`output ${output} of worker ${worker}: frontier would fall from ${before} to ${time}`);
    }
    Atomics.store(this.#cells, index, time);
    return true;
  }

  /** The cell of one worker. */
  read(output: number, worker: number): Timestamp {
    return Atomics.load(this.#cells, worker * this.#stride + output);
  }

  /** The minimum of one output's cells over all workers. */
  minimum(output: number): Timestamp {
    const cells = this.#cells;
    const stride = this.#stride;
    let minimum = Atomics.load(cells, output);
    for (let worker = 1; worker < this.peers; worker++) {
      const time = Atomics.load(cells, worker * stride + output);
      if (time < minimum) minimum = time;
    }
    return minimum;
  }
}
