/** `megaphone compare`: what differs between the results of two or more folders, and whether repeats bear it out. */
import { compareSides, type Comparison, type Side } from '../report/comparison.ts';
import { comparisonCsv, comparisonLines, comparisonMarkdown } from '../report/comparison-text.ts';
import { drawables } from '../results/results-folder.ts';
import { ResultsError } from '../results/results-error.ts';
import { suggestion } from '../config/nearest.ts';
import { drawComparison } from './draw.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/** How a comparison is printed. */
export type CompareFormat = 'text' | 'json' | 'csv' | 'markdown';

/** What the command line asks for. */
export interface CompareRequest {
  /** Folders of results: of one run, an experiment, or several. */
  readonly folders: readonly string[];
  /** The folder that all others are compared with; by default the first. */
  readonly baseline: string | undefined;
  /** How the comparison is printed. */
  readonly format: CompareFormat;
  /** Whether a verdict `slower` is a failure. */
  readonly failOnSlower: boolean;
  /** Names of metrics, or how they begin or end; all others are left out. Empty for all. */
  readonly metrics: readonly string[];
  /** An SVG or PNG file to draw the ratios into. */
  readonly chart: string | undefined;
}

/**
 * The format of which the option was given.
 *
 * @throws {UsageError} when several were
 */
export function compareFormat(wanted: Readonly<Record<Exclude<CompareFormat, 'text'>, boolean>>): CompareFormat {
  const given = (['json', 'csv', 'markdown'] as const).filter((name) => wanted[name]);
  if (given.length > 1) {
    throw new UsageError(`${given.map((name) => `--${name}`).join(' and ')} exclude each other; expected one of them`);
  }
  return given[0] ?? 'text';
}

/**
 * Prints the comparison, draws it if asked to, and returns the exit code.
 *
 * @throws {UsageError} when there are less than two folders, or no metric has a name that was asked for
 * @throws {DrawError} when the chart cannot be drawn
 * @throws {ResultsError} when a folder holds no runs that can be read, or none that has a partner
 */
export async function compareResults(request: CompareRequest): Promise<number> {
  const { folders, baseline, format, failOnSlower, metrics, chart } = request;
  const [first, ...others] = baseline === undefined ? folders : [baseline, ...folders.filter((f) => f !== baseline)];
  if (first === undefined || others.length === 0) {
    throw new UsageError('compare needs two folders of results, for instance results/fig1 ../other/results/fig1');
  }
  const before = readSide(first);
  const all = others.map((folder) => compareSides(before, readSide(folder)));
  for (const { other, pairs } of all) {
    if (pairs.length === 0) {
      throw new ResultsError(`${other}: no run has the settings of one in ${first}; expected a common setting`);
    }
  }
  const comparisons = metrics.length === 0 ? all : withMetrics(all, metrics);
  console.log(formatted(comparisons, format).trimEnd());
  if (chart !== undefined) await drawComparison(comparisons, chart);
  const isSlower = comparisons.some(({ pairs }) =>
    pairs.some(({ metrics }) => metrics.some(({ verdict }) => verdict === 'slower')),
  );
  return failOnSlower && isSlower ? EXIT.slower : EXIT.done;
}

/** The comparisons with those metrics only that were asked for. */
function withMetrics(comparisons: readonly Comparison[], wanted: readonly string[]): Comparison[] {
  const known = [
    ...new Set(comparisons.flatMap(({ pairs }) => pairs.flatMap((pair) => pair.metrics.map(({ metric }) => metric)))),
  ];
  const isNamed = (metric: string, name: string): boolean =>
    metric === name || metric.startsWith(`${name} `) || metric.endsWith(` ${name}`);
  const unknown = wanted.find((name) => !known.some((metric) => isNamed(metric, name)));
  if (unknown !== undefined) throw new UsageError(`--metric: no metric ${unknown}; ${suggestion(unknown, known)}`);
  return comparisons.map((comparison) => ({
    ...comparison,
    pairs: comparison.pairs.map((pair) => ({
      ...pair,
      metrics: pair.metrics.filter(({ metric }) => wanted.some((name) => isNamed(metric, name))),
    })),
  }));
}

function readSide(folder: string): Side {
  const onUnreadable = (line: string): void => console.error(`megaphone: ${line}`);
  const found = drawables(folder, onUnreadable, undefined, 'without distributions');
  return { name: folder, runs: found.flatMap(({ runs }) => runs) };
}

function formatted(comparisons: readonly Comparison[], format: CompareFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify(comparisons, undefined, 2);
    case 'csv':
      return comparisonCsv(comparisons);
    case 'markdown':
      return comparisonMarkdown(comparisons);
    default:
      return comparisonLines(comparisons).join('\n');
  }
}
