/** Tells by their sources whether two runs were made by the same code, committed or not. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What decides how a run is made and measured; how it is asked for, shown and drawn does not. */
const SOURCES = [
  'engine/**/*.ts',
  'workloads/**/*.ts',
  'experiments/{config,load,metrics,results,run}/**/*.ts',
  'engine/timely/Cargo.toml',
  'engine/timely/src/**/*.rs',
];

const NOT_SOURCES = ['**/node_modules/**', '**/target/**', '**/tests/**'];

const HEX_DIGITS = 16;

/**
 * The first 16 hexadecimal digits of the SHA-256 of all source files below `root` that decide what is measured, names and
 * contents. Reads some hundred files.
 */
export function sourceDigest(root: string): string {
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: root, exclude: NOT_SOURCES }).sort()) {
    const content = readFileSync(join(root, file));
    // Lengths keep the end of one file from passing for the beginning of the next.
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, HEX_DIGITS);
}
