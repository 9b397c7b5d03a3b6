/**
 * Event time and logical time. Events carry microseconds of event time, which runs `timeDilation` times faster than the
 * clock that the ticks of logical time count.
 */
import { MAX_TIMESTAMP, tickOf, type Timestamp, timestampOf } from 'megaphone-engine';

/** Converts event times to timestamps. */
export class EventTime {
  /** Event time that passes in a tick, in microseconds. */
  readonly tickUs: number;
  readonly #ticksPerMicrosecond: number;
  readonly #lastTimer: Timestamp;

  /**
   * For events whose time runs `timeDilation` times faster than the schedule, in ticks of `tickNs` nanoseconds. No event has a
   * timestamp after `lastTimer`: what is due later is due when the inputs close, all at once.
   */
  constructor(timeDilation: number, tickNs: number, lastTimer: Timestamp = MAX_TIMESTAMP) {
    this.tickUs = (timeDilation * tickNs) / 1000;
    this.#ticksPerMicrosecond = 1000 / (timeDilation * tickNs);
    this.#lastTimer = lastTimer;
  }

  /**
   * The timestamp for a timer at event time `timeUs`: when it is delivered, every event with a time up to and with
   * `timeUs` was applied. Events with later times may have been applied, too (they share a batch or a tick), and timers
   * of different event times may share a timestamp. Times after the last event share the last timer, which is delivered
   * when the inputs close.
   */
  timerAt(timeUs: number): Timestamp {
    // An event at dateTime <= timeUs has an intended time before (timeUs + 1) / dilation, and a timestamp that is not later.
    return Math.min(this.#lastTimer, timestampOf(Math.floor((timeUs + 1) * this.#ticksPerMicrosecond)));
  }

  /**
   * A lower bound of the event times whose timer has the given timestamp, a function of the timestamp alone. They exceed it by
   * less than the event time of a tick plus three microseconds.
   */
  earliestAt(time: Timestamp): number {
    // One microsecond less than the bound, since the two quotients are rounded differently.
    return Math.floor(tickOf(time) / this.#ticksPerMicrosecond) - 2;
  }
}
