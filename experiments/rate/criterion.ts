/** When an offered rate counts as sustained: the records are sent, they are complete in time, and no backlog grows. */
import { formatLatency, formatNumber } from '../config/quantity.ts';
import type { Run } from '../results/run-reader.ts';
import { median } from '../stats/median.ts';

/** Least share of the offered records that is sent in time. */
const LEAST_SENT_SHARE = 0.995;

/** Below this median latency nothing counts as a backlog. */
const BACKLOG_NS = 10e6;

/** By how much the median grows over a run that has a growing backlog. */
const BACKLOG_FACTOR = 2;

/** How much of either end of the measured part is compared to find a backlog. */
const END_S = 1;

/** What decides whether a rate is sustained. */
export interface LoadOutcome {
  /** Share of the offered records that was sent in time. */
  readonly sentShare: number;
  /** Steady 99th percentile. */
  readonly p99Ns: number;
  /** Median latency in the first second outside of the warm-up. */
  readonly firstP50Ns: number;
  /** Median latency in the last second outside of the warm-up. */
  readonly lastP50Ns: number;
}

/** The outcome of a finished run; each end is the median over its epochs of their medians. */
export function outcomeOf({ spec, summary, timeline }: Pick<Run, 'spec' | 'summary' | 'timeline'>): LoadOutcome {
  const within = (fromS: number, toS: number): number =>
    median(timeline.filter(({ startS }) => startS >= fromS && startS < toS).map(({ p50Ns }) => p50Ns));
  const endS = spec.durationS - spec.warmUpS;
  return {
    sentShare: summary.sentRecords / summary.offeredRecords,
    p99Ns: summary.steady.p99Ns,
    firstP50Ns: within(spec.warmUpS, spec.warmUpS + END_S),
    lastP50Ns: within(endS - END_S, endS),
  };
}

/** What is not as a sustained rate has it, in words; nothing when the rate is sustained. */
export function shortfalls(outcome: LoadOutcome, highestP99Ns: number): string[] {
  const { sentShare, p99Ns, firstP50Ns, lastP50Ns } = outcome;
  const found: string[] = [];
  if (!(sentShare >= LEAST_SENT_SHARE)) found.push(`${formatNumber(Math.floor(sentShare * 1e3) / 10)} % sent`);
  if (!(p99Ns < highestP99Ns)) found.push(`p99 ${formatLatency(p99Ns)}`);
  if (lastP50Ns > BACKLOG_NS && lastP50Ns > BACKLOG_FACTOR * firstP50Ns) {
    found.push(`median from ${formatLatency(firstP50Ns)} to ${formatLatency(lastP50Ns)}`);
  }
  return found;
}

/** The criterion in words. */
export function criterionText(highestP99Ns: number): string {
  return (
    `at least ${LEAST_SENT_SHARE * 100} % of the records sent in time, p99 below ${formatLatency(highestP99Ns)}, and no growing backlog ` +
    `(the last second's median not both above ${formatLatency(BACKLOG_NS)} and ${BACKLOG_FACTOR} times the first's)`
  );
}
