/** The command that makes the runs of a section. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../experiments/config/input-error.ts';
import { loadExperiment } from '../../experiments/config/load.ts';
import { runId } from '../../experiments/config/run-id.ts';
import { runsOf, type Section } from './sections.ts';

/** The command, and whether the present config of that name gives all of the section's runs. */
export function commandOf(section: Section): { readonly text: string; readonly isExact: boolean } {
  const { experiment, scale } = section;
  const runs = runsOf(section);
  const repeats = Math.max(...runs.map(({ spec }) => spec.repeat));
  const text = `npx megaphone run ${experiment}${scale === 'laptop' ? '' : ` --scale ${scale}`}${repeats > 1 ? ` --repeat ${repeats}` : ''}`;
  const file = fileURLToPath(new URL(`../../experiments/${experiment}.yaml`, import.meta.url));
  if (!existsSync(file)) return { text, isExact: false };
  try {
    const memory = { availableBytes: Infinity, totalBytes: Infinity };
    const wanted = new Set(loadExperiment(file, { scale, repeats, memory }).specs.map(runId));
    return { text, isExact: runs.every(({ id }) => wanted.has(id)) };
  } catch (error) {
    if (error instanceof InputError) return { text, isExact: false };
    throw error;
  }
}
