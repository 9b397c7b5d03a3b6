/** What charts ask of the epochs of a run. */
import type { TimelineRow } from '../experiments/results/rows.ts';

/** A part of a run. */
export interface TimeWindow {
  /** Its start. */
  readonly fromS: number;
  /** Its end. */
  readonly toS: number;
}

/** Seconds per epoch, from the rows themselves; 0 when there are less than two. */
export function epochS(rows: readonly TimelineRow[]): number {
  const [first, second] = rows;
  return first === undefined || second === undefined
    ? 0
    : (second.startS - first.startS) / (second.epoch - first.epoch);
}

/** The highest latency of the epochs that have a part in the window; 0 without records. */
export function maximumWithin(rows: readonly TimelineRow[], { fromS, toS }: TimeWindow): number {
  const length = epochS(rows);
  return rows
    .filter(({ startS }) => startS + length > fromS && startS < toS)
    .reduce((max, { maxNs }) => Math.max(max, maxNs), 0);
}
