/** Joins what the workers recorded: epochs of all workers into one list, and epochs into a total. */
import type { EpochCounts, Epochs } from './epoch-histograms.ts';
import { LogLinearHistogram, type SparseCounts } from './log-linear-histogram.ts';
import { MetricsError } from './metrics-error.ts';

/** The latencies of a run by epoch. */
export type MergedEpochs = Epochs;

/**
 * Adds up the epochs of all workers. The result is ascending and has the epochs with at least one record.
 *
 * @throws {MetricsError} when the workers' epochs differ in length, or there is no worker.
 */
export function mergeEpochs(workers: readonly Epochs[]): MergedEpochs {
  const epochNs = workers[0]?.epochNs;
  if (epochNs === undefined) {
    throw new MetricsError('no worker recorded epochs; expected at least one');
  }
  const byEpoch = new Map<number, EpochCounts[]>();
  for (const [index, worker] of workers.entries()) {
    if (worker.epochNs !== epochNs) {
      throw new MetricsError(
        `worker ${index} has epochs of ${worker.epochNs} ns; worker 0 has epochs of ${epochNs} ns`,
      );
    }
    for (const counts of worker.epochs) {
      const same = byEpoch.get(counts.epoch);
      if (same === undefined) {
        byEpoch.set(counts.epoch, [counts]);
      } else {
        same.push(counts);
      }
    }
  }
  const scratch = new LogLinearHistogram();
  const epochs = [...byEpoch]
    .sort(([a], [b]) => a - b)
    .map(([epoch, parts]) => ({ epoch, ...sumInto(scratch, parts) }));
  return { epochNs, epochs };
}

/** The sum of the given epochs, for instance of those outside the warm-up. */
export function sumCounts(parts: Iterable<SparseCounts>): SparseCounts {
  return sumInto(new LogLinearHistogram(), parts);
}

function sumInto(scratch: LogLinearHistogram, parts: Iterable<SparseCounts>): SparseCounts {
  for (const part of parts) {
    scratch.add(part);
  }
  return scratch.drain();
}
