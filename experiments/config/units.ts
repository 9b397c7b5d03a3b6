/**
 * Values as people write them: `30 s`, `250 ms`, `500000 records/s`, `2^12`, `4096e6`.
 *
 * Each parser takes what YAML made of the text (a number, a string, anything) and throws {@link UnitError} with the rest of
 * a sentence that starts with the place of the value.
 */
import { MAX_BIN_SHIFT } from 'megaphone-engine/migration';
import { quoted } from './one-line.ts';

/** A value that is not of the kind or in the range that was expected. */
export class UnitError extends Error {
  override name = 'UnitError';
}

const DURATION_UNITS_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
};

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const DURATION = new RegExp(`^(${NUMBER})\\s*([a-zµ]*)$`, 'u');
const POWER = /^(\d+)\s*\^\s*(\d+)$/u;
const RATE = new RegExp(`^(${NUMBER})\\s*(?:records)?\\s*/\\s*s$`, 'u');
const PLAIN = new RegExp(`^${NUMBER}$`, 'u');

/** How a value reads in an error: `"abc"`, `12`, `nothing`, `a list`, `a mapping`. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a mapping';
}

/**
 * A duration in nanoseconds. Zero needs no unit; everything else does.
 *
 * @throws {UnitError} when it is no duration, has no unit, or is negative
 */
export function parseDurationNs(value: unknown): number {
  const expected = 'expected a duration such as 30 s, 250 ms or 20 min';
  if (value === 0) return 0;
  if (typeof value === 'number') throw new UnitError(`${value} has no unit; ${expected}`);
  const [, digits, unit] = (typeof value === 'string' ? DURATION.exec(value.trim()) : null) ?? [];
  if (digits === undefined || unit === undefined) throw new UnitError(`${expected}, found ${describe(value)}`);
  if (unit === '') throw new UnitError(`${digits} has no unit; ${expected}`);
  const factor = DURATION_UNITS_NS[unit];
  if (factor === undefined) {
    throw new UnitError(`unknown unit ${unit}; expected one of ${Object.keys(DURATION_UNITS_NS).join(', ')}`);
  }
  const durationNs = Number(digits) * factor;
  if (!(durationNs >= 0 && Number.isFinite(durationNs))) throw new UnitError(`${expected}, found ${describe(value)}`);
  return durationNs;
}

/**
 * A rate in records per second, above zero: a number, or text such as `500000 records/s` or `4e6/s`.
 *
 * @throws {UnitError} when it is no rate, or is not above zero
 */
export function parseRate(value: unknown): number {
  const digits = typeof value === 'string' ? (RATE.exec(value.trim()) ?? [])[1] : undefined;
  const rate = typeof value === 'number' ? value : Number(digits ?? NaN);
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new UnitError(`expected a rate above zero such as 500000 records/s, found ${describe(value)}`);
  }
  return rate;
}

/** What a count counts, and its range. */
export interface CountRange {
  /** What is counted, in the plural (`workers`). */
  readonly noun: string;
  /** Smallest count allowed. */
  readonly minimum: number;
  /** Largest count allowed. */
  readonly maximum: number;
}

/**
 * A whole number: `12`, `4096e6`, `2^28`, or one of these followed by the noun (`4096e6 keys`).
 *
 * @throws {UnitError} when it is no whole number of the range
 */
export function parseCount(value: unknown, { noun, minimum, maximum }: CountRange): number {
  const count = typeof value === 'string' ? countOfText(value.trim(), noun) : value;
  if (typeof count === 'number' && Number.isInteger(count) && count >= minimum && count <= maximum) return count;
  const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `from ${minimum} to ${maximum}`;
  throw new UnitError(`expected a whole number of ${noun} ${range}, found ${describe(value)}`);
}

function countOfText(text: string, noun: string): number {
  const bare = text.endsWith(` ${noun}`) ? text.slice(0, -noun.length - 1).trimEnd() : text;
  const [, base, exponent] = POWER.exec(bare) ?? [];
  if (base !== undefined && exponent !== undefined) return Number(base) ** Number(exponent);
  return PLAIN.test(bare) ? Number(bare) : NaN;
}

/**
 * The binary logarithm of a number of bins, written `4096` or `2^12`; 1 to the engine's `MAX_BIN_SHIFT`.
 *
 * @throws {UnitError} when it is no power of two of that range
 */
export function parseBinShift(value: unknown): number {
  const bins = typeof value === 'string' ? countOfText(value.trim(), 'bins') : value;
  const shift = typeof bins === 'number' ? Math.log2(bins) : NaN;
  if (Number.isInteger(shift) && shift >= 1 && shift <= MAX_BIN_SHIFT) return shift;
  throw new UnitError(`expected a power of two from 2^1 to 2^${MAX_BIN_SHIFT} bins, found ${describe(value)}`);
}
