/**
 * Values of options. The parser of options hands over text, a list when an option was given twice, or undefined; what these
 * functions return is checked.
 */
import { suggestion } from '../config/nearest.ts';
import { parseCount, UnitError, type CountRange } from '../config/units.ts';
import { UsageError } from './usage-error.ts';

/**
 * The value of an option that may be given once.
 *
 * @throws {UsageError} when it was given more often, or without a value
 */
export function single(option: string, value: unknown): string {
  if (Array.isArray(value)) throw new UsageError(`--${option} was given ${value.length} times; expected it once`);
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${option} needs a value`);
  return value;
}

/**
 * A whole number.
 *
 * @throws {UsageError} when it is none, or out of range
 */
export function wholeNumber(option: string, value: unknown, range: CountRange): number {
  try {
    return parseCount(single(option, value), range);
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`--${option}: ${error.message}`);
    throw error;
  }
}

/**
 * One of several names.
 *
 * @throws {UsageError} when it is another; names the nearest
 */
export function oneOf<const Name extends string>(option: string, value: unknown, names: readonly Name[]): Name {
  const given = single(option, value);
  const found = names.find((name) => name === given);
  if (found !== undefined) return found;
  throw new UsageError(`--${option}: unknown ${option} ${JSON.stringify(given)}; ${suggestion(given, names)}`);
}
