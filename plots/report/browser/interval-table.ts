/** The table of an interval: a row per run, with percentiles, the maximum, and the time above the target. */
import { formatCount, formatLatency } from '../../../experiments/config/quantity.ts';
import { LINES, SHOWN_PERCENTILES } from '../page-data.ts';
import { element } from './dom.ts';
import { type IntervalResult, secondsAbove } from './interval.ts';

/** The rows of the table: cells as text, with the exact numbers beside them. */
export interface IntervalRow {
  /** Text of the cells. */
  readonly cells: readonly string[];
  /** The same in base units for a file: latencies in nanoseconds, times in seconds; empty where there is nothing. */
  readonly values: readonly (string | number)[];
}

const ABOVE = LINES.filter((line) => line === 'max' || line === 'p99');

/** Headings of the table, and columns of the file. */
export function intervalHeadings(hasTarget: boolean): { readonly shown: string[]; readonly columns: string[] } {
  const percentiles = SHOWN_PERCENTILES.map((percentile) => `p${percentile}`);
  return {
    shown: ['run', 'records', ...percentiles, 'max', ...(hasTarget ? ABOVE.map((line) => `${line} above target`) : [])],
    columns: [
      'run',
      'records',
      ...percentiles.map((name) => `${name.replace('.', '')}_ns`),
      'max_ns',
      ...(hasTarget ? ABOVE.map((line) => `${line}_above_target_s`) : []),
    ],
  };
}

/** A row per run. */
export function intervalRows(results: readonly IntervalResult[], targetNs: number | undefined): IntervalRow[] {
  return results.map((result) => {
    const { run, rows, records, percentiles, maxNs } = result;
    const isEmpty = rows === undefined || records === 0;
    const latencies = [
      ...SHOWN_PERCENTILES.map((_, index) => (isEmpty ? undefined : percentiles?.[index])),
      isEmpty ? undefined : maxNs,
    ];
    const above = targetNs === undefined ? [] : ABOVE.map((line) => secondsAbove(result, line, targetNs));
    return {
      cells: [
        run.label,
        formatCount(records),
        ...latencies.map((ns) => (ns === undefined ? '-' : formatLatency(ns))),
        ...above.map((seconds) => `${Number(seconds.toFixed(3))} s`),
      ],
      values: [run.label, records, ...latencies.map((ns) => ns ?? ''), ...above],
    };
  });
}

/** The table's element. */
export function intervalTable(
  caption: string,
  rows: readonly IntervalRow[],
  colours: readonly string[],
  hasTarget: boolean,
): HTMLTableElement {
  const { shown } = intervalHeadings(hasTarget);
  const head = element(
    'tr',
    {},
    ...shown.map((text, column) => element('th', { scope: 'col', class: column === 0 ? '' : 'number' }, text)),
  );
  const body = rows.map(({ cells, values }, row) => {
    const [label = '', ...rest] = cells;
    const swatch = element('span', { class: 'swatch' });
    swatch.style.background = colours[row] ?? '';
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, swatch, label),
      ...rest.map((text, column) => element('td', { class: 'number', 'data-value': values[column + 1] ?? '' }, text)),
    );
  });
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
}
