/**
 * When latencies are back to what they were before a migration. The records that a migration holds up are complete long after its
 * last step: a stall leaves a backlog that drains while new records arrive. Until then a run is not steady.
 */
import type { EpochCounts } from './epoch-histograms.ts';
import { median } from '../stats/median.ts';

/** How many epochs in a row have to be quiet. */
const QUIET_EPOCHS = 4;

/** An epoch is quiet when its maximum is below this multiple of the median maximum of the epochs before the migration. */
const QUIET_FACTOR = 2;

/** From the first step issued to the last completed. */
export interface MigrationSpan {
  /** The first step was issued. */
  readonly startS: number;
  /** The last step was completed. */
  readonly endS: number;
}

/** A migration with what it did to latencies. */
export interface Disturbance extends MigrationSpan {
  /** Start of the first of four quiet epochs in a row, or `endS` if that is later; null when there were none in time. */
  readonly recoveredS: number | null;
  /** End of the disturbance: `recoveredS`, or else the next migration's start, or the end of the schedule. */
  readonly untilS: number;
}

/** The latencies of a run, as far as recovery depends on them. */
export interface MeasuredLatencies {
  /** Length of an epoch. */
  readonly epochNs: number;
  /** All epochs with records, ascending. */
  readonly epochs: readonly EpochCounts[];
  /** Those outside of the warm-up, ascending: the median before a migration is of these. */
  readonly measured: readonly EpochCounts[];
  /** Length of the schedule. */
  readonly durationS: number;
}

/**
 * What each migration did to latencies. A migration is compared with the measured epochs before it that no earlier one
 * disturbed; without any it never counts as recovered.
 *
 * @param spans - in the order of time; none begins before the one before it has ended
 */
export function disturbances(latencies: MeasuredLatencies, spans: readonly MigrationSpan[]): Disturbance[] {
  const found: Disturbance[] = [];
  for (const [index, span] of spans.entries()) {
    const untilS = Math.max(span.endS, spans[index + 1]?.startS ?? latencies.durationS);
    const before = latencies.measured.filter(({ epoch }) => (epoch * latencies.epochNs) / 1e9 < span.startS);
    const steady = undisturbed(before, [...found, { startS: span.startS, untilS }], latencies.epochNs);
    const recoveredS = recovery(latencies, span, untilS, QUIET_FACTOR * median(steady.map(({ maxNs }) => maxNs)));
    found.push({ ...span, recoveredS, untilS: recoveredS ?? untilS });
  }
  return found;
}

/**
 * The epochs that no migration disturbed. The epoch before a migration's start is left out, too: its last records were in
 * flight when the migration began, and waited for it.
 */
export function undisturbed(
  epochs: readonly EpochCounts[],
  disturbed: readonly Pick<Disturbance, 'startS' | 'untilS'>[],
  epochNs: number,
): EpochCounts[] {
  return epochs.filter((counts) =>
    disturbed.every(({ startS, untilS }) => !overlaps(counts, { startS: startS - epochNs / 1e9, untilS }, epochNs)),
  );
}

/** Whether an epoch has a part in the time from `startS` to `untilS`. */
export function overlaps(
  { epoch }: EpochCounts,
  { startS, untilS }: Pick<Disturbance, 'startS' | 'untilS'>,
  epochNs: number,
): boolean {
  const startNs = epoch * epochNs;
  return startNs + epochNs > startS * 1e9 && startNs < untilS * 1e9;
}

/** Searches from the epoch in which the migration ended on: a quiet epoch before that says nothing about later steps. */
function recovery(
  { epochs, epochNs }: MeasuredLatencies,
  { endS }: MigrationSpan,
  untilS: number,
  belowNs: number,
): number | null {
  const after = epochs.filter(({ epoch }) => {
    const startNs = epoch * epochNs;
    return startNs + epochNs > endS * 1e9 && startNs < untilS * 1e9;
  });
  for (let first = 0; first + QUIET_EPOCHS <= after.length; first++) {
    if (after.slice(first, first + QUIET_EPOCHS).every(({ maxNs }) => maxNs < belowNs)) {
      return Math.max(endS, (after[first]!.epoch * epochNs) / 1e9);
    }
  }
  return null;
}
