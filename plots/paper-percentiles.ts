/**
 * The percentiles that the paper prints below its figures 13 to 15, in milliseconds, to stand beside measured ones. It calls the
 * third column 99.99 %; its artifact computes the 99.9th percentile.
 */

/** A row of a table: what the paper measured for a number of bins, or natively. */
export interface PaperPercentiles {
  /** 90th percentile. */
  readonly p90Ms: number;
  /** 99th percentile. */
  readonly p99Ms: number;
  /** 99.9th percentile. */
  readonly p999Ms: number;
  /** Maximum. */
  readonly maxMs: number;
}

/** A table of the paper. */
export interface PaperTable {
  /** What was run, beside 4 million records/s on 4 processes of 4 workers. */
  readonly load: string;
  /** Rows by log2 of the number of bins, and `native`. */
  readonly rows: Readonly<Record<string, PaperPercentiles>>;
}

type Row = readonly [name: string, p90Ms: number, p99Ms: number, p999Ms: number, maxMs: number];

function table(load: string, rows: readonly Row[]): PaperTable {
  return {
    load,
    rows: Object.fromEntries(
      rows.map(([name, p90Ms, p99Ms, p999Ms, maxMs]) => [name, { p90Ms, p99Ms, p999Ms, maxMs }]),
    ),
  };
}

/** The tables by figure. */
export const paperTables: Readonly<Record<string, PaperTable>> = {
  fig13: table('256 million keys', [
    ['4', 4.46, 7.6, 18.87, 25.17],
    ['6', 4.46, 6.55, 13.11, 26.21],
    ['8', 4.46, 6.03, 9.96, 16.78],
    ['10', 4.19, 6.82, 16.25, 23.07],
    ['12', 4.98, 7.08, 19.92, 24.12],
    ['14', 8.13, 11.53, 23.07, 30.41],
    ['16', 20.97, 27.26, 60.82, 83.89],
    ['18', 159.38, 192.94, 209.72, 226.49],
    ['20', 1140.85, 1409.29, 1476.4, 1543.5],
    ['native', 1.64, 2.88, 12.06, 19.92],
  ]),
  fig14: table('256 million keys', [
    ['4', 1.64, 3.67, 12.58, 19.92],
    ['6', 1.64, 2.75, 11.01, 20.97],
    ['8', 1.7, 2.49, 9.44, 19.92],
    ['10', 1.7, 2.36, 7.08, 15.2],
    ['12', 1.77, 2.88, 9.96, 20.97],
    ['14', 2.49, 4.46, 7.86, 19.92],
    ['16', 22.02, 26.21, 32.51, 46.14],
    ['18', 234.88, 268.44, 301.99, 335.54],
    ['20', 838.86, 1610.61, 1879.05, 1946.16],
    ['native', 1.51, 1.7, 4.46, 14.16],
  ]),
  fig15: table('8.19 billion keys', [
    ['4', 1.9, 3.28, 4.72, 7.34],
    ['6', 1.84, 3.28, 6.03, 18.87],
    ['8', 1.84, 3.54, 5.24, 12.58],
    ['10', 1.84, 3.28, 5.77, 13.11],
    ['12', 1.9, 3.67, 5.24, 9.44],
    ['14', 7.34, 16.78, 75.5, 100.66],
    ['16', 30.41, 35.65, 41.94, 50.33],
    ['18', 268.44, 318.77, 335.54, 385.88],
    ['20', 1006.63, 1610.61, 1811.94, 1879.05],
    ['native', 1.57, 2.36, 4.98, 14.68],
  ]),
};
