/**
 * Parking: an idle worker sleeps with Atomics.wait and is woken by whoever publishes something.
 *
 * The race: a worker finds nothing to do, a peer publishes, and only then does the worker go to sleep. The order that
 * avoids it: the worker first says that it is parked, then looks for work once more, then sleeps, and only as long as it
 * is still said to be parked; the peer first publishes, then looks whether somebody is parked. Both are sequentially
 * consistent, so at least one of them sees the other.
 */

/** Int32s between the words of two workers: two cache lines, since processors fetch them in pairs. */
const STRIDE = 32;
/** Index of a worker's state. */
const STATE = 0;
/** Index of the number of active steps, modulo 2^32. */
const STEPS = 1;
/** Index of what an idle worker says of itself. */
const IDLE = 2;

const AWAKE = 0;
const PARKED = 1;

/** What a worker says of itself when it has nothing to do; 0 while it has. */
const IDLE_EMPTY = 1;
const IDLE_WAITING = 2;

/** Bytes of the words of `peers` workers. */
export function parkingBytes(peers: number): number {
  return peers * STRIDE * Int32Array.BYTES_PER_ELEMENT;
}

/** The states of all workers, as seen by one of them or by the launching thread. */
export class Parking {
  readonly #words: Int32Array;
  readonly #peers: number;

  /** Views the states in `buffer` (see `parkingBytes`), which starts as zeros: all awake and busy. */
  constructor(buffer: SharedArrayBuffer, peers: number) {
    this.#words = new Int32Array(buffer, 0, peers * STRIDE);
    this.#peers = peers;
  }

  /**
   * Sleeps until woken, at most `timeoutMs`. `lookAgain` runs after the worker was declared parked; when it finds work the
   * worker does not sleep. Returns whether it found work.
   */
  park(worker: number, timeoutMs: number, lookAgain: () => boolean): boolean {
    const index = worker * STRIDE + STATE;
    Atomics.store(this.#words, index, PARKED);
    const found = lookAgain();
    if (!found) Atomics.wait(this.#words, index, PARKED, timeoutMs);
    Atomics.store(this.#words, index, AWAKE);
    return found;
  }

  /**
   * The same for a thread that must go on with its events: resolves when it was woken, or at once when `lookAgain` found work.
   */
  async parkAsync(worker: number, lookAgain: () => boolean): Promise<void> {
    const index = worker * STRIDE + STATE;
    Atomics.store(this.#words, index, PARKED);
    if (!lookAgain()) {
      const sleep = Atomics.waitAsync(this.#words, index, PARKED);
      if (sleep.async) await sleep.value;
    }
    Atomics.store(this.#words, index, AWAKE);
  }

  /** Wakes every parked worker; called after something was published. */
  wakeAll(): void {
    for (let worker = 0; worker < this.#peers; worker++) {
      const index = worker * STRIDE + STATE;
      if (Atomics.load(this.#words, index) === PARKED) {
        Atomics.store(this.#words, index, AWAKE);
        Atomics.notify(this.#words, index);
      }
    }
  }

  /** A worker says that it did something. */
  active(worker: number): void {
    const words = this.#words;
    const at = worker * STRIDE;
    words[at + STEPS] = (words[at + STEPS]! + 1) | 0;
    if (words[at + IDLE] !== 0) Atomics.store(words, at + IDLE, 0);
  }

  /** A worker says that it has nothing to do; `waiting` when something is there that cannot go on. */
  idle(worker: number, waiting: boolean): void {
    Atomics.store(this.#words, worker * STRIDE + IDLE, waiting ? IDLE_WAITING : IDLE_EMPTY);
  }

  /** Active steps of all workers so far, modulo 2^32. */
  steps(): number {
    let steps = 0;
    for (let worker = 0; worker < this.#peers; worker++) {
      steps = (steps + Atomics.load(this.#words, worker * STRIDE + STEPS)) | 0;
    }
    return steps;
  }

  /** Whether all workers are idle, and at least one of them has something that waits. */
  stuck(): boolean {
    let waiting = false;
    for (let worker = 0; worker < this.#peers; worker++) {
      const idle = Atomics.load(this.#words, worker * STRIDE + IDLE);
      if (idle === 0) return false;
      if (idle === IDLE_WAITING) waiting = true;
    }
    return waiting;
  }
}
