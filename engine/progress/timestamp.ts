/**
 * Logical time: a timestamp is a whole number of ticks, 0 <= t < 2^31 - 1, totally ordered.
 *
 * The ticks before FIRST_TICK belong to loading; the clock of a run starts at FIRST_TICK (at the start barrier). Timestamps
 * are integers because a shared Int32 can be read and written without tearing, which a shared Float64 cannot.
 */
import { EngineError } from './engine-error.ts';

/** A time in ticks, or a frontier: a lower bound of the times that may still arrive. */
export type Timestamp = number;

/** The empty frontier: nothing can arrive any more. Greater than every timestamp. */
export const CLOSED: Timestamp = 2 ** 31 - 1;

/** The last time that a record can carry. */
export const MAX_TIMESTAMP: Timestamp = CLOSED - 1;

/** The tick of the start barrier. Records that are loaded before it carry earlier times. */
export const FIRST_TICK: Timestamp = 2 ** 24;

/** The longest run, in ticks after the start barrier. */
export const LONGEST_RUN_TICKS = MAX_TIMESTAMP - FIRST_TICK;

/** A time that is not an integer in 0..2^31 - 2. */
export class TimestampError extends EngineError {
  override readonly name = 'TimestampError';
}

/**
 * Returns `time` if it is a timestamp.
 *
 * @throws {TimestampError} when it is not; the message holds the time, the range and `where`.
 */
export function checkTimestamp(time: number, where: string): Timestamp {
  if (!Number.isInteger(time) || time < 0 || time > MAX_TIMESTAMP) {
    throw new TimestampError(`${where}: ${time} is not a timestamp; expected an integer from 0 to ${MAX_TIMESTAMP}`);
  }
  return time;
}
