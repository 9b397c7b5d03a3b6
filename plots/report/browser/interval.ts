/** The interval of a panel, and what a run shows in it. */
import type { DecodedBlock } from '../decode-block.ts';
import { type LineName, type RunData, SHOWN_PERCENTILES } from '../page-data.ts';
import { type Counts, percentilesNs, sumCounts } from '../percentiles.ts';

/** A part of the runs with a name, or a span of time. */
export type Interval =
  | { readonly kind: 'part'; readonly name: string }
  | { readonly kind: 'span'; readonly fromS: number; readonly toS: number };

/** What a run shows in an interval. */
export interface IntervalResult {
  /** The run. */
  readonly run: RunData;
  /** Rows of its timeline that belong to the interval; undefined when the run has no such part. */
  readonly rows: readonly number[] | undefined;
  /** Records in it. */
  readonly records: number;
  /** Latencies at `SHOWN_PERCENTILES`; undefined when they are not known. */
  readonly percentiles: readonly number[] | undefined;
  /** The highest latency. */
  readonly maxNs: number;
  /** The histogram of the interval, where histograms were kept. */
  readonly counts: Counts | undefined;
}

/**
 * The rows of a run's timeline in an interval. An epoch belongs to a span when its middle does.
 */
export function rowsIn(run: RunData, interval: Interval): number[] | undefined {
  if (interval.kind === 'part') {
    const part = run.parts.find(({ name }) => name === interval.name);
    return part?.ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, index) => from + index));
  }
  const rows: number[] = [];
  for (const [row, epoch] of run.epochs.entries()) {
    const middleS = (epoch + 0.5) * run.epochS;
    if (middleS >= interval.fromS && middleS < interval.toS) rows.push(row);
  }
  return rows;
}

/** Computes what a run shows in an interval. */
export function resultIn(block: DecodedBlock, run: RunData, interval: Interval): IntervalResult {
  const rows = rowsIn(run, interval);
  const histograms = block.histogramsOf(run);
  const counts = rows && histograms && sumCounts(rows.map((row) => histograms[row]!));
  // Those of a part that has a name were computed by the harness.
  const known =
    interval.kind === 'part' ? run.parts.find(({ name }) => name === interval.name)?.percentilesNs : undefined;
  return {
    run,
    rows,
    records: (rows ?? []).reduce((sum, row) => sum + run.records[row]!, 0),
    percentiles:
      known?.slice(0, SHOWN_PERCENTILES.length) ??
      (counts && percentilesNs(counts, SHOWN_PERCENTILES, block.data.shift)),
    maxNs: (rows ?? []).reduce((max, row) => Math.max(max, run.latenciesNs.max[row]!), 0),
    counts,
  };
}

/** Seconds of the interval's epochs in which a line is above a latency. */
export function secondsAbove({ run, rows }: IntervalResult, line: LineName, limitNs: number): number {
  return (rows ?? []).filter((row) => run.latenciesNs[line][row]! > limitNs).length * run.epochS;
}
