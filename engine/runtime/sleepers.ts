/** Which simulated workers sleep: they are stepped only when woken, as threads are. */
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';

/** The states of all workers of a simulation. */
export class Sleepers {
  /** When each worker wakes by itself; 0 while it is awake. */
  readonly #wakeAt: Timestamp[];

  /** All `peers` workers are awake. */
  constructor(peers: number) {
    this.#wakeAt = new Array<Timestamp>(peers).fill(0);
  }

  /** Workers that are awake at `now`. */
  awake(now: Timestamp): number[] {
    return [...this.#wakeAt.keys()].filter((worker) => this.#wakeAt[worker]! <= now);
  }

  /** A worker that has nothing to do sleeps until `due`, or until it is woken. */
  sleep(worker: number, due: Timestamp): void {
    this.#wakeAt[worker] = due;
  }

  /** Wakes one worker. */
  wake(worker: number): void {
    this.#wakeAt[worker] = 0;
  }

  /** Wakes all workers; called after somebody did something. */
  wakeAll(): void {
    this.#wakeAt.fill(0);
  }

  /** When the next worker wakes by itself; CLOSED when none does. */
  nextWake(): Timestamp {
    return Math.min(CLOSED, ...this.#wakeAt);
  }
}
