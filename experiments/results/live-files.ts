/**
 * How a sweep and those who watch it find each other.
 *
 *   .live.<process>.<random>.ndjson  beside the runs of its experiment: in it the process that makes the runs writes a line of JSON whenever
 *                                    something happens (see report/live-lines.ts). It is removed when the sweep is over.
 *   .watched.<process>.<random>      beside it, while the run that has begun takes samples, for the processes of that run.
 *   .watch.<process>.<random>        beside the runs of an experiment, or one folder above: somebody watches the sweeps of that process, or
 *                                    of all where it says `any`. It is removed when that ends, and has to be touched until then.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A mark that was not touched for this long was left behind. */
const LEFT_BEHIND_MS = 10_000;

const MARK = /^\.watch\.(\d+|any)\.[0-9a-f]+$/u;

/** A new name for the file of a sweep that this process makes. */
export function liveFileName(): string {
  return `.live.${process.pid}.${randomBytes(4).toString('hex')}.ndjson`;
}

/** A new name for the file that is there while the run of a sweep takes samples. */
export function watchedFileName(): string {
  return `.watched.${process.pid}.${randomBytes(4).toString('hex')}`;
}

/** The number of the process whose sweep a file tells of, by its name; undefined for another name. */
export function liveProcessOf(name: string): number | undefined {
  const [, processId] = /^\.live\.(\d+)\.[0-9a-f]+\.ndjson$/u.exec(name) ?? [];
  return processId === undefined ? undefined : Number(processId);
}

/**
 * Whether a file of these was left behind by a process that is dead, or has not touched its mark.
 *
 * @param isAlive - whether a process with this number runs
 */
export function isLeftBehind(folder: string, name: string, isAlive: (processId: number) => boolean): boolean {
  const [, sweep] = /^\.(?:live|watched)\.(\d+)\.[0-9a-f]+(?:\.ndjson)?$/u.exec(name) ?? [];
  if (sweep !== undefined) return !isAlive(Number(sweep));
  return MARK.test(name) && !isFresh(join(folder, name));
}

/** A new name for the mark of somebody who watches the sweeps of a process, or of all when it is undefined. */
export function watchMarkName(processId: number | undefined): string {
  return `.watch.${processId ?? 'any'}.${randomBytes(4).toString('hex')}`;
}

/** Whether somebody watches the sweeps that this process makes in one of these folders. */
export function isWatched(folders: readonly string[]): boolean {
  return folders.some((folder) => namesIn(folder).some((name) => isMark(name) && isFresh(join(folder, name))));
}

function isMark(name: string): boolean {
  const [, processId] = MARK.exec(name) ?? [];
  return processId === 'any' || processId === String(process.pid);
}

function isFresh(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs < LEFT_BEHIND_MS;
}

/** Names of what a folder has; none when it is not there, or no folder. */
export function namesIn(folder: string): string[] {
  let names: string[] = [];
  unlessRefused(() => (names = readdirSync(folder)));
  return names;
}

/** Does something to files that may be refused (a disk that is full, say): nobody's results depend on it. Returns whether it was done. */
export function unlessRefused(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return false;
  }
}
