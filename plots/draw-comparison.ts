/**
 * Draws a comparison: `node plots/draw-comparison.ts ratios.svg` reads what `megaphone compare --json` prints from the standard
 * input, and writes an SVG or PNG file, as its name says. Exit codes: 0 drawn, 1 the chart failed.
 */
import { writeFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import type { Comparison } from '../experiments/report/comparison.ts';
import { comparisonChart } from './comparison-chart.ts';
import { render } from './render.ts';

const [file = 'comparison.svg'] = process.argv.slice(2);
const { svg, png } = await render(comparisonChart((await json(process.stdin)) as Comparison[]));
writeFileSync(file, file.endsWith('.png') ? png : `${svg}\n`);
console.log(file);
