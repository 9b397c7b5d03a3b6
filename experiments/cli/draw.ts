/** Draws the charts of an experiment from its files, in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The charts could not be drawn; the message holds what the drawing process said. */
export class DrawError extends Error {
  override name = 'DrawError';
}

/**
 * Draws and returns the paths of the files that were written.
 *
 * @param directory - the experiment's folder
 * @param program - the program that draws; by default that of the package
 * @throws {DrawError} when it fails
 */
export function drawCharts(
  directory: string,
  program: URL = new URL('../../plots/draw.ts', import.meta.url),
): Promise<string[]> {
  const child = spawn(process.execPath, [fileURLToPath(program), directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new DrawError(error.message)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed.split('\n').filter((line) => line !== ''));
      else reject(new DrawError(complaint.trimEnd() || `drawing ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}
