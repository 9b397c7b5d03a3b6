/** What stands in a folder of results: complete runs, failed attempts at runs, and what processes that make runs are writing. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isExperimentName, isRunId } from '../config/run-id.ts';
import { ResultsError } from './results-error.ts';
import { parseAttempt } from './run-folders.ts';

/** A folder of a run. */
export interface StoredFolder {
  /** A complete run, why one failed, or what a process is writing (`attempt`) or replacing (`replaced`). */
  readonly kind: 'run' | 'failed' | 'attempt' | 'replaced';
  /** Its path. */
  readonly directory: string;
  /** The id of the run. */
  readonly id: string;
  /** The process that writes or replaces it; 0 for the other kinds. */
  readonly processId: number;
}

/** An experiment's folder. */
export interface StoredExperiment {
  /** Name of the folder. */
  readonly name: string;
  /** Its path. */
  readonly directory: string;
  /** What is in it, by name. */
  readonly folders: readonly StoredFolder[];
}

const FAILED = '.failed';

/**
 * The experiments of a folder of results, or that of an experiment's own folder; those without any run are left out. Links are
 * not followed.
 *
 * @throws {ResultsError} when there is no such folder, or it cannot be read
 */
export function readInventory(results: string): StoredExperiment[] {
  const own = readExperimentFolder(results);
  if (own.folders.length > 0) return [own];
  return foldersIn(results)
    .filter(isExperimentName)
    .map((name) => readExperimentFolder(join(results, name)))
    .filter(({ folders }) => folders.length > 0);
}

/** What a folder in an experiment's folder is, by its name, or undefined when it is no run's. */
export function storedFolder(directory: string): StoredFolder | undefined {
  const name = basename(directory);
  if (isRunId(name)) return { kind: 'run', directory, id: name, processId: 0 };
  const failed = name.endsWith(FAILED) ? name.slice(0, -FAILED.length) : '';
  if (isRunId(failed)) return { kind: 'failed', directory, id: failed, processId: 0 };
  const attempt = parseAttempt(name);
  if (attempt === undefined) return undefined;
  const { id, processId, isReplaced } = attempt;
  return { kind: isReplaced ? 'replaced' : 'attempt', directory, id, processId };
}

/** The bytes of the files in a folder, at any depth; what vanishes meanwhile counts as none. */
export function bytesOf(directory: string): number {
  let bytes = 0;
  for (const entry of entriesOf(directory, true)) {
    if (!entry.isFile()) continue;
    bytes += lstatSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/**
 * What is in a folder, sorted by name.
 *
 * @throws {ResultsError} when there is no such folder, or it cannot be read
 */
export function entriesOf(directory: string, recursive = false): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true, recursive }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'no such folder',
      ENOTDIR: 'not a folder',
      EACCES: 'not readable',
    };
    throw new ResultsError(
      `${directory}: ${reasons[code] ?? code}; expected a folder of results, for instance results`,
    );
  }
}

function foldersIn(directory: string): string[] {
  return entriesOf(directory)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function readExperimentFolder(directory: string): StoredExperiment {
  const folders = foldersIn(directory).flatMap((name) => storedFolder(join(directory, name)) ?? []);
  return { name: basename(resolve(directory)), directory, folders };
}
