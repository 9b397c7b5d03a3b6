/**
 * Draws the charts of results: `node plots/draw.ts results/fig1`. With `--shown`, only the runs of the experiment that the standard
 * input lists (see experiments/results/shown-runs.ts).
 *
 * The folder is an experiment's, one run's, or that of all experiments. Each chart is written to `figures/` in it as SVG,
 * as PNG, and as the vega-lite specification with its data, from which it can be drawn again or changed. The paths are
 * printed, one per line, and on the standard error a line about each run that cannot be read. Exit codes: 0 drawn, 1 a chart failed, 2 the folder cannot be drawn.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ResultsError } from '../experiments/results/results-error.ts';
import { parseShownRuns, selectRuns, type ShownRun } from '../experiments/results/shown-runs.ts';
import { charts } from './charts.ts';
import { ChartError, render } from './render.ts';
import { drawables } from '../experiments/results/results-folder.ts';

async function draw(directory: string, shown: readonly ShownRun[] | undefined): Promise<void> {
  const isWanted = shown && ((id: string) => shown.some((run) => run.id === id));
  for (const drawable of drawables(directory, (line) => console.error(line), isWanted)) {
    const figures = join(drawable.directory, 'figures');
    const runs = shown === undefined ? drawable.runs : selectRuns(drawable.runs, shown);
    for (const { name, spec } of charts(runs)) {
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
}

/** Whether the file system refused something: its message names the call and the path. */
function isFileFault(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

const [directory, option, ...others] = process.argv.slice(2);
if (directory === undefined || (option !== undefined && option !== '--shown') || others.length > 0) {
  console.error('expected one folder of results, and perhaps --shown: node plots/draw.ts results/fig1');
  process.exitCode = 2;
} else {
  try {
    await draw(directory, option === undefined ? undefined : parseShownRuns(await text(process.stdin)));
  } catch (error) {
    if (!(error instanceof ResultsError || error instanceof ChartError || isFileFault(error))) throw error;
    console.error(error.message.replaceAll('\n', ' '));
    process.exitCode = error instanceof ResultsError ? 2 : 1;
  }
}
