/** What finished runs are worth: whether they could keep up, and whether they are as fast as expected. */
import { judgeExpectations } from '../report/expectations.ts';
import type { FinishedRun } from '../report/finished-run.ts';
import { EXIT } from './exit-code.ts';

/** The exit code of runs that are all done, and a line about what is not as it should be. */
export interface Judgement {
  /** `EXIT.done`, `EXIT.invalid` or `EXIT.expectation`, the former before the latter. */
  readonly code: number;
  /** Absent when all is well. */
  readonly complaint?: string;
}

/** Judges runs; one that could not keep up is worse than one that is slower than expected. */
export function judgeRuns(finished: readonly FinishedRun[]): Judgement {
  const overloaded = finished.filter(({ summary }) => !summary.valid).length;
  if (overloaded > 0) {
    const complaint = `${overloaded} of ${finished.length} runs could not keep up with the offered rate; expected a lower rate`;
    return { code: EXIT.invalid, complaint };
  }
  const unmet = finished.flatMap(judgeExpectations).filter(({ outcome }) => outcome === 'not met').length;
  if (unmet === 0) return { code: EXIT.done };
  const complaint = `${unmet} ${unmet === 1 ? 'expectation is' : 'expectations are'} not met; the table shows which`;
  return { code: EXIT.expectation, complaint };
}
