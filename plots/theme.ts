/**
 * What all charts look like: typeface, sizes, colours and strokes. Series differ by stroke pattern and lightness as
 * well as by hue, so that they can be told apart in greyscale and with any colour vision (hues after Okabe and Ito).
 */
import type { Config } from 'vega-lite';
import { fontFamily } from './text-width.ts';

/** Sizes of text in pixels. */
export const fontSizes = { title: 15, panel: 12, axis: 11, label: 10, caption: 10.5 } as const;

/** Colours that are not a series. */
export const colours = {
  text: '#1a1a1a',
  quiet: '#595959',
  frame: '#8c8c8c',
  migration: '#f2dfb3',
  warmUp: '#f0f0f0',
  rule: '#8a6d1f',
  disturbed: '#7b3294',
  floor: '#008b6b',
} as const;

/** How one line of a chart is drawn. */
export interface SeriesStyle {
  /** Stroke colour. */
  readonly colour: string;
  /** Lengths of dashes and gaps in pixels; `[1, 0]` is solid. */
  readonly dash: readonly number[];
  /** Stroke width in pixels. */
  readonly width: number;
}

const solid = [1, 0] as const;

/** The lines of a latency timeline, from the top: maximum, 99th percentile, median, 25th percentile. */
export const percentileStyles = {
  maximum: { colour: '#1a1a1a', dash: solid, width: 1.5 },
  '99th percentile': { colour: '#d55e00', dash: [7, 2], width: 1.5 },
  median: { colour: '#0072b2', dash: solid, width: 2.4 },
  '25th percentile': { colour: '#56b4e9', dash: [2, 2], width: 1.8 },
} as const satisfies Record<string, SeriesStyle>;

/** Styles for series without an order, such as strategies; more series than styles start over. */
export const categoryStyles: readonly SeriesStyle[] = [
  { colour: '#1a1a1a', dash: solid, width: 1.8 },
  { colour: '#0072b2', dash: [7, 3], width: 1.8 },
  { colour: '#d55e00', dash: [3, 2], width: 2.2 },
  { colour: '#009e73', dash: [9, 2, 2, 2], width: 1.8 },
  { colour: '#cc79a7', dash: [1.5, 2.5], width: 2.2 },
  { colour: '#e69f00', dash: [5, 5], width: 2.2 },
  { colour: '#56b4e9', dash: solid, width: 2.6 },
];

/** Mark shapes that go with `categoryStyles`. */
export const categoryShapes: readonly string[] = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
];

/** The names with the styles of series without an order. */
export function categorySeries(names: readonly string[]): ReadonlyMap<string, SeriesStyle> {
  return new Map(names.map((name, index) => [name, categoryStyles[index % categoryStyles.length]!]));
}

const sequence = [
  '#440154',
  '#46327e',
  '#365c8d',
  '#277f8e',
  '#1fa187',
  '#4ac16d',
  '#8fd744',
  '#c8c020',
  '#e0a80d',
] as const;
const sequenceDashes = [solid, [7, 2], [3, 2]] as const;

/** Styles for `count` ordered series, such as bin counts: dark to light, the dash pattern changing from one to the next. */
export function sequenceStyles(count: number): readonly SeriesStyle[] {
  return Array.from({ length: count }, (_, index) => {
    const position = count <= 1 ? 0 : Math.round((index * (sequence.length - 1)) / (count - 1));
    return {
      colour: sequence[position] ?? sequence[0],
      dash: sequenceDashes[index % sequenceDashes.length] ?? solid,
      width: 1.8,
    };
  });
}

/** Dashes of ordered series of several engines. */
export const engineDashes: readonly SeriesStyle['dash'][] = [solid, [5, 3]];

/** The styles of native variants beside ordered series, by engine. */
export const nativeStyles: readonly SeriesStyle[] = [
  { colour: '#000000', dash: [1.5, 2.5], width: 2.4 },
  { colour: '#000000', dash: [8, 2.5, 1.5, 2.5], width: 2 },
];

/**
 * The encoding of a chart's lines by a field that holds their names: colour, dash and width, with one legend above the
 * chart, in the order of `series`.
 *
 * @param columns entries per row of the legend
 */
export function lineEncoding(field: string, series: ReadonlyMap<string, SeriesStyle>, columns: number) {
  const domain = [...series.keys()];
  const styles = [...series.values()];
  const legend = { title: null, orient: 'top', direction: 'horizontal', symbolType: 'stroke', columns } as const;
  const channel = { field, type: 'ordinal', sort: null, legend } as const;
  return {
    color: { ...channel, scale: { domain, range: styles.map((style) => style.colour) } },
    strokeDash: { ...channel, scale: { domain, range: styles.map((style) => [...style.dash]) } },
    strokeWidth: { ...channel, scale: { domain, range: styles.map((style) => style.width) } },
  };
}

/** The same encoding without a legend, for panels below one that has it. */
export function withoutLegend(encoding: ReturnType<typeof lineEncoding>) {
  return {
    color: { ...encoding.color, legend: null },
    strokeDash: { ...encoding.strokeDash, legend: null },
    strokeWidth: { ...encoding.strokeWidth, legend: null },
  };
}

/** Settings that all charts share. */
export const config: Config = {
  background: '#ffffff',
  font: `${fontFamily}, Verdana, sans-serif`,
  padding: 14,
  view: { stroke: colours.frame },
  title: {
    color: colours.text,
    fontSize: fontSizes.panel,
    fontWeight: 'bold',
    anchor: 'start',
    frame: 'group',
    offset: 8,
  },
  axis: {
    labelColor: colours.text,
    titleColor: colours.text,
    labelFontSize: fontSizes.label,
    titleFontSize: fontSizes.axis,
    titleFontWeight: 'normal',
    titlePadding: 8,
    labelFlush: false,
    domainColor: colours.frame,
    tickColor: colours.frame,
    gridColor: '#e4e4e4',
  },
  legend: {
    labelColor: colours.text,
    titleColor: colours.text,
    labelFontSize: fontSizes.axis,
    titleFontSize: fontSizes.axis,
    titleFontWeight: 'normal',
    symbolSize: 900,
    symbolStrokeWidth: 2,
    labelLimit: 0,
    columnPadding: 20,
  },
};
