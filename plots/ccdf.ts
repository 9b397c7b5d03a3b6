/**
 * The distribution of the latencies of whole runs (figures 13 to 15 of the paper): the share of records above a latency,
 * on two logarithmic axes, a line per bin count or variant, and below it a table of the usual percentiles.
 */
import type { TopLevelSpec } from 'vega-lite';
import { formatNumber } from '../experiments/config/quantity.ts';
import { varyingDimensions } from '../experiments/report/labels.ts';
import type { CcdfRow } from '../experiments/results/rows.ts';
import { caption, overloadNotes } from './caption.ts';
import { figure, legendColumns, type Panels } from './figure.ts';
import { decadeDomain, logAxis, powerLabel, type Domain } from './log-axis.ts';
import { markedNames, type RunGroup } from './run-group.ts';
import { categorySeries, fontSizes, lineEncoding, nativeStyle, sequenceStyles, type SeriesStyle } from './theme.ts';

const widthPx = 560;
const heightPx = 320;
const nsPerMs = 1e6;

/** A corner of a line. */
export interface CcdfPoint {
  /** Name of the line. */
  readonly series: string;
  /** A latency. */
  readonly latencyMs: number;
  /** The share of the records whose latency is greater; positive, as the axis is logarithmic. */
  readonly fractionAbove: number;
}

/**
 * The line of a run: from a share of 1 down to `floor`, which it reaches at the maximum. Buckets that would be drawn
 * less than half a pixel from their predecessor are left out.
 *
 * @param rows ascending by latency
 * @param decades decades of the latency axis, by which the distance in pixels is known
 */
export function ccdfPoints(series: string, rows: readonly CcdfRow[], floor: number, decades: number): CcdfPoint[] {
  const points: CcdfPoint[] = [];
  const pxPerDecadeX = widthPx / decades;
  const pxPerDecadeY = heightPx / -Math.log10(floor);
  for (const [index, row] of rows.entries()) {
    const latencyMs = row.latencyNs / nsPerMs;
    if (!(latencyMs > 0)) continue;
    const isLast = index === rows.length - 1;
    const fractionAbove = isLast ? floor : Math.max(floor, row.fractionAbove);
    const previous = points.at(-1);
    if (previous === undefined) points.push({ series, latencyMs, fractionAbove: 1 });
    const isNear =
      previous !== undefined &&
      Math.log10(latencyMs / previous.latencyMs) * pxPerDecadeX < 0.5 &&
      Math.log10(previous.fractionAbove / fractionAbove) * pxPerDecadeY < 0.5;
    if (isLast || !isNear) points.push({ series, latencyMs: Number(latencyMs.toPrecision(5)), fractionAbove });
  }
  return points;
}

/** Dark to light where the lines have an order, by hue where they have none; native variants in black dots. */
function stylesOf(groups: readonly RunGroup[], names: readonly string[]): Map<string, SeriesStyle> {
  const migratable = groups.flatMap(({ spec }, index) => (spec.workload.variant === 'native' ? [] : [index]));
  const specs = groups.filter(({ spec }) => spec.workload.variant !== 'native').map(({ spec }) => spec);
  const ordered = varyingDimensions(specs).length > 0;
  const sequence = sequenceStyles(migratable.length);
  const categories = [...categorySeries(names).values()];
  return new Map(
    names.map((name, index) => {
      const rank = migratable.indexOf(index);
      const style = rank < 0 ? nativeStyle : ordered ? sequence[rank] : categories[rank];
      return [name, style ?? nativeStyle];
    }),
  );
}

const percentileColumns = [
  ['90 %', 'p90Ns'],
  ['99 %', 'p99Ns'],
  ['99.9 %', 'p999Ns'],
  ['99.99 %', 'p9999Ns'],
  ['maximum', 'maxNs'],
] as const;

function percentileTable(groups: readonly RunGroup[], names: readonly string[]): Panels {
  const values = groups.flatMap(({ repeats: [first] }, index) =>
    percentileColumns.map(([column, field]) => ({
      series: names[index],
      column,
      text: formatNumber(first.summary.total[field] / nsPerMs),
    })),
  );
  const plain = { domain: false, ticks: false, grid: false } as const;
  return {
    width: widthPx,
    height: { step: 17 },
    data: { values },
    mark: { type: 'text', fontSize: fontSizes.label },
    encoding: {
      x: {
        field: 'column',
        type: 'ordinal',
        sort: null,
        axis: { ...plain, orient: 'top', title: 'latency (ms) at percentile', labelAngle: 0 },
      },
      y: { field: 'series', type: 'ordinal', sort: null, axis: { ...plain, title: null, labelLimit: 0 } },
      text: { field: 'text' },
    },
  };
}

/** The CCDF figure of groups of runs (one line each, at least one); each line is the first repeat. */
export function ccdf(groups: readonly RunGroup[]): TopLevelSpec {
  const names = markedNames(groups);
  const rows = groups.flatMap(({ repeats: [first] }) => first.ccdf);
  const xDomain: Domain = decadeDomain(rows.map(({ latencyNs }) => latencyNs / nsPerMs));
  const [floor] = decadeDomain([1e-3, ...rows.map(({ fractionAbove }) => fractionAbove)]);
  const yDomain: Domain = [floor, 1];
  const decades = Math.log10(xDomain[1] / xDomain[0]);
  const chart = {
    width: widthPx,
    height: heightPx,
    data: {
      values: groups.flatMap(({ repeats: [first] }, index) =>
        ccdfPoints(names[index] ?? '', first.ccdf, floor, decades),
      ),
    },
    mark: { type: 'line', interpolate: 'step-after', strokeJoin: 'round' },
    encoding: {
      x: {
        field: 'latencyMs',
        type: 'quantitative',
        scale: { type: 'log', domain: [...xDomain] },
        axis: logAxis(xDomain, 'latency (ms)'),
      },
      y: {
        field: 'fractionAbove',
        type: 'quantitative',
        scale: { type: 'log', domain: [...yDomain] },
        axis: logAxis(yDomain, 'share of records above the latency (CCDF)', powerLabel),
      },
      ...lineEncoding('series', stylesOf(groups, names), legendColumns(names, widthPx)),
    },
  } as const;
  const repeated = groups.some(({ repeats }) => repeats.length > 1);
  return figure({ vconcat: [chart, percentileTable(groups, names)], spacing: 26 } as Panels, {
    title: groups[0]?.spec.title ?? '',
    caption: caption(groups, [
      'All records outside the warm-up; a line ends at its maximum',
      ...(repeated ? ['Lines and table: repeat 1'] : []),
      ...overloadNotes(groups, 'Lines marked overload'),
    ]),
    widthPx,
  });
}
