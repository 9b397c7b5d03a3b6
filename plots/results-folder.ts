/** Finds the complete runs below a folder of results, whichever level of `results/<experiment>/<run id>` it is. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ResultsError } from '../experiments/results/results-error.ts';
import { RUN_FILES } from '../experiments/results/run-files.ts';
import { readExperiment, readRun, type Run } from '../experiments/results/run-reader.ts';

/** Runs whose charts belong together, and where these are written. */
export interface Drawable {
  /** The folder that gets a folder `figures`. */
  readonly directory: string;
  /** Complete runs; never empty. */
  readonly runs: readonly Run[];
}

function foldersIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
    .sort();
}

const isRun = (directory: string): boolean => existsSync(join(directory, RUN_FILES.record));

const isExperiment = (directory: string): boolean => foldersIn(directory).some(isRun);

/**
 * What can be drawn in a folder: one run, the runs of an experiment, or of each experiment in a folder of several (of
 * which those without a complete run are passed over).
 *
 * @throws {ResultsError} when the folder is none of these, holds no complete run, or a file of a run is malformed.
 */
export function drawables(directory: string): Drawable[] {
  if (!existsSync(directory)) {
    throw new ResultsError(`${directory}: no such folder; expected a folder of results, for instance results/fig1`);
  }
  if (!statSync(directory).isDirectory()) {
    throw new ResultsError(`${directory}: a file; expected a folder of results, for instance results/fig1`);
  }
  if (isRun(directory)) return [{ directory, runs: [readRun(directory)] }];
  const experiments = isExperiment(directory) ? [directory] : foldersIn(directory).filter(isExperiment);
  if (experiments.length === 0) {
    throw new ResultsError(
      `${directory}: no runs (folders with ${RUN_FILES.record}) here or one level below; expected a folder of results, for instance results/fig1`,
    );
  }
  const found = experiments
    .map((experiment) => ({ directory: experiment, runs: readExperiment(experiment) }))
    .filter(({ runs }) => runs.length > 0);
  if (found.length === 0) {
    throw new ResultsError(`${directory}: no complete run (none has ${RUN_FILES.done}); run the experiment first`);
  }
  return found;
}
