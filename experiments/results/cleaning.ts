/** Removes folders of runs that nobody needs. Whatever is no run's stays, and so does a run's folder with anything else in it. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bytesOf, entriesOf, readInventory, type StoredFolder } from './inventory.ts';
import { ResultsError } from './results-error.ts';
import { isAlive } from './run-attempt.ts';
import { RUN_FILES } from './run-files.ts';
import { attemptDirectory } from './run-folders.ts';
import { readRunRecord } from './run-reader.ts';

/** What to remove besides the leftovers of dead processes. */
export interface CleanOptions {
  /** Failed attempts. */
  readonly failed: boolean;
  /** Runs of other code than that with this digest; none by default. */
  readonly otherThan?: string;
}

/** A folder that is to go. */
export interface Removal {
  /** The folder. */
  readonly folder: StoredFolder;
  /** Its size. */
  readonly bytes: number;
  /** Why it goes, in words. */
  readonly why: string;
  /** The run that a dead process was replacing, and had not replaced: it goes back to this path instead. */
  readonly backTo?: string;
}

/** What cleaning would do. */
export interface CleaningPlan {
  /** What goes. */
  readonly removals: readonly Removal[];
  /** A line for each folder that would go if it held only files of a run. */
  readonly kept: readonly string[];
}

const OWN_FILES: readonly string[] = Object.values(RUN_FILES);

/**
 * Looks for what can go in a folder of results, or an experiment's. Changes nothing.
 *
 * @throws {ResultsError} when there is no such folder, or it cannot be read
 */
export function planCleaning(results: string, options: CleanOptions): CleaningPlan {
  const removals: Removal[] = [];
  const kept: string[] = [];
  for (const folder of readInventory(results).flatMap(({ folders }) => folders)) {
    const why = reasonOf(folder, options);
    if (why === undefined) continue;
    const foreign = entriesOf(folder.directory).find((entry) => !entry.isFile() || !OWN_FILES.includes(entry.name));
    if (foreign !== undefined) {
      kept.push(`${folder.directory}: stays, because ${foreign.name} is no file of a run`);
      continue;
    }
    const run = join(dirname(folder.directory), folder.id);
    const isBack = folder.kind === 'replaced' && !existsSync(run);
    removals.push({ folder, bytes: bytesOf(folder.directory), why, ...(isBack && { backTo: run }) });
  }
  return { removals, kept };
}

/**
 * Carries a removal out. A run first loses its name, so that what is left of it when the process dies counts as no run.
 *
 * @throws {ResultsError} when the folder cannot be removed
 */
export function carryOut({ folder, backTo }: Removal): void {
  const { directory, kind } = folder;
  try {
    if (backTo !== undefined) {
      renameSync(directory, backTo);
      return;
    }
    const gone = kind === 'run' ? attemptDirectory(directory) : directory;
    if (gone !== directory) renameSync(directory, gone);
    rmSync(gone, { recursive: true, force: true });
  } catch (error) {
    throw new ResultsError(`${directory}: cannot be removed: ${(error as Error).message}`);
  }
}

function reasonOf(
  { kind, directory, processId }: StoredFolder,
  { failed, otherThan }: CleanOptions,
): string | undefined {
  switch (kind) {
    case 'attempt':
    case 'replaced':
      return isAlive(processId) ? undefined : 'left by a dead process';
    case 'failed':
      return failed ? 'a failed attempt' : undefined;
    case 'run':
      return otherThan !== undefined && isOfOtherCode(directory, otherThan) ? 'made by other code' : undefined;
  }
}

/** Whether other code made a run; one that does not tell its code stays. */
function isOfOtherCode(directory: string, code: string): boolean {
  try {
    return readRunRecord(directory).provenance.code !== code;
  } catch (error) {
    if (error instanceof ResultsError) return false;
    throw error;
  }
}
