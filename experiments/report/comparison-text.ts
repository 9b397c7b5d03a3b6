/** Comparisons as text, CSV and Markdown. */
import { stringify } from 'csv-stringify/sync';
import { alignColumns, type Column } from './columns.ts';
import { formatValue } from './compared-metrics.ts';
import type { Comparison, MetricComparison, PairComparison } from './comparison.ts';
import type { ReportTable } from './table.ts';

const WIDTH = 80;

const HEADINGS = ['metric', 'baseline', 'other', 'ratio', '95 % interval', 'verdict'] as const;

/** The table of a pair, without its notes. */
export function pairTable(pair: PairComparison): ReportTable {
  return {
    title: `${pair.setting} (${repeats(pair.metrics)})`,
    columns: HEADINGS.map((heading, index): Column => {
      return { heading, align: index === 0 || index === HEADINGS.length - 1 ? 'left' : 'right' };
    }),
    rows: pair.metrics.map(cells),
  };
}

/** Tables of at most 80 columns, one per pair, and the notes. */
export function comparisonLines(comparisons: readonly Comparison[]): string[] {
  return comparisons.flatMap(({ baseline, other, pairs, notes }) => [
    `baseline: ${baseline}`,
    `other:    ${other}`,
    ...notes,
    ...pairs.flatMap((pair) => {
      const { title, columns, rows } = pairTable(pair);
      return ['', title, ...alignColumns(columns, rows, WIDTH), ...pair.notes];
    }),
    '',
  ]);
}

/** One table per pair, under a heading per folder that was compared. */
export function comparisonMarkdown(comparisons: readonly Comparison[]): string {
  const escaped = (cell: string): string => cell.replaceAll('|', '\\|');
  const row = (row: readonly string[]): string => `| ${row.map(escaped).join(' | ')} |`;
  return comparisons
    .flatMap(({ baseline, other, pairs, notes }) => [
      `## ${other} against ${baseline}`,
      '',
      ...notes.map((note) => `- ${note}`),
      ...pairs.flatMap((pair) => [
        '',
        `### ${pair.setting} (${repeats(pair.metrics)})`,
        '',
        row(HEADINGS),
        '| --- | ---: | ---: | ---: | ---: | --- |',
        ...pair.metrics.map((metric) => row(cells(metric))),
        '',
        ...pair.notes.map((note) => `- ${note}`),
      ]),
      '',
    ])
    .join('\n');
}

/** One line per metric of a pair; medians in the unit of the line, empty cells where there is no value. */
export function comparisonCsv(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ baseline, other, pairs }) =>
    pairs.flatMap(({ setting, metrics }) =>
      metrics.map((each) => [
        baseline,
        other,
        setting,
        each.metric,
        each.unit,
        each.better,
        each.baselineRepeats,
        each.otherRepeats,
        each.baseline,
        each.other,
        each.ratio,
        each.low,
        each.high,
        each.verdict,
      ]),
    ),
  );
  const header = 'baseline_results,other_results,setting,metric,unit,better,baseline_repeats,other_repeats';
  return stringify([
    [...header.split(','), 'baseline_median', 'other_median', 'ratio', 'ratio_low', 'ratio_high', 'verdict'],
    ...rows,
  ]);
}

function repeats(metrics: readonly MetricComparison[]): string {
  const most = (of: (metric: MetricComparison) => number): number => Math.max(...metrics.map(of));
  return `repeats: ${most((each) => each.baselineRepeats)} and ${most((each) => each.otherRepeats)}`;
}

function cells({ metric, unit, baseline, other, ratio, low, high, verdict }: MetricComparison): string[] {
  const value = (amount: number | null): string => (amount === null ? '-' : formatValue(amount, unit));
  return [
    metric,
    value(baseline),
    value(other),
    ratio === null ? '-' : ratio.toPrecision(3),
    low === null || high === null ? '-' : `${low.toPrecision(3)}..${high.toPrecision(3)}`,
    verdict,
  ];
}
