/** A run that is done, as reports take it. */
import type { RunSpec } from '../config/run-spec.ts';
import type { RunSummary } from '../results/run-summary.ts';

/** A run with its summary, both as read from its folder. */
export interface FinishedRun {
  /** What was run. */
  readonly spec: RunSpec;
  /** What came out. */
  readonly summary: RunSummary;
}
