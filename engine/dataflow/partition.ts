/** Rows of a batch, grouped by their destinations. */
import { EngineError } from '../progress/engine-error.ts';

/** A destination that is no worker. */
export class DestinationError extends EngineError {
  override readonly name = 'DestinationError';
}

/** The rows of one batch by destination: those of worker w are `rows[w * capacity .. w * capacity + counts[w])`. */
export class Partition {
  /** Row indexes. */
  readonly rows: Int32Array;
  /** Rows by destination worker. */
  readonly counts: Int32Array;
  /** Places in `rows` per destination. */
  readonly capacity: number;

  /** A partition of at most `capacity` rows over `peers` workers. */
  constructor(peers: number, capacity: number) {
    this.rows = new Int32Array(peers * capacity);
    this.counts = new Int32Array(peers);
    this.capacity = capacity;
  }

  /**
   * Groups the rows 0 .. length - 1 by their destinations.
   * @throws {DestinationError} when one of them is not in 0 .. peers - 1.
   */
  fill(destinations: Int32Array, length: number): void {
    const valid = this.counts.length === 2 ? this.#fillTwo(destinations, length) : this.#fillMany(destinations, length);
    if (valid) return;
    const peers = this.counts.length;
    const row = destinations.subarray(0, length).findIndex((to) => !(to >= 0 && to < peers));
    throw new DestinationError(`row ${row} goes to worker ${destinations[row]}; expected a worker in 0..${peers - 1}`);
  }

  #fillMany(destinations: Int32Array, length: number): boolean {
    const { rows, counts, capacity } = this;
    counts.fill(0);
    for (let i = 0; i < length; i++) {
      const to = destinations[i]!;
      const count = counts[to]!;
      rows[to * capacity + count] = i;
      counts[to] = count + 1;
    }
    // A count that does not exist counts nothing.
    let total = 0;
    for (let to = 0; to < counts.length; to++) total += counts[to]!;
    return total === length;
  }

  /**
   * Between two workers every row is written to both groups, and the group that it belongs to grows: no count is loaded
   * right after it was stored. 2.8 instead of 4.4 ns per record of one column, with the gathering.
   */
  #fillTwo(destinations: Int32Array, length: number): boolean {
    const { rows, counts, capacity } = this;
    let second = 0;
    let bits = 0;
    for (let i = 0; i < length; i++) {
      const to = destinations[i]!;
      bits |= to;
      rows[i - second] = i;
      rows[capacity + second] = i;
      second += to;
    }
    counts[0] = length - second;
    counts[1] = second;
    return bits >>> 1 === 0;
  }
}
