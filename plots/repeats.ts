/** What several repeats of a run show together: medians with a range, and distributions added up. */
import type { CcdfRow, TimelineRow } from '../experiments/results/rows.ts';
import type { Run } from '../experiments/results/run-reader.ts';
import { median } from '../experiments/stats/median.ts';
import { epochS } from './epochs.ts';
import { drawnMs } from './latency-lines.ts';

/** The rows with records of each epoch, one per repeat that has some, in order of time. */
function rowsByEpoch(runs: readonly Run[]): TimelineRow[][] {
  const byEpoch = new Map<number, TimelineRow[]>();
  for (const row of runs.flatMap(({ timeline }) => timeline)) {
    if (row.records > 0) byEpoch.set(row.epoch, [...(byEpoch.get(row.epoch) ?? []), row]);
  }
  return [...byEpoch.entries()].sort(([a], [b]) => a - b).map(([, rows]) => rows);
}

/** Of each epoch the medians over the repeats, of every percentile. */
export function medianTimeline(runs: readonly Run[]): readonly TimelineRow[] {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0) return first?.timeline ?? [];
  return rowsByEpoch(runs).map((rows) => {
    const of = (field: keyof TimelineRow): number => median(rows.map((row) => row[field]));
    return {
      ...rows[0]!,
      records: Math.round(of('records')),
      p25Ns: of('p25Ns'),
      p50Ns: of('p50Ns'),
      p99Ns: of('p99Ns'),
      p999Ns: of('p999Ns'),
      maxNs: of('maxNs'),
    };
  });
}

/** Lowest and highest maximum of each epoch over several repeats, at its start, in order of time; the last one again at its end. */
export function maximumRange(runs: readonly Run[]): { timeS: number; lowMs: number; highMs: number }[] {
  const ranges = rowsByEpoch(runs).map((rows) => {
    const maxima = rows.map(({ maxNs }) => drawnMs(maxNs));
    return { timeS: rows[0]!.startS, lowMs: Math.min(...maxima), highMs: Math.max(...maxima) };
  });
  const last = ranges.at(-1);
  const length = Math.max(0, ...runs.map(({ timeline }) => epochS(timeline)));
  return last === undefined ? [] : [...ranges, { ...last, timeS: last.timeS + length }];
}

/** The distribution of the records of all repeats together: counts are added, percentiles are never averaged. */
export function mergedCcdf(runs: readonly Run[]): readonly CcdfRow[] {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0) return first?.ccdf ?? [];
  const counts = new Map<number, number>();
  for (const { latencyNs, records } of runs.flatMap(({ ccdf }) => ccdf)) {
    counts.set(latencyNs, (counts.get(latencyNs) ?? 0) + records);
  }
  const total = [...counts.values()].reduce((sum, records) => sum + records, 0);
  let upTo = 0;
  return [...counts.entries()]
    .sort(([a], [b]) => a - b)
    .map(([latencyNs, records]) => {
      upTo += records;
      return { latencyNs, fractionAbove: (total - upTo) / total, records };
    });
}

/**
 * The latency in nanoseconds that a share of the records (0 to 1) does not exceed: the first latency that at most the rest is above.
 * NaN without rows.
 */
export function percentileOf(rows: readonly CcdfRow[], share: number): number {
  const total = rows.reduce((sum, { records }) => sum + records, 0);
  // In records, as the shares above are rounded.
  let upTo = 0;
  for (const { latencyNs, records } of rows) {
    upTo += records;
    if (upTo >= share * total) return latencyNs;
  }
  return NaN;
}
