/**
 * The distribution of the latencies of whole runs (figures 13 to 15 of the paper): the share of records above a latency,
 * on two logarithmic axes, a line per bin count or variant, and below it a table of the usual percentiles.
 */
import type { TopLevelSpec } from 'vega-lite';
import { formatNumber } from '../experiments/config/quantity.ts';
import { engineLabel, varyingDimensions } from '../experiments/report/labels.ts';
import type { CcdfRow } from '../experiments/results/rows.ts';
import { caption, overloadNotes } from './caption.ts';
import { figure, legendColumns, type Panels } from './figure.ts';
import { decadeDomain, logAxis, powerLabel, type Domain } from './log-axis.ts';
import { paperTables } from './paper-percentiles.ts';
import { mergedCcdf, percentileOf } from './repeats.ts';
import { markedNames, type RunGroup } from './run-group.ts';
import {
  categorySeries,
  engineDashes,
  fontSizes,
  lineEncoding,
  nativeStyles,
  sequenceStyles,
  type SeriesStyle,
} from './theme.ts';

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

/**
 * Dark to light where the lines have an order, by hue where they have none; native variants in black dots. Of several engines the same settings
 * have the same colour, and each engine a dash of its own.
 */
function stylesOf(groups: readonly RunGroup[], names: readonly string[]): Map<string, SeriesStyle> {
  const engines = [...new Set(groups.map(({ spec }) => engineLabel(spec)))];
  const isNative = ({ spec }: RunGroup): boolean => spec.workload.variant === 'native';
  const ordered = varyingDimensions(groups.filter((group) => !isNative(group)).map(({ spec }) => spec)).length > 0;
  const categories = [...categorySeries(names).values()];
  const styles = new Map<string, SeriesStyle>();
  for (const [at, engine] of engines.entries()) {
    const own = groups.flatMap((group, index) => (engineLabel(group.spec) === engine ? [index] : []));
    const migratable = own.filter((index) => !isNative(groups[index]!));
    const sequence = sequenceStyles(migratable.length);
    const dash = engines.length > 1 ? { dash: engineDashes[at % engineDashes.length]! } : {};
    for (const index of own) {
      const rank = migratable.indexOf(index);
      if (rank < 0) styles.set(names[index]!, nativeStyles[at % nativeStyles.length]!);
      else styles.set(names[index]!, ordered ? { ...sequence[rank]!, ...dash } : categories[index]!);
    }
  }
  return new Map(names.map((name) => [name, styles.get(name)!]));
}

const percentileColumns = [
  ['90 %', 0.9],
  ['99 %', 0.99],
  ['99.9 %', 0.999],
  ['99.99 %', 0.9999],
  ['maximum', 1],
] as const;

const paperColumns = [
  ['90 %', 'p90Ms'],
  ['99 %', 'p99Ms'],
  ['99.9 %', 'p999Ms'],
  ['maximum', 'maxMs'],
] as const;

/** A cell of a table of latencies. */
interface Cell {
  readonly series: string | undefined;
  readonly column: string;
  readonly text: string;
}

/** Cells in rows named by `series`, which are labelled in the first table of a row only. */
function table(values: readonly Cell[], title: string, tableWidthPx: number, isFirst: boolean): Panels {
  const plain = { domain: false, ticks: false, grid: false } as const;
  return {
    width: tableWidthPx,
    height: { step: 17 },
    data: { values },
    mark: { type: 'text', fontSize: fontSizes.label },
    encoding: {
      x: {
        field: 'column',
        type: 'ordinal',
        sort: null,
        axis: { ...plain, orient: 'top', title, labelAngle: 0 },
      },
      y: {
        field: 'series',
        type: 'ordinal',
        sort: null,
        axis: isFirst ? { ...plain, title: null, labelLimit: 0 } : null,
      },
      text: { field: 'text' },
    },
  };
}

/** The percentiles of each line, and beside them those that the paper has for the same figure, where it has some. */
function percentileTable(groups: readonly RunGroup[], names: readonly string[]): Panels {
  const values = groups.flatMap(({ repeats }, index) => {
    const rows = mergedCcdf(repeats);
    return percentileColumns.map(([column, share]) => ({
      series: names[index],
      column,
      text: rows.length === 0 ? '-' : formatNumber(percentileOf(rows, share) / nsPerMs),
    }));
  });
  const paper = paperTables[groups[0]?.spec.experiment ?? ''];
  if (paper === undefined) return table(values, 'latency (ms) at percentile', widthPx, true);
  const paperValues = groups.flatMap(({ spec }, index) => {
    const row = paper.rows[spec.workload.variant === 'native' ? 'native' : String(spec.binShift)];
    return paperColumns.map(([column, field]) => ({
      series: names[index],
      column,
      text: row === undefined ? '-' : formatNumber(row[field]),
    }));
  });
  return {
    spacing: 28,
    hconcat: [
      table(values, 'here: latency (ms) at percentile', 310, true),
      table(paperValues, `the paper, ${paper.load}`, widthPx - 310 - 28, false),
    ],
  };
}

/** The CCDF figure of groups of runs (one line each, at least one): of the records of all repeats together. */
export function ccdf(groups: readonly RunGroup[]): TopLevelSpec {
  const names = markedNames(groups);
  const merged = groups.map(({ repeats }) => mergedCcdf(repeats));
  const rows = merged.flat();
  const xDomain: Domain = decadeDomain(rows.map(({ latencyNs }) => latencyNs / nsPerMs));
  const [floor] = decadeDomain([1e-3, ...rows.map(({ fractionAbove }) => fractionAbove)]);
  const yDomain: Domain = [floor, 1];
  const decades = Math.log10(xDomain[1] / xDomain[0]);
  const chart = {
    width: widthPx,
    height: heightPx,
    data: {
      values: merged.flatMap((own, index) => ccdfPoints(names[index] ?? '', own, floor, decades)),
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
      ...(repeated ? ['Lines and table: the records of all repeats together'] : []),
      ...(paperTables[groups[0]?.spec.experiment ?? ''] === undefined
        ? []
        : [
            `The paper's values: 4 processes × 4 workers, 4 million records/s (its third column is called 99.99 % there)`,
          ]),
      ...overloadNotes(groups, 'Lines marked overload'),
    ]),
    widthPx,
  });
}
