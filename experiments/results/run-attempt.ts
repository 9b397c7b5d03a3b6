/**
 * Attempts at a run: each has a folder of its own, in which nobody else writes, and becomes the run's folder by a rename. So a run
 * that is cut off at any moment leaves no half of a result, and two processes that make the same run cannot mix theirs.
 * Faults of the disk pass as the errors of node:fs, with their `code`. Nothing here is to be called while a run measures.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunSpec } from '../config/run-spec.ts';
import { syncFolder, writeDurably } from './durable-files.ts';
import { isLeftBehind, namesIn, unlessRefused } from './live-files.ts';
import { attemptDirectory, failedDirectory, parseAttempt, replacedDirectory } from './run-folders.ts';
import { RUN_FILES } from './run-files.ts';
import type { Provenance } from './run-record.ts';
import { writeRecord } from './run-writer.ts';

/**
 * Starts an attempt at the run whose folder is to be `directory`, and returns the attempt's folder with run.json in it.
 *
 * @throws {ResultsError} when spec or provenance are not what run.json may hold
 */
export function beginRun(directory: string, spec: RunSpec, provenance: Provenance): string {
  const attempt = attemptDirectory(directory);
  mkdirSync(attempt, { recursive: true });
  writeRecord(attempt, spec, provenance);
  return attempt;
}

/**
 * Makes an attempt that is written in full the run's folder. When somebody else has made the run meanwhile, `keepsOther` decides:
 * either theirs stays and the attempt is removed, or it is replaced. An old run is in place until the new one is there.
 *
 * @returns whether the attempt is the run now
 */
export function publishRun(attempt: string, directory: string, keepsOther: () => boolean): boolean {
  const replaced = replacedDirectory(attempt);
  syncFolder(attempt);
  while (!moveTo(attempt, directory)) {
    if (keepsOther()) {
      rmSync(attempt, { recursive: true });
      return false;
    }
    rmSync(replaced, { recursive: true, force: true });
    moveAway(directory, replaced);
  }
  syncFolder(dirname(directory));
  rmSync(replaced, { recursive: true, force: true });
  rmSync(failedDirectory(directory), { recursive: true, force: true });
  return true;
}

/** Gives an attempt up and keeps its run.json with the error in `<run id>.failed`, in place of what stood there. */
export function failRun(attempt: string, directory: string, error: string): void {
  const failed = failedDirectory(directory);
  writeDurably(join(attempt, RUN_FILES.error), (write) => write(`${error.trimEnd()}\n`));
  rmSync(failed, { recursive: true, force: true });
  // Another process may have failed at the same moment: one error is enough.
  if (!moveTo(attempt, failed)) discardRun(attempt);
}

/** Gives an attempt up without a trace. */
export function discardRun(attempt: string): void {
  rmSync(attempt, { recursive: true, force: true });
}

/**
 * Removes what dead processes left in an experiment's folder, and the marks of those who watched in the one above; what one was replacing
 * when it died is put back. A folder that does not exist is none to clear.
 */
export function clearLeftovers(experiment: string): void {
  if (!existsSync(experiment)) return;
  for (const folder of [experiment, dirname(experiment)]) {
    for (const name of namesIn(folder)) {
      // That of another user may have to stay.
      if (isLeftBehind(folder, name, isAlive)) unlessRefused(() => rmSync(join(folder, name), { force: true }));
    }
  }
  for (const name of readdirSync(experiment)) {
    const attempt = parseAttempt(name);
    if (attempt === undefined || isAlive(attempt.processId)) continue;
    const path = join(experiment, name);
    if (attempt.isReplaced && !existsSync(join(experiment, attempt.id))) moveAway(path, join(experiment, attempt.id));
    else rmSync(path, { recursive: true, force: true });
  }
}

/** Renames a folder; false when the name is taken by one that is not empty. */
function moveTo(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (isFault(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

/** Renames a folder that somebody else may have moved at the same moment. */
function moveAway(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isFault(error, 'ENOENT')) throw error;
  }
}

/** Whether a process with this number runs. */
export function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Without the right to signal it, it is somebody's.
    return isFault(error, 'EPERM');
  }
}

function isFault(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
