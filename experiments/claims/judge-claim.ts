/** Whether a claim holds for the runs that are there. */
import type { Run } from '../results/run-reader.ts';
import { ratioOfMedians } from '../stats/bootstrap.ts';
import type { Claim, Side } from './claim.ts';
import { METRICS } from './metrics.ts';
import { selectRuns } from './select-runs.ts';

/** A claim with what became of it. */
export interface JudgedClaim {
  /** The claim. */
  readonly claim: Claim;
  /** By the value alone, which an interval may leave in doubt. */
  readonly verdict: 'holds' | 'does not hold' | 'not measured';
  /** Why it is not measured. */
  readonly reason?: string;
  /** The median, or ratio of medians, in the claim's unit. */
  readonly value?: number;
  /** Where it lies with 95 %; absent with fewer than three repeats. */
  readonly interval?: readonly [low: number, high: number];
  /** Repeats of the side that has fewer. */
  readonly repeats?: number;
}

/**
 * Judges a claim.
 *
 * @param runs - the runs of its figure, of one scale
 */
export function judgeClaim(claim: Claim, runs: readonly Run[]): JudgedClaim {
  const compared = selectRuns(claim, runs);
  if (typeof compared === 'string') return { claim, verdict: 'not measured', reason: compared };
  const { measure, against } = compared;
  // One side alone is compared with ones, whose median is sure.
  const after = numbersOf(claim.measure, measure);
  const before = claim.against === undefined ? after.map(() => 1) : numbersOf(claim.against, against);
  if (after.length === 0 || before.length === 0 || before.includes(0)) {
    return { claim, verdict: 'not measured', reason: 'the runs do not have that number' };
  }
  const { ratio, interval } = ratioOfMedians(before, after);
  return {
    claim,
    verdict: satisfies(claim, ratio) ? 'holds' : 'does not hold',
    value: ratio,
    ...(interval === undefined ? {} : { interval }),
    repeats: Math.min(before.length, after.length),
  };
}

function numbersOf({ metric }: Side, runs: readonly Run[]): number[] {
  return runs.map((run) => METRICS[metric](run)).filter((value) => value !== undefined);
}

function satisfies({ relation, value: limit }: Claim, value: number): boolean {
  switch (relation) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case 'within':
      return value <= limit && value >= 1 / limit;
  }
}
