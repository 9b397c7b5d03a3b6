/** The charts of a section as SVG. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RATES_SUFFIX, readRates } from '../../experiments/results/rates-file.ts';
import { charts, hasRows } from '../charts.ts';
import { renderSvg } from '../render.ts';
import { compactSvg } from './compact-svg.ts';
import { escapeHtml } from './html.ts';
import type { SectionSet } from './sections.ts';

/** A chart. */
export interface Figure {
  /** Name without extension. */
  readonly name: string;
  /** The SVG document, to stand in a page. */
  readonly svg: string;
}

/**
 * The charts of a folder's runs. A chart of distributions that were not kept with the results is taken from the folder's `figures/`, where
 * it is there.
 *
 * @param title - what the charts show
 */
export async function figuresOf({ runs, directory, letter }: SectionSet, title: string): Promise<Figure[]> {
  const rates = readRates(directory) ?? readRates(`${resolve(directory)}${RATES_SUFFIX}`);
  const complete = runs.filter((run) => hasRows(run));
  const stored = complete.length < runs.length ? storedFigures(directory, 'ccdf') : [];
  const drawn: { readonly name: string; readonly svg: string }[] = [];
  for (const { name, spec } of charts(complete, { rates })) drawn.push({ name, svg: await renderSvg(spec) });
  return [...drawn, ...stored].map(({ name, svg }) => ({
    name,
    svg: compactSvg(svg, escapeHtml(title), `${letter}-${name}-`),
  }));
}

/** Charts of a kind that were drawn into a folder. */
function storedFigures(directory: string, figure: string): Figure[] {
  const folder = join(directory, 'figures');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.svg') && file.includes(`-${figure}-`))
    .sort()
    .map((file) => ({ name: file.slice(0, -'.svg'.length), svg: readFileSync(join(folder, file), 'utf8') }));
}
