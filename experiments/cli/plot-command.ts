/** `megaphone plot`: draws the charts of finished runs again, from their files alone. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../config/input-error.ts';
import { isComplete } from '../results/run-reader.ts';
import { RUN_FILES } from '../results/run-files.ts';
import { drawCharts } from './draw.ts';
import { EXIT } from './exit-code.ts';

/**
 * Draws and prints the paths of the charts; returns the exit code.
 *
 * @throws {InputError} when the folder is not that of an experiment with a finished run
 * @throws {DrawError} when drawing fails
 */
export async function plotExperiment(directory: string): Promise<number> {
  checkExperiment(directory);
  for (const file of await drawCharts(directory)) console.log(file);
  return EXIT.done;
}

function checkExperiment(directory: string): void {
  const expected = 'expected the results of an experiment, for instance results/fig1';
  if (!existsSync(directory)) throw new InputError(`${directory}: no such folder; ${expected}`);
  if (!statSync(directory).isDirectory()) throw new InputError(`${directory}: not a folder; ${expected}`);
  const runs = runFolders(directory);
  if (runs.some(isComplete)) return;
  if (runs.length > 0) throw new InputError(`${directory}: none of its ${runs.length} runs is done; run them again`);
  const below = subfolders(directory).find((folder) => runFolders(folder).length > 0);
  const hint = below === undefined ? expected : `did you mean ${below}?`;
  throw new InputError(`${directory}: holds no runs; ${hint}`);
}

function runFolders(directory: string): string[] {
  return subfolders(directory).filter((folder) => existsSync(join(folder, RUN_FILES.record)));
}

function subfolders(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
    .sort();
}
