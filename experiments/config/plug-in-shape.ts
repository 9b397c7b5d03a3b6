/** Checks that what a module exports is a workload, and says what is not. */
import type { Workload } from '../../workloads/index.ts';
import { describe } from './units.ts';

/** What is not as a workload has it: where, and what was expected. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

/** Keys of a mapping, with the check of each; a key that ends in `?` may be absent. */
type Shape = Readonly<Record<string, (value: unknown, path: string) => void>>;

/** Names that `--set workload.parameters.name=1` can reach. */
const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/u;

const PARAMETER: Shape = {
  summary: text,
  default: number,
  minimum: number,
  maximum: number,
  whole: boolean,
};

const DESCRIPTION: Shape = {
  summary: text,
  hasDomain: boolean,
  'canNumber?': (value, path) => expected(value === true, path, 'true, or nothing', value),
  parameters,
  'check?': method,
  stateBytes: method,
  loadedRecords: method,
};

/**
 * Checks the shape of a workload.
 *
 * @throws {ShapeError} when a part is missing or of another kind, with its path
 */
export function checkShape(exported: unknown): asserts exported is Workload {
  const parts = 'expected a workload: { description, native, megaphone, oracle }';
  if (!isObject(exported)) throw new ShapeError(`its default export is ${describe(exported)}; ${parts}`);
  mapping(exported['description'], 'description', DESCRIPTION);
  for (const name of ['native', 'megaphone', 'oracle']) method(exported[name], name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function expected(isMet: boolean, path: string, what: string, found: unknown): void {
  if (isMet) return;
  const kind = typeof found === 'function' ? 'a function' : describe(found);
  const problem = found === undefined ? `missing; expected ${what}` : `expected ${what}, found ${kind}`;
  throw new ShapeError(`${path}: ${problem}`);
}

function text(value: unknown, path: string): void {
  expected(typeof value === 'string' && value.trim() !== '', path, 'a text', value);
}

function number(value: unknown, path: string): void {
  expected(typeof value === 'number' && Number.isFinite(value), path, 'a number', value);
}

function boolean(value: unknown, path: string): void {
  expected(typeof value === 'boolean', path, 'true or false', value);
}

function method(value: unknown, path: string): void {
  expected(typeof value === 'function', path, 'a function', value);
}

function mapping(value: unknown, path: string, shape: Shape): asserts value is Record<string, unknown> {
  const names = Object.keys(shape).map((name) => name.replace('?', ''));
  expected(isObject(value), path, `a mapping with ${names.join(', ')}`, value);
  const found = value as Record<string, unknown>;
  const unknown = Object.keys(found).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ShapeError(`${path}.${unknown}: unknown; expected ${names.join(', ')}`);
  for (const [name, check] of Object.entries(shape)) {
    const key = name.replace('?', '');
    if (key === name || found[key] !== undefined) check(found[key], `${path}.${key}`);
  }
}

function parameters(value: unknown, path: string): void {
  expected(isObject(value), path, 'a mapping from names to parameters', value);
  for (const [name, parameter] of Object.entries(value as Record<string, unknown>)) {
    const place = `${path}.${name}`;
    if (!PARAMETER_NAME.test(name)) {
      throw new ShapeError(`${place}: expected a name of letters, digits, _ and -, beginning with a letter`);
    }
    mapping(parameter, place, PARAMETER);
    const bounds = parameter as Readonly<Record<'default' | 'minimum' | 'maximum', number>>;
    if (bounds.minimum <= bounds.default && bounds.default <= bounds.maximum) continue;
    throw new ShapeError(
      `${place}.default: expected a number from ${bounds.minimum} to ${bounds.maximum}, found ${bounds.default}`,
    );
  }
}
