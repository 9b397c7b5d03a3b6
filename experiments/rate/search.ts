/** Finds the highest rate of which something holds that holds of lower rates: by doubling, then by bisection. */

/** How often the lowest rate is halved before the search gives up. */
const MOST_HALVINGS = 10;

/** Where to search. */
export interface SearchRange {
  /** The rate to begin with. */
  readonly fromPerSecond: number;
  /** Highest ratio between the rate of which it does not hold and the one of which it does, above 1. */
  readonly precision: number;
}

/** What a search has found. */
export interface FoundRate {
  /** The highest rate of which it holds; absent when it holds of none. */
  readonly holdsPerSecond?: number;
  /** The lowest rate of which it does not hold. */
  readonly failsPerSecond: number;
}

/** A rate of three significant digits, whole and at least 1. */
export function roundRate(ratePerSecond: number): number {
  return Math.max(1, Math.round(Number(ratePerSecond.toPrecision(3))));
}

/** Searches; `holds` is asked about each rate once. */
export async function searchRate(
  { fromPerSecond, precision }: SearchRange,
  holds: (ratePerSecond: number) => Promise<boolean>,
): Promise<FoundRate> {
  let low: number | undefined;
  let high: number | undefined;
  let halvings = 0;
  for (let rate = roundRate(fromPerSecond); low === undefined || high === undefined;) {
    if (await holds(rate)) {
      low = rate;
      rate = roundRate(2 * rate);
    } else {
      high = rate;
      if (low === undefined && (rate === 1 || halvings === MOST_HALVINGS)) return { failsPerSecond: rate };
      halvings += 1;
      rate = roundRate(rate / 2);
    }
  }
  while (high / low > precision) {
    const middle = roundRate(Math.sqrt(low * high));
    if (middle <= low || middle >= high) break;
    if (await holds(middle)) low = middle;
    else high = middle;
  }
  return { holdsPerSecond: low, failsPerSecond: high };
}
