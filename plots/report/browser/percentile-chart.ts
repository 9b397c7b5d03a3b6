/** Latencies by percentile on HdrHistogram's axis, on which each further nine takes as much room. */
import type Plot from 'uplot';
import { formatLatency } from '../../../experiments/config/quantity.ts';
import { SHOWN_PERCENTILES } from '../page-data.ts';
import { axisPosition, percentileAt, percentilesNs } from '../percentiles.ts';
import { ChartLibrary, drawTarget, footAxis, latencyAxis, latencyScale, type LatencyScale, Tooltip } from './chart.ts';
import type { IntervalResult } from './interval.ts';

/** Points per nine. */
const RESOLUTION = 48;

/** Room for the name of a percentile. */
const LABEL_PX = 62;

/** What the chart shows. */
export interface PercentileOptions {
  /** Where it stands: a positioned element. */
  readonly place: HTMLElement;
  /** Runs with their colours. */
  readonly results: readonly { readonly result: IntervalResult; readonly colour: string }[];
  /** By how much indexes of histograms are shifted. */
  readonly shift: number;
  /** How latencies are scaled. */
  readonly scale: LatencyScale;
  /** The target. */
  readonly targetNs: number | undefined;
}

/** The names of whole positions of the axis: 0, 90, 99, 99.9, .. */
function nines(position: number): string {
  if (!Number.isInteger(position) || position < 0) return '';
  return position === 0 ? '0' : position === 1 ? '90' : `99${position > 2 ? `.${'9'.repeat(position - 2)}` : ''}`;
}

/** A run's line: a value per position of the grid, null beyond its last record. */
function lineOf(result: IntervalResult, grid: readonly number[], shift: number): (number | null)[] {
  const { counts, records, percentiles, maxNs } = result;
  if (records === 0) return grid.map(() => null);
  const last = Math.log10(records);
  if (counts !== undefined) {
    const values = percentilesNs(counts, grid.map(percentileAt), shift);
    return grid.map((position, index) => (position > last + 1 / RESOLUTION ? null : Math.max(1, values[index]!)));
  }
  if (percentiles === undefined) return grid.map(() => null);
  // Straight lines between what is known.
  const known = [...SHOWN_PERCENTILES.map(axisPosition), Math.max(last, 4.5)];
  const values = [...percentiles, maxNs].map((ns) => Math.max(1, ns));
  return grid.map((position) => {
    const next = known.findIndex((at) => at >= position);
    if (next < 0 || (next === 0 && position < known[0]! - 1 / RESOLUTION)) return null;
    if (next === 0) return values[0]!;
    const share = (position - known[next - 1]!) / (known[next]! - known[next - 1]!);
    return values[next - 1]! * (values[next]! / values[next - 1]!) ** share;
  });
}

/** Draws the chart. */
export function percentileChart({ place, results, shift, scale, targetNs }: PercentileOptions): Plot {
  const most = Math.max(100, ...results.map(({ result }) => result.records));
  const end = Math.max(2, Math.ceil(Math.log10(most) - 0.2));
  const grid = Array.from({ length: end * RESOLUTION + 1 }, (_, index) => index / RESOLUTION);
  const tooltip = new Tooltip(place);
  const data = [grid, ...results.map(({ result }) => lineOf(result, grid, shift))];
  const chart = new ChartLibrary(
    {
      width: place.clientWidth,
      height: 260,
      legend: { show: false },
      padding: [10, 28, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: false, range: () => [0, end] }, y: latencyScale(scale) },
      axes: [
        footAxis({
          label: 'percentile (%)',
          splits: () => Array.from({ length: end + 1 }, (_, position) => position),
          values: (chart, splits) => {
            const every = Math.max(
              1,
              Math.ceil((LABEL_PX * end) / Math.max(1, chart.over.clientWidth || place.clientWidth)),
            );
            return splits.map((position) => (position % every === 0 ? nines(position) : ''));
          },
        }),
        latencyAxis(scale),
      ],
      series: [
        {},
        ...results.map(({ result, colour }) => ({
          label: result.run.label,
          scale: 'y',
          stroke: colour,
          width: 1.75,
          // Straight between what a summary knows.
          ...(result.counts === undefined && { dash: [5, 4] }),
          points: { show: false },
        })),
      ],
      hooks: {
        draw: [(chart) => drawTarget(chart, targetNs)],
        setCursor: [
          (chart) => {
            const { left, top, idx } = chart.cursor;
            if (left === undefined || left < 0 || idx === null || idx === undefined) {
              tooltip.hide();
              return;
            }
            const lines = results.map(({ result, colour }, index) => {
              const value = data[index + 1]![idx];
              const swatch = document.createElement('span');
              swatch.className = 'swatch';
              swatch.style.background = colour;
              const line = document.createElement('span');
              line.append(
                swatch,
                `${result.run.label}: ${value === null || value === undefined ? '-' : formatLatency(value)}`,
              );
              return line;
            });
            const percent = percentileAt(grid[idx]!);
            tooltip.show(left + chart.over.offsetLeft, (top ?? 0) / 3 + 8, [
              `${Number(percent.toPrecision(3 + Math.ceil(grid[idx]!)))} % of the records`,
              ...lines,
            ]);
          },
        ],
      },
    },
    data as Plot.AlignedData,
    place,
  );
  chart.over.addEventListener('mouseleave', () => tooltip.hide());
  return chart;
}
