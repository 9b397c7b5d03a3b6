/**
 * Draws the charts of results: `node plots/draw.ts results/fig1`.
 *
 * The folder is an experiment's, one run's, or that of all experiments. Each chart is written to `figures/` in it as SVG,
 * as PNG, and as the vega-lite specification with its data, from which it can be drawn again or changed. The paths are
 * printed, one per line. Exit codes: 0 drawn, 1 a chart failed, 2 the folder cannot be drawn.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResultsError } from '../experiments/results/results-error.ts';
import { charts } from './charts.ts';
import { ChartError, render } from './render.ts';
import { drawables } from './results-folder.ts';

async function draw(directory: string): Promise<void> {
  for (const drawable of drawables(directory)) {
    const figures = join(drawable.directory, 'figures');
    for (const { name, spec } of charts(drawable.runs)) {
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

const [directory, ...others] = process.argv.slice(2);
if (directory === undefined || others.length > 0) {
  console.error(
    `${process.argv.length - 2} arguments; expected one folder of results: node plots/draw.ts results/fig1`,
  );
  process.exitCode = 2;
} else {
  try {
    await draw(directory);
  } catch (error) {
    if (!(error instanceof ResultsError || error instanceof ChartError)) throw error;
    console.error(error.message.replaceAll('\n', ' '));
    process.exitCode = error instanceof ResultsError ? 2 : 1;
  }
}
