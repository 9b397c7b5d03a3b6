/** Numbers as people read them: the other direction of units.ts. Three significant digits at most, with a unit that fits. */

const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

const MAGNITUDES: readonly (readonly [factor: number, word: string, suffix: string])[] = [
  [1e9, 'billion', 'G'],
  [1e6, 'million', 'M'],
  [1e3, 'thousand', 'k'],
];

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** At most three significant digits; whole numbers from 1000 stay whole, and never an exponent: `0.0123`, `1234`, `16 384`. */
export function formatNumber(value: number): string {
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 10_000) return formatCount(rounded);
  // The shortest form of a small fraction would have an exponent.
  return Math.abs(rounded) >= 1e-6 || rounded === 0 ? String(rounded) : rounded.toFixed(12).replace(/0+$/u, '');
}

/** A whole number with groups of digits: `500`, `15 000 000`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/gu, ' ');
}

/** A count in words, to three digits: `32 million`, `4.1 billion`. Numbers below 10 000 stay as they are: `4096`. */
export function formatMagnitude(count: number): string {
  if (Math.abs(count) < 10_000) return formatNumber(count);
  const [factor, word] = MAGNITUDES.find(([least]) => Math.abs(count) >= least) ?? [1, ''];
  return `${formatNumber(count / factor)} ${word}`;
}

/** A count with a letter: `32M`, `250k`, `4096M` (counts up to 10 000 million stay in millions). */
export function formatShortCount(count: number): string {
  const [factor, , suffix] =
    MAGNITUDES.find(([least]) => Math.abs(count) >= (least === 1e9 ? 1e10 : least)) ?? ([1, '', ''] as const);
  return `${formatNumber(count / factor)}${suffix}`;
}

/** A power with a superscript, for a whole exponent: `2¹²`, `10⁻⁴`. */
export function formatPower(base: number, exponent: number): string {
  return `${base}${[...String(exponent)].map((digit) => (digit === '-' ? '⁻' : SUPERSCRIPTS[Number(digit)])).join('')}`;
}

/** `1 worker`, `2 workers`: the count in words with its noun, in the plural unless the count is one. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatMagnitude(count)} ${count === 1 ? noun : nouns}`;
}

/** A latency in the unit that fits: `830 ns`, `41.2 us`, `9.8 ms`, `1.35 s`. */
export function formatLatency(latencyNs: number): string {
  if (latencyNs < 1e3) return `${formatNumber(latencyNs)} ns`;
  if (latencyNs < 1e6) return `${formatNumber(latencyNs / 1e3)} us`;
  if (latencyNs < 1e9) return `${formatNumber(latencyNs / 1e6)} ms`;
  return `${formatNumber(latencyNs / 1e9)} s`;
}

/** Bytes in the largest binary unit of which there is at least one: `512 B`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  while (unit < BYTE_UNITS.length - 1 && bytes >= 1024 ** (unit + 1)) unit += 1;
  return `${formatNumber(bytes / 1024 ** unit)} ${BYTE_UNITS[unit]}`;
}

/** A wait for people, in whole seconds: `12 s`, `3 min 20 s`, `1 h 05 min`. */
export function formatWait(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
