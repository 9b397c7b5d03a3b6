/**
 * The intended times of one worker's records, in their order: record n at floor(n / rate), to the nanosecond.
 *
 * It goes on from record to record with additions, and over many records with two divisions. All of it is exact: the
 * fraction of a nanosecond is kept as an integer number of 1/rate ns.
 */

/** Nanoseconds of a second. */
const NS_PER_S = 1e9;

/** A place among the records n = worker mod peers. One thread uses it. */
export class IntendedTimes {
  /** Intended time of the current record in nanoseconds since the start barrier. */
  ns: number;
  /** From one record to the next, rounded down. */
  readonly strideNs: number;
  /** What `strideNs` leaves out, in units of 1/rate ns. */
  readonly strideRest: number;
  /** Units of a nanosecond. */
  readonly ratePerSecond: number;
  /** From one record to the next, in the same units. */
  readonly strideUnits: number;
  /** Up to here ahead products stay below 2^53. */
  readonly #farthestNs: number;
  /** How far after `ns` the current record lies, in the same units; below the rate. */
  rest: number;

  /** The first record of a worker: number `worker`. The rate is that of all workers, an integer. */
  constructor(ratePerSecond: number, worker: number, peers: number) {
    this.ratePerSecond = ratePerSecond;
    this.strideUnits = peers * NS_PER_S;
    this.strideNs = Math.floor(this.strideUnits / ratePerSecond);
    this.strideRest = this.strideUnits - this.strideNs * ratePerSecond;
    this.#farthestNs = Math.floor((Number.MAX_SAFE_INTEGER - this.strideUnits) / ratePerSecond);
    this.ns = Math.floor((worker * NS_PER_S) / ratePerSecond);
    this.rest = worker * NS_PER_S - this.ns * ratePerSecond;
  }

  /** Goes to the next record. */
  next(): void {
    this.ns += this.strideNs;
    this.rest += this.strideRest;
    if (this.rest >= this.ratePerSecond) {
      this.rest -= this.ratePerSecond;
      this.ns += 1;
    }
  }

  /**
   * How many records, from the current one on, are intended at or before `lastNs`, which is not before the current one.
   * Where that is more than exact products allow, a part of them: 1 or more.
   */
  countUntil(lastNs: number): number {
    const aheadNs = Math.min(lastNs + 1 - this.ns, this.#farthestNs);
    return Math.max(1, Math.ceil((aheadNs * this.ratePerSecond - this.rest) / this.strideUnits));
  }

  /** Goes `count` records on: at most as many as `countUntil` returned. */
  skip(count: number): void {
    const units = this.rest + count * this.strideUnits;
    const wholeNs = Math.floor(units / this.ratePerSecond);
    this.ns += wholeNs;
    this.rest = units - wholeNs * this.ratePerSecond;
  }
}
