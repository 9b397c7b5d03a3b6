/** The clock of a worker, in ticks of the logical time. */
import type { Timestamp } from '../progress/timestamp.ts';

/** Tells the present in ticks; injected, so that a simulation can use virtual time. */
export interface Clock {
  /** 0 while loading, then FIRST_TICK + the ticks that have passed since the start barrier. */
  now(): Timestamp;
}
