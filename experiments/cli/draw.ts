/** Draws the charts of an experiment from its files, in a process of its own. */
import { spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { fileURLToPath } from 'node:url';
import { InputError } from '../config/input-error.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { Comparison } from '../report/comparison.ts';
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

/** A drawing program that has ended. */
interface Drawn {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Lines of its standard output: the files that it wrote. */
  readonly files: readonly string[];
  /** Lines of its standard error. */
  readonly complaints: readonly string[];
}

/** Starts a drawing program of the package with something to read. */
function startDrawing(
  program: URL,
  args: readonly string[],
  input: string,
  flags: readonly string[] = [],
): Promise<Drawn> {
  const cache = getCompileCacheDir();
  const child = spawn(process.execPath, [...flags, fileURLToPath(program), ...args], {
    stdio: 'pipe',
    env: { ...process.env, ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) },
  });
  let printed = '';
  let complaint = '';
  // A process that ended without reading is reported by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
  const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new DrawError(error.message)));
    child.on('close', (code, signal) => {
      resolve({ code, signal, files: linesOf(printed), complaints: linesOf(complaint) });
    });
  });
}

function drawError({ code, signal, complaints }: Drawn): DrawError {
  return new DrawError(complaints.join('\n') || `drawing ended with ${signal ?? `exit code ${code}`}`);
}

/**
 * Draws and returns the paths of the files that were written.
 *
 * @throws {InputError} when no runs were named and the folder holds nothing that can be drawn
 * @throws {DrawError} when drawing fails
 */
export async function drawCharts({
  directory,
  shown,
  figure,
  onNote,
  program,
}: DrawOptions): Promise<readonly string[]> {
  const kind = figure === undefined ? [] : ['--figure', figure];
  const args = [directory, ...kind, ...(shown === undefined ? [] : ['--shown'])];
  const input = shown === undefined ? '' : JSON.stringify(shown);
  const drawn = await startDrawing(program ?? new URL('../../plots/draw.ts', import.meta.url), args, input);
  const { code, files, complaints } = drawn;
  if (code === 0) {
    complaints.forEach(onNote);
    return files;
  }
  if (code !== NOTHING_TO_DRAW || shown !== undefined) throw drawError(drawn);
  complaints.slice(0, -1).forEach(onNote);
  throw new InputError(complaints.at(-1) ?? `${directory}: nothing to draw`);
}

/**
 * Draws comparisons as an SVG or PNG file, as its name says.
 *
 * @throws {DrawError} when drawing fails
 */
export async function drawComparison(comparisons: readonly Comparison[], file: string): Promise<void> {
  const program = new URL('../../plots/draw-comparison.ts', import.meta.url);
  const drawn = await startDrawing(program, [file], JSON.stringify(comparisons));
  if (drawn.code !== 0) throw drawError(drawn);
}

/**
 * Writes a report of folders of results, the first of which the others are compared with; returns the file's path.
 *
 * @param onNote - given a line about each run that cannot be read, and about what the report lacks
 * @throws {InputError} when a folder holds nothing that can be read
 * @throws {DrawError} when drawing fails
 */
export async function drawReport(
  folders: readonly string[],
  file: string,
  onNote: (line: string) => void,
): Promise<string> {
  const program = new URL('../../plots/draw-report.ts', import.meta.url);
  // Node warns that it strips types on request, by which the page's scripts are made.
  const drawn = await startDrawing(program, [file, ...folders], '', ['--disable-warning=ExperimentalWarning']);
  const { code, files, complaints } = drawn;
  if (code === 0) {
    complaints.forEach(onNote);
    return files[0] ?? file;
  }
  if (code !== NOTHING_TO_DRAW) throw drawError(drawn);
  complaints.slice(0, -1).forEach(onNote);
  throw new InputError(complaints.at(-1) ?? `${folders.join(' ')}: nothing to report`);
}
