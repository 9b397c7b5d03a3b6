/**
 * Logarithmic axes with every tick: whole decades, labelled, with unlabelled minor ticks and a lighter minor grid at
 * 2..9 times each power of ten. Left to itself the charting library thins the ticks of a short axis.
 */

import { formatNumber, formatPower, formatShortCount } from '../experiments/config/quantity.ts';

/** Lower and upper end of a scale, both positive. */
export type Domain = readonly [low: number, high: number];

/** Ticks of a logarithmic axis, ascending. */
export interface LogTicks {
  /** Ticks that carry a label. */
  readonly major: readonly number[];
  /** Ticks without a label; disjoint from `major`. */
  readonly minor: readonly number[];
}

const tolerance = 1e-9;

function positiveExtent(values: Iterable<number>): Domain | undefined {
  let low = Infinity;
  let high = 0;
  for (const value of values) {
    if (!(value > 0) || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high === 0 ? undefined : [low, high];
}

/** The power of ten with a whole exponent, exactly as its literal (`10 ** -3` is not `0.001` on every engine). */
export function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}

/**
 * The smallest range of whole decades that holds all positive finite values; at least one decade. Values that are not
 * positive have no place on a logarithmic axis and are passed over; without any value it is one decade from 1.
 */
export function decadeDomain(values: Iterable<number>): Domain {
  const extent = positiveExtent(values);
  if (extent === undefined) return [1, 10];
  const [low, high] = extent;
  const from = Math.floor(Math.log10(low) + tolerance);
  const to = Math.ceil(Math.log10(high) - tolerance);
  return [powerOfTen(from), powerOfTen(Math.max(to, from + 1))];
}

/**
 * A range that holds all positive finite values with a margin of `margin` decades at both ends; for axes on which the
 * data spans less than a decade or two and whole decades would waste the space.
 */
export function paddedDomain(values: Iterable<number>, margin = 0.12): Domain {
  const extent = positiveExtent(values);
  if (extent === undefined) return [1, 10];
  const [low, high] = extent;
  // At least a factor of 5, so that two ticks of the series 1, 2, 5, 10 are always inside.
  const missing = Math.max(0, 0.7 - (Math.log10(high / low) + 2 * margin)) / 2;
  const factor = 10 ** (margin + missing);
  return [low / factor, high * factor];
}

/**
 * All ticks inside a domain. Every power of ten is major; when fewer than three of them are inside, so are their
 * multiples by 2 and 5, so that a short axis can still be read.
 */
export function logTicks([low, high]: Domain): LogTicks {
  const first = Math.floor(Math.log10(low) + tolerance);
  const last = Math.ceil(Math.log10(high) - tolerance);
  const inside = (value: number): boolean => value >= low * (1 - tolerance) && value <= high * (1 + tolerance);
  const decades = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const labelled = decades.filter((exponent) => inside(powerOfTen(exponent))).length < 3 ? [1, 2, 5] : [1];
  const major: number[] = [];
  const minor: number[] = [];
  for (const exponent of decades) {
    for (let digit = 1; digit <= 9; digit += 1) {
      const value = Number(`${digit}e${exponent}`);
      if (inside(value)) (labelled.includes(digit) ? major : minor).push(value);
    }
  }
  return { major, minor };
}

/** Writes the label of a major tick. */
export type TickLabel = (value: number) => string;

/** The value in digits: `0.001`, `5`, `10,000`. */
export const plainLabel: TickLabel = formatNumber;

/** A count with a unit letter: `500`, `20k`, `1M`. */
export const countLabel: TickLabel = formatShortCount;

/** A power of ten with a superscript, `10⁻⁴`; its multiples stay without a label. */
export const powerLabel: TickLabel = (value) => {
  const exponent = Math.round(Math.log10(value));
  return powerOfTen(exponent) === value ? formatPower(10, exponent) : '';
};

/**
 * The axis definition for a scale of type `log` over `domain`: all ticks, labels on the major ones, a darker grid at
 * major and a lighter one at minor ticks.
 */
export function logAxis(domain: Domain, title: string, label: TickLabel = plainLabel) {
  const { major, minor } = logTicks(domain);
  const labels = JSON.stringify(Object.fromEntries(major.map((value) => [String(value), label(value)])));
  const isMajor = `indexof(${JSON.stringify(major)}, datum.value) >= 0`;
  return {
    title,
    values: [...major, ...minor].sort((a, b) => a - b),
    labelExpr: `${labels}[toString(datum.value)] || ''`,
    labelOverlap: false,
    gridColor: { condition: { test: isMajor, value: '#cccccc' }, value: '#eeeeee' },
    tickSize: { condition: { test: isMajor, value: 5 }, value: 2.5 },
  };
}
