/**
 * A log-log chart of lines through marks: one line per strategy, one mark per swept value. A mark is the median over a
 * run's repeats; the repeats themselves are faint dots, and runs that were overloaded are hollow.
 */
import { legendColumns, type Panels } from './figure.ts';
import { placeLabels, pointsBetween, type Point } from './label-placement.ts';
import { logAxis, type Domain, type TickLabel } from './log-axis.ts';
import { textWidth } from './text-width.ts';
import { categorySeries, categoryShapes, colours, fontSizes } from './theme.ts';

/** Width in pixels of the panel. */
export const markedLinesWidthPx = 600;

const heightPx = 380;

/** A mark of the chart. */
export interface Mark {
  /** Name of the line it belongs to. */
  readonly series: string;
  /** Position on the horizontal axis; positive. */
  readonly x: number;
  /** Position on the vertical axis; positive. */
  readonly y: number;
  /** What stands beside it; empty for nothing. */
  readonly label: string;
  /** Whether the run kept up with its offered rate. */
  readonly isValid: boolean;
  /** The repeats of which the mark is the median; empty when there is one only. */
  readonly repeats: readonly { readonly x: number; readonly y: number }[];
}

/** A logarithmic axis. */
export interface MarkedAxis {
  /** Title with its unit. */
  readonly title: string;
  /** Ends of the axis. */
  readonly domain: Domain;
  /** Writes the labels of ticks. */
  readonly tickLabel: TickLabel;
}

/** A line across the panel at a value of the horizontal axis, with a text at its head. */
export interface VerticalRule {
  /** Position on the horizontal axis. */
  readonly x: number;
  /** What it says. */
  readonly label: string;
}

/** Where a value lies between the ends of a logarithmic axis, 0 to 1. */
function share(value: number, [low, high]: Domain): number {
  return Math.log10(value / low) / Math.log10(high / low);
}

/** The value at a share of a logarithmic axis. */
function valueAt(position: number, [low, high]: Domain): number {
  return low * (high / low) ** position;
}

/** Points along all lines, dense enough that no label fits between two of them. */
function linePoints(marks: readonly Mark[], toPixels: (mark: Mark) => Point): Point[] {
  return marks.flatMap((mark, index) => {
    const previous = marks.slice(0, index).findLast(({ series }) => series === mark.series);
    return previous === undefined ? [] : pointsBetween(toPixels(previous), toPixels(mark), 4);
  });
}

function labelsOf(marks: readonly Mark[], xDomain: Domain, yDomain: Domain) {
  const labelled = marks.filter(({ label }) => label !== '');
  const toPixels = ({ x, y }: Mark): Point => ({
    x: share(x, xDomain) * markedLinesWidthPx,
    y: (1 - share(y, yDomain)) * heightPx,
  });
  const places = placeLabels(
    labelled.map((mark) => ({ ...toPixels(mark), widthPx: textWidth(mark.label, fontSizes.label) })),
    { widthPx: markedLinesWidthPx, heightPx, lineHeightPx: fontSizes.label + 2 },
    linePoints(marks, toPixels),
  );
  return places.flatMap((place, index) => {
    const mark = labelled[index];
    if (mark === undefined) return [];
    return [
      {
        series: mark.series,
        label: mark.label,
        x: mark.x,
        y: mark.y,
        labelX: valueAt(place.x / markedLinesWidthPx, xDomain),
        labelY: valueAt(1 - place.y / heightPx, yDomain),
        needsLeader: place.needsLeader,
      },
    ];
  });
}

/** The panel of marks in the order in which their lines run through them. */
export function markedLines(
  marks: readonly Mark[],
  xAxis: MarkedAxis,
  yAxis: MarkedAxis,
  rules: readonly VerticalRule[] = [],
): Panels {
  const names = [...new Set(marks.map(({ series }) => series))];
  const styles = [...categorySeries(names).values()];
  const labels = labelsOf(marks, xAxis.domain, yAxis.domain);
  const axisOf = (field: string, { title, domain, tickLabel }: MarkedAxis) => ({
    field,
    type: 'quantitative',
    scale: { type: 'log', domain: [...domain] },
    axis: logAxis(domain, title, tickLabel),
  });
  const x = axisOf('x', xAxis);
  const y = axisOf('y', yAxis);
  const channel = { field: 'series', type: 'nominal', sort: null } as const;
  const legend = {
    title: null,
    orient: 'top',
    direction: 'horizontal',
    symbolSize: 90,
    symbolOpacity: 1,
    symbolStrokeWidth: 0,
    columns: legendColumns(names, markedLinesWidthPx),
  } as const;
  const color = { ...channel, scale: { domain: names, range: styles.map(({ colour }) => colour) }, legend };
  const shape = {
    ...channel,
    scale: { domain: names, range: names.map((_, index) => categoryShapes[index % categoryShapes.length]) },
    legend,
  };
  const values = marks.map((mark, order) => ({ ...mark, order, repeats: undefined }));
  return {
    width: markedLinesWidthPx,
    height: heightPx,
    layer: [
      ...(rules.length === 0 ? [] : ruleLayers(rules, x)),
      {
        data: { values: marks.flatMap(({ series, repeats }) => repeats.map((repeat) => ({ series, ...repeat }))) },
        mark: { type: 'circle', size: 14, opacity: 0.45 },
        encoding: { x, y, color },
      },
      {
        data: { values: labels.filter(({ needsLeader }) => needsLeader) },
        mark: { type: 'rule', color: colours.quiet, strokeWidth: 0.5 },
        encoding: { x, y, x2: { field: 'labelX' }, y2: { field: 'labelY' } },
      },
      ...names.map((name, index) => ({
        data: { values: values.filter(({ series }) => series === name) },
        mark: { type: 'line', strokeWidth: 1.6, strokeDash: [...(styles[index]?.dash ?? [])] },
        encoding: { x, y, color, order: { field: 'order', type: 'quantitative' } },
      })),
      {
        data: { values: values.filter(({ isValid }) => isValid) },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x, y, color, shape },
      },
      {
        data: { values: values.filter(({ isValid }) => !isValid) },
        mark: { type: 'point', filled: false, fill: '#ffffff', size: 70, opacity: 1, strokeWidth: 1.6 },
        encoding: { x, y, color, shape },
      },
      {
        data: { values: labels },
        // A halo of the background keeps a label readable where it lies on a line.
        mark: { type: 'text', stroke: '#ffffff', strokeWidth: 3, fontSize: fontSizes.label },
        encoding: { x: { ...x, field: 'labelX' }, y: { ...y, field: 'labelY' }, text: { field: 'label' } },
      },
      {
        data: { values: labels },
        mark: { type: 'text', fontSize: fontSizes.label },
        encoding: { x: { ...x, field: 'labelX' }, y: { ...y, field: 'labelY' }, text: { field: 'label' }, color },
      },
    ],
  } as Panels;
}

/** Rules with their texts, each a line below the one before. */
function ruleLayers(rules: readonly VerticalRule[], x: object) {
  const values = rules.map((rule, index) => ({ ...rule, textY: 4 + index * (fontSizes.label + 3) }));
  return [
    {
      data: { values },
      mark: { type: 'rule', color: colours.quiet, strokeDash: [4, 3] },
      encoding: { x },
    },
    ...values.map((value) => ({
      data: { values: [value] },
      mark: {
        type: 'text',
        color: colours.quiet,
        fontSize: fontSizes.label,
        align: 'right',
        baseline: 'top',
        dx: -4,
        y: value.textY,
      },
      encoding: { x, text: { field: 'label' } },
    })),
  ];
}
