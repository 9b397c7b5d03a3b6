/** Percentiles per epoch as lines of steps: maximum, 99th percentile, median and 25th percentile. */
import type { TimelineRow } from '../experiments/results/rows.ts';
import { epochS } from './epochs.ts';
import type { percentileStyles } from './theme.ts';

const nsPerMs = 1e6;

/** Latencies below a microsecond are drawn at one: the logical time is not finer. */
const leastMs = 1e-3;

/** A point of a line; a null latency interrupts the line. */
export interface TimelinePoint {
  /** Start of the epoch; of the last one before an interruption also its end. */
  readonly timeS: number;
  /** Which percentile, in words. */
  readonly line: string;
  /** Its latency. */
  readonly latencyMs: number | null;
}

const lines: readonly (readonly [line: keyof typeof percentileStyles, of: (row: TimelineRow) => number])[] = [
  ['maximum', (row) => row.maxNs],
  ['99th percentile', (row) => row.p99Ns],
  ['median', (row) => row.p50Ns],
  ['25th percentile', (row) => row.p25Ns],
];

/** How lines of percentiles are drawn. */
export const latencyLineMark = {
  type: 'line',
  interpolate: 'step-after',
  strokeCap: 'butt',
  strokeJoin: 'round',
  invalid: 'break-paths-filter-domains',
  clip: true,
} as const;

/** Milliseconds as they are drawn. */
export function drawnMs(ns: number): number {
  return Math.max(leastMs, Number((ns / nsPerMs).toPrecision(5)));
}

/** The rows with records, cut where an epoch is missing or empty. */
function segments(rows: readonly TimelineRow[]): TimelineRow[][] {
  const parts: TimelineRow[][] = [];
  let part: TimelineRow[] = [];
  for (const row of rows) {
    const previous = part.at(-1);
    if (row.records === 0 || (previous !== undefined && row.epoch !== previous.epoch + 1)) {
      if (part.length > 0) parts.push(part);
      part = [];
    }
    if (row.records > 0) part.push(row);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** The latencies that the lines of some epochs reach, for the ends of an axis. */
export function latencyExtent(rows: readonly TimelineRow[]): number[] {
  return rows.filter(({ records }) => records > 0).flatMap(({ p25Ns, maxNs }) => [drawnMs(p25Ns), drawnMs(maxNs)]);
}

/**
 * The four lines of a run as points, line by line in order of time, with a null where no record was completed. A latency holds from
 * its point to the next: lines are steps, as a slope would rise before the epoch in which something happened.
 */
export function timelinePoints(rows: readonly TimelineRow[]): TimelinePoint[] {
  const length = epochS(rows);
  return lines.flatMap(([line, of]) =>
    segments(rows).flatMap((segment, index) => {
      const points: TimelinePoint[] = segment.map((row) => ({ timeS: row.startS, line, latencyMs: drawnMs(of(row)) }));
      const [first] = points;
      const last = points.at(-1);
      if (first === undefined || last === undefined) return [];
      return [
        ...(index > 0 ? [{ ...first, latencyMs: null }] : []),
        ...points,
        { ...last, timeS: last.timeS + length },
      ];
    }),
  );
}
