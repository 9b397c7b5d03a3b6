/** Which file a config on the command line means. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../config/input-error.ts';
import { nearest, suggestion } from '../config/nearest.ts';

const PACKAGE_CONFIGS = fileURLToPath(new URL('..', import.meta.url));

/** Extension of configs. */
const EXTENSION = '.yaml';

/** The names of the configs that come with the package, sorted; numbers in them by value. */
export function packageConfigs(): string[] {
  return readdirSync(PACKAGE_CONFIGS)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/**
 * The file of a config: a path, or the name of a config of the package (`fig1`).
 *
 * @throws {InputError} when there is neither
 */
export function configFile(config: string): string {
  const stat = statSync(config, { throwIfNoEntry: false });
  const names = packageConfigs();
  // Results are in folders with the names of configs.
  const isOurs = names.includes(config) && (stat === undefined || stat.isDirectory());
  if (isOurs) return join(PACKAGE_CONFIGS, `${config}${EXTENSION}`);
  if (stat !== undefined) return config;
  const meant = basename(config, EXTENSION);
  const isNear = nearest(meant, names) !== undefined;
  const hint =
    isNear || !config.includes('/') ? suggestion(meant, names) : `expected a config file or ${names.join(', ')}`;
  throw new InputError(`${config}: no such config; ${hint}`);
}
