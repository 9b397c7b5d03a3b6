/**
 * The extended notificator: post-dated (time, key, value) entries that belong to their key's bin, wait in a priority
 * queue, and migrate with the bin (paper section 3.4).
 */
import { CapabilityError } from '../progress/capability.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import type { Binning } from './hash.ts';
import type { PendingQueue } from './state/pending-queue.ts';

/** Takes entries for later from the logic of a migratable operator. */
export class ExtendedNotificator {
  readonly #pending: PendingQueue;
  readonly #binning: Binning;
  readonly #present: () => Timestamp;

  /** Puts entries into `pending`; `present` tells the time that the logic handles now. */
  constructor(pending: PendingQueue, binning: Binning, present: () => Timestamp) {
    this.#pending = pending;
    this.#binning = binning;
    this.#present = present;
  }

  /**
   * Calls the logic's `onPending(time, key, value)` once every record before and at `time` was applied. Entries of one
   * time come in the order of key, then value; equal entries come as often as they were asked for.
   *
   * @throws {CapabilityError} when `time` lies before the time of the records that are handled now, or is no timestamp.
   */
  notifyAt(time: Timestamp, key: number, value: number): void {
    const present = this.#present();
    if (!(Number.isInteger(time) && time >= present && time < CLOSED)) {
      throw new CapabilityError(
        `cannot post-date key ${key} to ${time}; expected an integer time with ${present} <= time < ${CLOSED}`,
      );
    }
    this.#pending.push(this.#binning.binOf(key), time, key, value);
  }
}
