/**
 * Logical time: a timestamp is a whole number of ticks, 0 <= t < 2^31 - 1, totally ordered.
 *
 * The ticks before FIRST_TICK belong to loading; the clock of a run starts at FIRST_TICK (at the start barrier). Timestamps
 * are integers because a shared Int32 can be read and written without tearing, which a shared Float64 cannot.
 */
/** A time in ticks, or a frontier: a lower bound of the times that may still arrive. */
export type Timestamp = number;

/** The empty frontier: nothing can arrive any more. Greater than every timestamp. */
export const CLOSED: Timestamp = 2 ** 31 - 1;

/** The last time that a record can carry. */
export const MAX_TIMESTAMP: Timestamp = CLOSED - 1;

/** The tick of the start barrier. Records that are loaded before it carry earlier times. */
export const FIRST_TICK: Timestamp = 2 ** 24;

/** The times from here to FIRST_TICK belong to rehearsals of migrations; what is loaded carries earlier ones. */
export const FIRST_REHEARSAL: Timestamp = FIRST_TICK - 2 ** 20;

/** The longest run, in ticks after the start barrier. */
export const LONGEST_RUN_TICKS = MAX_TIMESTAMP - FIRST_TICK;

/** The timestamp of a tick: a whole number of ticks since the start barrier. */
export function timestampOf(tick: number): Timestamp {
  return FIRST_TICK + tick;
}

/** Ticks from the start barrier to `time`; negative while loading. */
export function tickOf(time: Timestamp): number {
  return time - FIRST_TICK;
}
