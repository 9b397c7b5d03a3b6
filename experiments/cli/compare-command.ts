/** `megaphone compare`: what differs between the results of two or more folders, and whether repeats bear it out. */
import { compareSides, type Comparison, type Side } from '../report/comparison.ts';
import { comparisonCsv, comparisonLines, comparisonMarkdown } from '../report/comparison-text.ts';
import { drawables } from '../results/results-folder.ts';
import { ResultsError } from '../results/results-error.ts';
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
 * Prints the comparison and returns the exit code.
 *
 * @throws {UsageError} when there are less than two folders
 * @throws {ResultsError} when a folder holds no runs that can be read, or none that has a partner
 */
export function compareResults({ folders, baseline, format, failOnSlower }: CompareRequest): number {
  const [first, ...others] = baseline === undefined ? folders : [baseline, ...folders.filter((f) => f !== baseline)];
  if (first === undefined || others.length === 0) {
    throw new UsageError('compare needs two folders of results, for instance results/fig1 ../other/results/fig1');
  }
  const before = readSide(first);
  const comparisons = others.map((folder) => compareSides(before, readSide(folder)));
  for (const { other, pairs } of comparisons) {
    if (pairs.length === 0) {
      throw new ResultsError(`${other}: no run has the settings of one in ${first}; expected a common setting`);
    }
  }
  console.log(formatted(comparisons, format).trimEnd());
  const isSlower = comparisons.some(({ pairs }) =>
    pairs.some(({ metrics }) => metrics.some(({ verdict }) => verdict === 'slower')),
  );
  return failOnSlower && isSlower ? EXIT.slower : EXIT.done;
}

function readSide(folder: string): Side {
  const found = drawables(folder, (line) => console.error(`megaphone: ${line}`));
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
