/** Finds the runs below a folder of results, whichever level of `results/<experiment>/<run id>` it is. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ResultsError } from './results-error.ts';
import { isRunFolder, readExperiment, readRun, type RequiredFiles, type Run, runFolders } from './run-reader.ts';

/** Runs whose charts belong together, and where these are written. */
export interface Drawable {
  /** The folder that gets a folder `figures`. */
  readonly directory: string;
  /** Its runs; never empty. */
  readonly runs: readonly Run[];
}

const EXPECTED = 'expected a folder of results, for instance results/fig1';

/**
 * What can be drawn in a folder: one run, the runs of an experiment, or of each experiment in a folder of several.
 *
 * @param onUnreadable - given a line for each run of an experiment that cannot be read; it is passed over
 * @param isWanted - by run id, which runs of an experiment to read; by default all
 * @param required - which files of a run have to be there; by default all
 * @throws {ResultsError} when the folder is none of these, or holds no run that can be read
 */
export function drawables(
  directory: string,
  onUnreadable: (line: string) => void,
  isWanted?: (id: string) => boolean,
  required?: RequiredFiles,
): Drawable[] {
  if (!existsSync(directory)) throw new ResultsError(`${directory}: no such folder; ${EXPECTED}`);
  if (!statSync(directory).isDirectory()) throw new ResultsError(`${directory}: not a folder; ${EXPECTED}`);
  if (isRunFolder(directory)) return [{ directory, runs: [readRun(directory, required)] }];
  const hasRuns = (folder: string): boolean => runFolders(folder).length > 0;
  const experiments = hasRuns(directory) ? [directory] : foldersIn(directory).filter(hasRuns);
  if (experiments.length === 0) {
    throw new ResultsError(`${directory}: holds no complete runs, here or one level below; ${EXPECTED}`);
  }
  const found = experiments
    .map((experiment) => ({
      directory: experiment,
      runs: readExperiment(experiment, onUnreadable, isWanted, required),
    }))
    .filter(({ runs }) => runs.length > 0);
  if (found.length === 0)
    throw new ResultsError(`${directory}: none of its runs can be read; run the experiment again`);
  return found;
}

function foldersIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
    .sort();
}
