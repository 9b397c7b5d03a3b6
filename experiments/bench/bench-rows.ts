/** Rows of a benchmark: one figure each, with the figure that it is compared with. */
import { stringify } from 'csv-stringify/sync';

/** One figure. */
export interface BenchRow {
  /** What was measured, for instance `key-count 1e6 keys`. */
  readonly name: string;
  /** Which variant. */
  readonly variant: string;
  /** Which figure, for instance `throughput`. */
  readonly metric: string;
  /** Unit of value and baseline. */
  readonly unit: string;
  /** The figure: the median over the repetitions. */
  readonly value: number;
  /** The median of what it is compared with, measured in turn with it; null when there is nothing. */
  readonly baseline: number | null;
  /** The median of the ratios value / baseline of each repetition; null without a baseline. */
  readonly ratio: number | null;
}

/** The rows as CSV with a header. */
export function formatRows(rows: readonly BenchRow[]): string {
  return stringify(rows.map(rounded), {
    header: true,
    columns: ['name', 'variant', 'metric', 'unit', 'value', 'baseline', 'ratio'],
  });
}

/** One line for the terminal. */
export function describeRow(row: BenchRow): string {
  const { name, variant, metric, unit, value, baseline, ratio } = rounded(row);
  const compared = ratio === null ? '' : `  (baseline ${baseline}, ratio ${ratio})`;
  return `${name.padEnd(28)} ${variant.padEnd(10)} ${metric.padEnd(22)} ${value} ${unit}${compared}`;
}

/** The middle of the values; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function rounded(row: BenchRow): BenchRow {
  const round = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(4)));
  return { ...row, value: round(row.value)!, baseline: round(row.baseline), ratio: round(row.ratio) };
}
