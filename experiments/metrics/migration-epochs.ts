/**
 * Epochs of 10 ms around migrations: in those of 250 ms a stall of 20 ms looks like one of 250. Recording has to know
 * beforehand where they begin and end, so they end 5 s after a migration's start; rows are kept of those that the migration
 * had a part in.
 */
import type { MigrationSummary } from '../results/run-summary.ts';
import { EPOCH_NS, type Epochs, type FineTimes } from './epoch-histograms.ts';

/** Length of a short epoch. */
const FINE_EPOCH_NS = 10_000_000;

/** How long before a migration they begin. */
const BEFORE_NS = 250_000_000;

/** How long after a migration's start they are recorded. */
const AFTER_START_NS = 5_000_000_000;

/** How long after a migration's recovery they are kept. */
const AFTER_RECOVERY_NS = 250_000_000;

/** The times with short epochs of a run whose migrations start at the given seconds; undefined when it has none. */
export function fineTimes(startsS: readonly number[]): FineTimes | undefined {
  if (startsS.length === 0) return undefined;
  const spans = startsS.map((startS) => ({
    fromNs: Math.max(0, Math.floor((startS * 1e9 - BEFORE_NS) / EPOCH_NS) * EPOCH_NS),
    toNs: Math.ceil((startS * 1e9 + AFTER_START_NS) / EPOCH_NS) * EPOCH_NS,
  }));
  return { epochNs: FINE_EPOCH_NS, spans };
}

/** Those from shortly before a migration's start until shortly after its recovery (or last step, when it had not recovered in time). */
export function nearMigrations(fine: Epochs, migrations: readonly MigrationSummary[]): Epochs {
  const near = migrations.map(({ startS, endS, recoveredS }) => ({
    fromNs: startS * 1e9 - BEFORE_NS,
    toNs: Math.max(endS, recoveredS ?? endS) * 1e9 + AFTER_RECOVERY_NS,
  }));
  return {
    epochNs: fine.epochNs,
    epochs: fine.epochs.filter(({ epoch }) => {
      const startNs = epoch * fine.epochNs;
      return near.some(({ fromNs, toNs }) => startNs + fine.epochNs > fromNs && startNs < toNs);
    }),
  };
}
