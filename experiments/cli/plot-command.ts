/** `megaphone plot`: draws the charts of finished runs again, from their files alone. */
import type { RunSpec } from '../config/run-spec.ts';
import { drawCharts } from './draw.ts';
import { EXIT } from './exit-code.ts';

/**
 * Draws all runs of a folder and prints the paths of the charts; returns the exit code.
 *
 * @param figure - the kind of all charts; by default that which each run names
 * @throws {InputError} when the folder is not one of results, or holds no run that can be read
 * @throws {DrawError} when drawing fails
 */
export async function plotExperiment(directory: string, figure?: RunSpec['figure']): Promise<number> {
  const onNote = (line: string): void => console.error(`megaphone: ${line}`);
  for (const file of await drawCharts({ directory, figure, onNote })) console.log(file);
  return EXIT.done;
}
