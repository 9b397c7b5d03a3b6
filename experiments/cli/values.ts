/**
 * Values of options. The parser of options hands over text, a list when an option was given twice, or undefined; what these
 * functions return is checked.
 */
import { suggestion } from '../config/nearest.ts';
import { quoted } from '../config/one-line.ts';
import { parseCount, parseDurationNs, UnitError, type CountRange } from '../config/units.ts';
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
 * A duration above zero, in nanoseconds.
 *
 * @throws {UsageError} when it is none
 */
export function durationNs(option: string, value: unknown): number {
  try {
    const ns = parseDurationNs(single(option, value));
    if (ns > 0) return ns;
    throw new UsageError(`--${option}: expected a duration above zero`);
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`--${option}: ${error.message}`);
    throw error;
  }
}

/**
 * A port of this machine; 0 is any that is free.
 *
 * @throws {UsageError} when it is none
 */
export function portNumber(option: string, value: unknown): number {
  const given = single(option, value);
  if (/^\d{1,5}$/u.test(given) && Number(given) < 2 ** 16) return Number(given);
  throw new UsageError(`--${option}: expected a port up to 65535 (0 is any that is free), found ${quoted(given)}`);
}

/**
 * The name of a picture to write.
 *
 * @throws {UsageError} when it does not end in `.svg` or `.png`
 */
export function pictureFile(option: string, value: unknown): string {
  const file = single(option, value);
  if (/\.(?:svg|png)$/u.test(file)) return file;
  throw new UsageError(`--${option}: expected a file that ends in .svg or .png, found ${quoted(file)}`);
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
  throw new UsageError(`--${option}: unknown ${option} ${quoted(given)}; ${suggestion(given, names)}`);
}

/**
 * Refuses the first of the flags that was given twice, or with another value than `true` or `false`: `--verify=yes`. The parser of
 * options would read every value but `true` as false, and take the last of two.
 *
 * @param flags - names of options, without dashes
 * @throws {UsageError} when there is one
 */
export function refuseOddFlags(args: readonly string[], flags: readonly string[]): void {
  const given = new Set<string>();
  for (const argument of args) {
    if (argument === '--') return;
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/su.exec(argument) ?? [];
    const option = name?.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
    if (option === undefined || !flags.includes(option)) continue;
    if (given.has(option)) throw new UsageError(`--${option} was given twice; expected it once`);
    given.add(option);
    if (value !== undefined && value !== 'true' && value !== 'false') {
      throw new UsageError(`--${option}: expected true, false or no value, found ${quoted(value)}`);
    }
  }
}
