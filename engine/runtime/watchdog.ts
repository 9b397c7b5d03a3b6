/** The watchdog: notices that a dataflow on threads makes no progress although records or bins wait in it. */
import type { Parking } from './parking.ts';

/** Compares what workers say of themselves from look to look. The launching thread calls it, about once a second. */
export class Watchdog {
  readonly #parking: Parking;
  readonly #stallMs: number;
  #steps = 0;
  #sinceMs: number;

  /** Watches workers from `nowMs` on; `stallMs` without progress are a stall. */
  constructor(parking: Parking, stallMs: number, nowMs: number) {
    this.#parking = parking;
    this.#stallMs = stallMs;
    this.#sinceMs = nowMs;
  }

  /**
   * Whether for `stallMs` no worker has done anything (so that no cell rose), while something waits for a frontier or for
   * room. A worker in the middle of a long step is not idle, and one that sleeps until the next record is due does not wait.
   */
  stalled(nowMs: number): boolean {
    const steps = this.#parking.steps();
    if (steps !== this.#steps || !this.#parking.stuck()) {
      this.#steps = steps;
      this.#sinceMs = nowMs;
      return false;
    }
    return nowMs - this.#sinceMs >= this.#stallMs;
  }
}
