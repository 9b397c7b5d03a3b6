/**
 * How far a ratio of medians may be off: the percentile bootstrap (Efron 1979). Each side is drawn anew from its own repeats, with
 * replacement, and the interval holds the middle 95 % of the ratios.
 */
import { median } from './median.ts';
import { uniformDraws } from './uniform-draws.ts';

/** Fewest repeats on either side for an interval. */
export const FEWEST_REPEATS = 3;

const RESAMPLES = 2000;
const COVERED_SHARE = 0.95;

/** A ratio of medians, and how far it may be off. */
export interface RatioEstimate {
  /** Median of the second side over that of the first. */
  readonly ratio: number;
  /** Bounds of the interval; absent when one side has fewer than `FEWEST_REPEATS` repeats. */
  readonly interval?: readonly [low: number, high: number];
}

/** What the second side is, when less is better. */
export type Verdict = 'faster' | 'slower' | 'no difference' | 'too few repeats';

/**
 * The ratio of the median of `after` to that of `before`, with its interval; equal numbers give equal intervals.
 *
 * @param before - one positive number per repeat, at least one
 * @param after - the same of the other side
 */
export function ratioOfMedians(before: readonly number[], after: readonly number[]): RatioEstimate {
  const ratio = median(after) / median(before);
  if (Math.min(before.length, after.length) < FEWEST_REPEATS) return { ratio };
  const next = uniformDraws(0);
  const ratios = Float64Array.from(
    { length: RESAMPLES },
    () => median(resample(after, next)) / median(resample(before, next)),
  );
  ratios.sort();
  const tail = Math.floor((RESAMPLES * (1 - COVERED_SHARE)) / 2);
  return { ratio, interval: [ratios[tail]!, ratios[RESAMPLES - 1 - tail]!] };
}

/** What an estimate says: nothing, as long as its interval holds 1. */
export function verdictOf({ interval }: RatioEstimate): Verdict {
  if (interval === undefined) return 'too few repeats';
  const [low, high] = interval;
  if (high < 1) return 'faster';
  return low > 1 ? 'slower' : 'no difference';
}

function resample(numbers: readonly number[], next: () => number): number[] {
  return numbers.map(() => numbers[Math.floor(next() * numbers.length)]!);
}
