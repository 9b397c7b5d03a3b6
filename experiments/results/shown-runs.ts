/**
 * The runs that a command draws, and what it calls them: title, figure and scale are no part of a run's identity, so a run that was
 * done before under another title is drawn under the present one.
 */
import { z } from 'zod';
import { runId } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { ResultsError } from './results-error.ts';
import type { Run } from './run-reader.ts';
import { figureSchema, scaleSchema } from './run-record.ts';

const shownRunsSchema = z.array(
  z.strictObject({ id: z.string(), title: z.string(), figure: figureSchema, scale: scaleSchema }),
);

/** A run that is to be drawn. */
export type ShownRun = Readonly<z.infer<typeof shownRunsSchema>[number]>;

/** What is drawn of a run that was asked for by `spec`. */
export function shownRun(spec: RunSpec): ShownRun {
  const { title, figure, scale } = spec;
  return { id: runId(spec), title, figure, scale };
}

/**
 * Reads what another process wrote as JSON.
 *
 * @throws {ResultsError} when the text is no list of runs
 */
export function parseShownRuns(text: string): ShownRun[] {
  try {
    return shownRunsSchema.parse(JSON.parse(text));
  } catch (error) {
    const problem = error instanceof Error ? error.message.replaceAll(/\s+/gu, ' ') : String(error);
    throw new ResultsError(`the list of runs to draw cannot be read: ${problem}`);
  }
}

/** Those of the runs that are to be shown, as they are called there, in the order of `shown`. */
export function selectRuns(runs: readonly Run[], shown: readonly ShownRun[]): Run[] {
  return shown.flatMap(({ id, ...called }) => {
    const run = runs.find((candidate) => candidate.id === id);
    return run === undefined ? [] : [{ ...run, spec: { ...run.spec, ...called } }];
  });
}
