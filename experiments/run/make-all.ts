/** Makes all runs of an experiment, also after one that failed. */
import type { RunSpec } from '../config/run-spec.ts';
import { runLabels } from '../report/labels.ts';
import type { FinishedRun } from '../report/finished-run.ts';
import { makeRuns, type DriverOptions, type FailedRun } from './driver.ts';

/** What became of all runs. */
export interface AllRuns {
  /** Runs that are done, now or before, in order. */
  readonly finished: readonly FinishedRun[];
  /** Runs that failed, in order. */
  readonly failed: readonly FailedRun[];
  /** Whether the signal stopped it, so that runs are neither finished nor failed. */
  readonly interrupted: boolean;
}

/**
 * Makes the runs in order; one that fails is left behind.
 *
 * @throws {OtherCodeError} when runs are there that other code has made, before any is made
 * @throws {StorageError} when the disk is full or a folder cannot be written; finished runs are kept
 */
export async function makeAllRuns(specs: readonly RunSpec[], options: DriverOptions): Promise<AllRuns> {
  const labels = runLabels(specs);
  const finished: FinishedRun[] = [];
  const failed: FailedRun[] = [];
  let next = 0;
  while (next < specs.length) {
    const result = await makeRuns(specs.slice(next), options);
    finished.push(...result.finished);
    if (result.interrupted) return { finished, failed, interrupted: true };
    if (result.failed === undefined) break;
    next += result.finished.length;
    // Among the runs that are left it may have had a shorter name.
    failed.push({ ...result.failed, label: labels[next] ?? result.failed.label });
    next += 1;
  }
  return { finished, failed, interrupted: false };
}
