/**
 * Draws the charts of results: `node plots/draw.ts results/fig1`. With `--shown`, only the runs of the experiment that the standard
 * input lists (see experiments/results/shown-runs.ts); with `--figure KIND`, charts of that kind instead of those that the runs name.
 *
 * The folder is an experiment's, one run's, or that of all experiments. Each chart is written to `figures/` in it as SVG,
 * as PNG, and as the vega-lite specification with its data, from which it can be drawn again or changed. The paths are
 * printed, one per line, and on the standard error a line about each run that cannot be read. Exit codes: 0 drawn, 1 a chart failed, 2 the folder cannot be drawn.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { RunSpec } from '../experiments/config/run-spec.ts';
import { FIGURES } from '../experiments/config/schema.ts';
import { type RatesFile, RATES_SUFFIX, readRates } from '../experiments/results/rates-file.ts';
import { ResultsError } from '../experiments/results/results-error.ts';
import { parseShownRuns, selectRuns, type ShownRun } from '../experiments/results/shown-runs.ts';
import { charts, hasRows } from './charts.ts';
import { ChartError, render } from './render.ts';
import { type Drawable, drawables } from '../experiments/results/results-folder.ts';
import type { Run } from '../experiments/results/run-reader.ts';

async function draw(
  directory: string,
  shown: readonly ShownRun[] | undefined,
  figure: RunSpec['figure'] | undefined,
): Promise<void> {
  const isWanted = shown && ((id: string) => shown.some((run) => run.id === id));
  // Runs that are named have just been made, or were asked for: theirs have to be complete.
  const required = shown === undefined ? 'without distributions' : 'all';
  let areDrawn = false;
  for (const drawable of drawables(directory, (line) => console.error(line), isWanted, required)) {
    const figures = join(drawable.directory, 'figures');
    const runs = shown === undefined ? withRows(drawable, figure) : selectRuns(drawable.runs, shown);
    if (runs.length > 0) areDrawn = true;
    const order = shown === undefined ? 'sorted' : 'given';
    for (const { name, spec } of charts(runs, { figure, order, rates: ratesOf(drawable.directory) })) {
      const { svg, png } = await render(spec);
      mkdirSync(figures, { recursive: true });
      const files = [
        [`${name}.svg`, `${svg}\n`],
        [`${name}.png`, png],
        [`${name}.vl.json`, `${JSON.stringify(spec)}\n`],
      ] as const;
      for (const [file, content] of files) {
        writeFileSync(join(figures, file), content);
        console.log(join(figures, file));
      }
    }
  }
  if (!areDrawn) throw new ResultsError(`${directory}: nothing to draw`);
}

/** The runs whose rows are there; says on the standard error that others cannot be drawn. */
function withRows({ directory, runs }: Drawable, figure: RunSpec['figure'] | undefined): Run[] {
  const drawn = runs.filter((run) => hasRows(run, figure));
  const left = runs.length - drawn.length;
  if (left > 0)
    console.error(`${directory}: ${left} of ${runs.length} runs cannot be drawn: their ccdf.csv was not kept`);
  return drawn;
}

/** What a search has found for the experiment in this folder: the search's own folder stands beside it. */
function ratesOf(directory: string): RatesFile | undefined {
  return readRates(directory) ?? readRates(`${resolve(directory)}${RATES_SUFFIX}`);
}

/** Whether the file system refused something: its message names the call and the path. */
function isFileFault(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

interface Arguments {
  readonly directory: string;
  readonly isShown: boolean;
  readonly figure?: RunSpec['figure'];
}

/** What the program is called with, or undefined for anything else. */
function readArguments(args: string[]): Arguments | undefined {
  try {
    const options = { shown: { type: 'boolean', default: false }, figure: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [directory, ...others] = positionals;
    const figure = FIGURES.find((name) => name === values.figure);
    if (directory === undefined || others.length > 0 || figure !== values.figure) return undefined;
    return { directory, isShown: values.shown, ...(figure && { figure }) };
  } catch {
    return undefined;
  }
}

const given = readArguments(process.argv.slice(2));
if (given === undefined) {
  console.error(
    'expected one folder of results, and perhaps --shown or --figure KIND: node plots/draw.ts results/fig1',
  );
  process.exitCode = 2;
} else {
  try {
    await draw(given.directory, given.isShown ? parseShownRuns(await text(process.stdin)) : undefined, given.figure);
  } catch (error) {
    if (!(error instanceof ResultsError || error instanceof ChartError || isFileFault(error))) throw error;
    console.error(error.message.replaceAll('\n', ' '));
    process.exitCode = error instanceof ResultsError ? 2 : 1;
  }
}
