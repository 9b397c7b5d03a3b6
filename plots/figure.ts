/** The frame of every figure: title above, panels, caption below. */
import type { TopLevelSpec } from 'vega-lite';
import type { NonNormalizedSpec } from 'vega-lite/types_unstable/spec/index.js';
import { keepUnits } from './keep-units.ts';
import { textWidth, wrapText } from './text-width.ts';
import { colours, config, fontSizes } from './theme.ts';

/** A specification without frame and theme: one panel, or several side by side or stacked. */
export type Panels = NonNormalizedSpec;

/** What a frame needs. */
export interface FrameOptions {
  /** One line (wrapped when the figure is narrow) that says what the figure shows. */
  readonly title: string;
  /** The text below. */
  readonly caption: string;
  /** Width in pixels to which title and caption are wrapped: that of the panels with their axes. */
  readonly widthPx: number;
}

const independentLegends = {
  legend: { color: 'independent', strokeDash: 'independent', strokeWidth: 'independent', shape: 'independent' },
} as const;

/** Puts panels into the frame and the theme: the result can be rendered. */
export function figure(panels: Panels, { title, caption, widthPx }: FrameOptions): TopLevelSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config,
    // The outer title is the caption: the only text that the library places below a whole figure.
    title: {
      text: wrapText(caption, widthPx, fontSizes.caption),
      orient: 'bottom',
      anchor: 'start',
      fontSize: fontSizes.caption,
      fontWeight: 'normal',
      color: colours.quiet,
      lineHeight: 15,
      offset: 12,
    },
    // Keeps the panels' shared legend with the panels, below the title.
    resolve: independentLegends,
    vconcat: [
      {
        resolve: independentLegends,
        title: {
          text: wrapText(title, widthPx, fontSizes.title, 'bold'),
          fontSize: fontSizes.title,
          anchor: 'start',
          offset: 10,
        },
        vconcat: [panels],
      },
    ],
  };
}

/** A panel's title, wrapped to its width. */
export function panelTitle(text: string, widthPx: number): string[] {
  return wrapText(keepUnits(text), widthPx, fontSizes.panel, 'bold');
}

/** Width in pixels of a legend's symbol with the space around an entry. */
const legendEntryPx = 56;

/** How many columns a legend may have within `widthPx`, each as wide as its longest entry; at least one. */
export function legendColumns(names: readonly string[], widthPx: number): number {
  const widths = names.map((name) => textWidth(name, fontSizes.axis) + legendEntryPx);
  for (let columns = names.length; columns > 1; columns -= 1) {
    const widest = new Array<number>(columns).fill(0);
    for (const [index, width] of widths.entries()) {
      widest[index % columns] = Math.max(width, widest[index % columns] ?? 0);
    }
    if (widest.reduce((sum, width) => sum + width, 0) <= widthPx) return columns;
  }
  return 1;
}
