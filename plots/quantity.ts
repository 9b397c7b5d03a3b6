/**
 * Numbers as a reader of a chart says them: counts in thousands and millions, powers with a superscript.
 */

const superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

const countWords: readonly (readonly [factor: number, word: string, suffix: string])[] = [
  [1e9, 'billion', 'G'],
  [1e6, 'million', 'M'],
  [1e3, 'thousand', 'k'],
];

/** At most three significant digits, without trailing zeros or an exponent; whole numbers from 1000 stay whole. */
export function formatNumber(value: number): string {
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 12, useGrouping: Math.abs(rounded) >= 10_000 });
}

/** A count in words: `32 million`, `4.1 billion`, `4096`. Numbers below 10 000 stay as they are. */
export function formatCount(count: number): string {
  if (Math.abs(count) < 10_000) return formatNumber(count);
  const [factor, word] = countWords.find(([least]) => Math.abs(count) >= least) ?? [1, ''];
  return `${formatNumber(count / factor)} ${word}`;
}

/** A count for a mark's label: `32M`, `250k`, `4096M` (counts up to 10 000 million stay in millions). */
export function formatShortCount(count: number): string {
  const [factor, , suffix] =
    countWords.find(([least]) => Math.abs(count) >= (least === 1e9 ? 1e10 : least)) ?? ([1, '', ''] as const);
  return `${formatNumber(count / factor)}${suffix}`;
}

/** A power with a superscript, for a whole exponent: `2¹²`, `10⁻⁴`. */
export function formatPower(base: number, exponent: number): string {
  return `${base}${[...String(exponent)].map((digit) => (digit === '-' ? '⁻' : superscripts[Number(digit)])).join('')}`;
}

/** `1 worker`, `2 workers`: the count with its noun, in the plural unless the count is one. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

const noBreakSpace = '\u00a0';

/** The text with no-break spaces between numbers and their units, so that a line never ends between the two. */
export function keepUnits(text: string): string {
  return text.replaceAll(
    /(\d) (?=(?:s|ms|[KMGT]?i?B|%|thousand|million|billion|keys|cores?|workers?|bins?|ticks?|repeats?)(?![a-z]))/g,
    `$1${noBreakSpace}`,
  );
}
