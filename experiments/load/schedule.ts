/**
 * The open-loop schedule of a run: when each record is meant to be sent, whatever the system does.
 *
 * Record n has the intended time n / rate. Latency counts from that time, so a system that falls behind cannot hide it.
 * Intended ticks are exact at every rate: with ticks per second over rate in lowest terms, `num / den`, all quotients
 * are taken of integers below 2^53, where the floor of a rounded quotient is the floor of the true one.
 */
import { LONGEST_RUN_TICKS } from 'megaphone-engine';

/** Nanoseconds of a second. */
const NS_PER_S = 1e9;

/** A schedule that cannot be represented: a bad rate, duration or tick, or one beyond the range of timestamps. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/** All records of a run at a fixed rate. Immutable; its methods neither allocate nor read a clock. */
export class RateSchedule {
  /** Records of the whole run, by all sources. */
  readonly total: number;
  /** First tick after the schedule: greater than every intended tick, and not before the run's duration. */
  readonly endTick: number;
  /** Offered rate of the whole run. */
  readonly ratePerSecond: number;
  /** Nanoseconds per tick. */
  readonly tickNs: number;
  /** `ticks per second / rate` in lowest terms. */
  readonly #num: number;
  readonly #den: number;

  /**
   * The schedule of `ratePerSecond * durationS` records (rounded), the first of which is meant for tick 0.
   *
   * @throws {ScheduleError} when the rate or the tick is not a positive integer, the duration is not positive, the
   *   schedule ends after the last timestamp, or rate and tick together exceed exact arithmetic.
   */
  constructor(ratePerSecond: number, durationS: number, tickNs: number) {
    requirePositiveInteger('ratePerSecond', ratePerSecond);
    requirePositiveInteger('tickNs', tickNs);
    if (!(durationS > 0 && Number.isFinite(durationS))) {
      throw new ScheduleError(`durationS is ${durationS}; expected a positive number of seconds`);
    }
    const perTick = tickNs * ratePerSecond;
    const divisor = greatestCommonDivisor(NS_PER_S, perTick);
    this.#num = NS_PER_S / divisor;
    this.#den = perTick / divisor;
    if (perTick > Number.MAX_SAFE_INTEGER || this.#num * this.#den > Number.MAX_SAFE_INTEGER) {
      throw new ScheduleError(
        `a rate of ${ratePerSecond} records/s in ticks of ${tickNs} ns cannot be computed exactly; ` +
          `choose a tick that divides 1e9 ns, or a rounder rate`,
      );
    }
    this.ratePerSecond = ratePerSecond;
    this.tickNs = tickNs;
    this.total = Math.round(ratePerSecond * durationS);
    const durationTicks = Math.round((durationS * NS_PER_S) / tickNs);
    const lastTick = this.total === 0 ? -1 : this.intendedTick(this.total - 1);
    this.endTick = Math.max(durationTicks, lastTick + 1);
    if (this.endTick > LONGEST_RUN_TICKS) {
      const leastTickNs = Math.ceil((durationS * NS_PER_S) / LONGEST_RUN_TICKS);
      throw new ScheduleError(
        `a run of ${durationS} s in ticks of ${tickNs} ns ends at tick ${this.endTick}, ` +
          `but the timestamps of a run end at ${LONGEST_RUN_TICKS}; choose a tick of at least ${leastTickNs} ns`,
      );
    }
  }

  /** Tick of the intended time of record `n` (0 <= n < 2^53): `floor(n / rate in ticks)`. */
  intendedTick(n: number): number {
    const whole = Math.floor(n / this.#den);
    return whole * this.#num + Math.floor(((n - whole * this.#den) * this.#num) / this.#den);
  }

  /** How many records have an intended tick of at most `tick`, 0 to `total`: the exact inverse of `intendedTick`. */
  dueAt(tick: number): number {
    const elapsed = tick + 1;
    if (elapsed <= 0) {
      return 0;
    }
    const whole = Math.floor(elapsed / this.#num);
    const due = whole * this.#den + Math.ceil(((elapsed - whole * this.#num) * this.#den) / this.#num);
    return due < this.total ? due : this.total;
  }
}

function requirePositiveInteger(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ScheduleError(`${what} is ${value}; expected a positive integer`);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) {
    [a, b] = [b, a % b];
  }
  return a;
}
