/**
 * The folders of an experiment's runs. A folder with the name of a run id is complete: a run is written to a folder of its
 * process's own beside it, which is renamed at the end.
 *
 *   <run id>                          a complete run
 *   <run id>.failed                   why the last attempt at a run failed; removed when the run is made
 *   .<run id>.<process>.<random>      a run that the process with this number is making
 *   .<run id>.<process>.<random>.old  the run that it replaces, between two renames
 */
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { runId } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';

/** The folder of a run below the results folder `out`: `<out>/<experiment>/<run id>`. */
export function runDirectory(out: string, spec: RunSpec): string {
  return join(out, spec.experiment, runId(spec));
}

/** Where the error of a run is kept whose folder is `directory`. */
export function failedDirectory(directory: string): string {
  return `${directory}.failed`;
}

/** A new name for what this process writes before it becomes the run's folder `directory`; in the same folder. */
export function attemptDirectory(directory: string): string {
  return join(dirname(directory), `.${basename(directory)}.${process.pid}.${randomBytes(4).toString('hex')}`);
}

/** Where an attempt puts the run that it replaces. */
export function replacedDirectory(attempt: string): string {
  return `${attempt}.old`;
}

/** What the name of an attempt's folder says, or undefined for another name. */
export function parseAttempt(
  name: string,
): { readonly id: string; readonly processId: number; readonly isReplaced: boolean } | undefined {
  const [, id, processId, old] = /^\.([0-9a-f]+-\d+)\.(\d+)\.[0-9a-f]+(\.old)?$/u.exec(name) ?? [];
  if (id === undefined) return undefined;
  return { id, processId: Number(processId), isReplaced: old !== undefined };
}
