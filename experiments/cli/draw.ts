/** Draws the charts of an experiment from its files, in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../config/input-error.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { ShownRun } from '../results/shown-runs.ts';

/** The charts could not be drawn; the message holds what the drawing process said. */
export class DrawError extends Error {
  override name = 'DrawError';
}

/** Exit code of the drawing program when its folder holds nothing that can be drawn. */
const NOTHING_TO_DRAW = 2;

/** What to draw, and whom to tell. */
export interface DrawOptions {
  /** The experiment's folder. */
  readonly directory: string;
  /** The runs to draw; by default all that the folder holds. */
  readonly shown?: readonly ShownRun[];
  /** The kind of all charts; by default that which each run names. */
  readonly figure?: RunSpec['figure'] | undefined;
  /** Given a line about each run that cannot be read. */
  readonly onNote: (line: string) => void;
  /** The program that draws; by default that of the package. */
  readonly program?: URL;
}

/**
 * Draws and returns the paths of the files that were written.
 *
 * @throws {InputError} when no runs were named and the folder holds nothing that can be drawn
 * @throws {DrawError} when drawing fails
 */
export function drawCharts({ directory, shown, figure, onNote, program }: DrawOptions): Promise<string[]> {
  const file = fileURLToPath(program ?? new URL('../../plots/draw.ts', import.meta.url));
  const kind = figure === undefined ? [] : ['--figure', figure];
  const args = [file, directory, ...kind, ...(shown === undefined ? [] : ['--shown'])];
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  let printed = '';
  let complaint = '';
  // A process that ended without reading is reported by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(shown === undefined ? '' : JSON.stringify(shown));
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new DrawError(error.message)));
    child.on('close', (code, signal) => {
      const lines = complaint.split('\n').filter((line) => line !== '');
      if (code === 0) {
        lines.forEach(onNote);
        resolve(printed.split('\n').filter((line) => line !== ''));
      } else if (code === NOTHING_TO_DRAW && shown === undefined) {
        lines.slice(0, -1).forEach(onNote);
        reject(new InputError(lines.at(-1) ?? `${directory}: nothing to draw`));
      } else reject(new DrawError(complaint.trimEnd() || `drawing ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}
