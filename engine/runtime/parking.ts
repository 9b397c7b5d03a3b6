/**
 * Parking: an idle worker sleeps with Atomics.wait and is woken by whoever publishes something.
 *
 * The race: a worker finds nothing to do, a peer publishes, and only then does the worker go to sleep. The order that
 * avoids it: the worker first says that it is parked, then looks for work once more, then sleeps, and only as long as it
 * is still said to be parked; the peer first publishes, then looks whether somebody is parked. Both are sequentially
 * consistent, so at least one of them sees the other.
 */

/** Int32s between the states of two workers: a cache line. */
const STRIDE = 16;
const AWAKE = 0;
const PARKED = 1;

/** Bytes of the states of `peers` workers. */
export function parkingBytes(peers: number): number {
  return peers * STRIDE * Int32Array.BYTES_PER_ELEMENT;
}

/** The states of all workers, as seen by one of them or by the launching thread. */
export class Parking {
  readonly #states: Int32Array;
  readonly #peers: number;

  /** Views the states in `buffer` (see `parkingBytes`), which starts as zeros: all awake. */
  constructor(buffer: SharedArrayBuffer, peers: number) {
    this.#states = new Int32Array(buffer, 0, peers * STRIDE);
    this.#peers = peers;
  }

  /**
   * Sleeps until woken, at most `timeoutMs`. `lookAgain` runs after the worker was declared parked; when it finds work the
   * worker does not sleep. Returns whether it found work.
   */
  park(worker: number, timeoutMs: number, lookAgain: () => boolean): boolean {
    const index = worker * STRIDE;
    Atomics.store(this.#states, index, PARKED);
    const found = lookAgain();
    if (!found) Atomics.wait(this.#states, index, PARKED, timeoutMs);
    Atomics.store(this.#states, index, AWAKE);
    return found;
  }

  /** Wakes every parked worker; called after something was published. */
  wakeAll(): void {
    for (let worker = 0; worker < this.#peers; worker++) {
      const index = worker * STRIDE;
      if (Atomics.load(this.#states, index) === PARKED) {
        Atomics.store(this.#states, index, AWAKE);
        Atomics.notify(this.#states, index);
      }
    }
  }
}
