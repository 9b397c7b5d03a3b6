/** Which file a config on the command line means. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { InputError } from '../config/input-error.ts';
import { suggestion } from '../config/nearest.ts';

const PACKAGE_CONFIGS = fileURLToPath(new URL('..', import.meta.url));

/** The names of the configs that come with the package, in natural order: fig5 before fig10. */
export function packageConfigs(): string[] {
  return readdirSync(PACKAGE_CONFIGS)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort(new Intl.Collator('en', { numeric: true }).compare);
}

/**
 * The file of a config: a path, or the name of a config of the package (`fig1`).
 *
 * @throws {InputError} when there is neither
 */
export function configFile(config: string): string {
  if (existsSync(config)) return config;
  const names = packageConfigs();
  if (names.includes(config)) return join(PACKAGE_CONFIGS, `${config}.yaml`);
  const hint = config.includes('/') ? `expected a config file or ${names.join(', ')}` : suggestion(config, names);
  throw new InputError(`${config}: no such config; ${hint}`);
}
