/**
 * The extended notificator: pending (time, key, value) entries that belong to their key's bin, wait in a priority queue,
 * and migrate with the bin (paper section 3.4).
 */
import { CapabilityError } from '../progress/capability.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import type { Binning } from './binning.ts';
import type { PendingEntries } from './pending-entries.ts';
import { PendingValueError } from './state/bin-error.ts';

/** Takes entries for later from the logic of a migratable operator. */
export class ExtendedNotificator {
  /** Time of the records or the entry that the logic handles now; set by the host. */
  present: Timestamp = 0;
  readonly #pending: PendingEntries;
  readonly #binning: Binning;

  /** Puts entries into `pending`. */
  constructor(pending: PendingEntries, binning: Binning) {
    this.#pending = pending;
    this.#binning = binning;
  }

  /**
   * Calls the logic's `onPending(time, key, value)` once every record before and at `time` was applied. Entries of one
   * time come in the order of key, then value; equal entries come as often as they were asked for.
   *
   * @throws {CapabilityError} when `time` lies before the time of the records that are handled now, or is no timestamp.
   * @throws {PendingValueError} when `value` is NaN, which has no place in the order.
   */
  notifyAt(time: Timestamp, key: number, value: number): void {
    if (!(Number.isInteger(time) && time >= this.present && time < CLOSED)) {
      throw new CapabilityError(
        `cannot notify key ${key} at ${time}; expected an integer time with ${this.present} <= time < ${CLOSED}`,
      );
    }
    if (Number.isNaN(value)) {
      throw new PendingValueError(`cannot notify key ${key} at ${time} of the value NaN; expected a number`);
    }
    this.#pending.push(this.#binning.binOf(key), time, key, value);
  }
}
