/** Latencies over time: a line per run and percentile, bands where a migration was under way, and the target. */
import type Plot from 'uplot';
import { formatBytes, formatCount, formatLatency, plural } from '../../../experiments/config/quantity.ts';
import { LINES, type LineName, type RunData, type StepBand } from '../page-data.ts';
import { ChartLibrary, drawTarget, footAxis, latencyAxis, latencyScale, type LatencyScale, Tooltip } from './chart.ts';
import { palette } from './palette.ts';

/** Dashes of the lines, by percentile. */
export const LINE_DASHES: Readonly<Record<LineName, number[]>> = { max: [], 'p99.9': [9, 3], p99: [4, 3], p50: [1, 3] };

/** A run with its colour. */
export interface ShownRun {
  /** The run. */
  readonly run: RunData;
  /** Its colour. */
  readonly colour: string;
}

/** What a timeline shows. */
export interface TimelineOptions {
  /** Where it stands: a positioned element. */
  readonly place: HTMLElement;
  /** Its runs. */
  readonly shown: readonly ShownRun[];
  /** Its lines. */
  readonly lines: ReadonlySet<LineName>;
  /** How latencies are scaled. */
  readonly scale: LatencyScale;
  /** The target. */
  readonly targetNs: number | undefined;
  /** The whole range of time. */
  readonly range: readonly [fromS: number, toS: number];
  /** Told what is in view: by dragging, undefined for all. */
  readonly onZoom: (span: { readonly fromS: number; readonly toS: number } | undefined) => void;
  /** Told whenever it was drawn. */
  readonly onDrawn: (chart: Plot) => void;
}

/** The steps of a run's migrations in words. */
export function stepText({ migration, first, last, of, bins, bytes, fromS, toS }: StepBand): string {
  const steps = first === last ? `step ${formatCount(first)}` : `steps ${formatCount(first)} to ${formatCount(last)}`;
  const time = `${fromS.toFixed(3)} s, ${formatLatency((toS - fromS) * 1e9)}`;
  return `migration ${migration}, ${steps} of ${formatCount(of)}: ${plural(bins, 'bin')}, ${formatBytes(bytes)} (at ${time})`;
}

/** Values of all series on one axis of time. */
function alignedData({ shown, lines }: Pick<TimelineOptions, 'shown' | 'lines'>): (number | null)[][] {
  const times = new Set<number>();
  for (const { run } of shown) {
    for (const epoch of run.epochs) times.add(epoch * run.epochS);
    const last = run.epochs.at(-1);
    if (last !== undefined) times.add((last + 1) * run.epochS);
  }
  const x = [...times].sort((a, b) => a - b);
  const series = shown.flatMap(({ run }) => {
    const rowOf = new Map(run.epochs.map((epoch, row) => [epoch * run.epochS, row]));
    const end = ((run.epochs.at(-1) ?? 0) + 1) * run.epochS;
    return LINES.filter((line) => lines.has(line)).map((line) =>
      x.map((time) => {
        const row = rowOf.get(time);
        if (row !== undefined) return Math.max(1, run.latenciesNs[line][row]!);
        return time === end ? Math.max(1, run.latenciesNs[line].at(-1)!) : null;
      }),
    );
  });
  return [x, ...series];
}

/** Draws the chart. */
export function timelineChart(options: TimelineOptions): Plot {
  const { place, shown, lines, scale, targetNs, range, onZoom, onDrawn } = options;
  const chosen = LINES.filter((line) => lines.has(line));
  const tooltip = new Tooltip(place);
  const chart = new ChartLibrary(
    {
      width: place.clientWidth,
      height: 300,
      legend: { show: false },
      padding: [10, 16, 0, 0],
      cursor: {
        drag: { x: true, y: false, setScale: false, dist: 4 },
        points: { show: false },
        bind: {
          // The library would show all data, which may be less than the whole time.
          dblclick: () => () => {
            onZoom(undefined);
            return null;
          },
        },
      },
      scales: {
        x: { time: false, range: (_, min, max) => [min ?? range[0], max ?? range[1]] },
        y: latencyScale(scale),
      },
      axes: [
        footAxis({
          label: 'time since start (s)',
          values: (_, splits) => splits.map((split) => String(Number(split.toFixed(3)))),
        }),
        latencyAxis(scale),
      ],
      series: [
        {},
        ...shown.flatMap(({ run, colour }) =>
          chosen.map((line) => ({
            label: `${run.label}, ${line}`,
            scale: 'y',
            stroke: colour,
            width: line === 'max' ? 1.75 : 1.5,
            dash: LINE_DASHES[line],
            points: { show: false },
            paths: ChartLibrary.paths.stepped!({ align: 1 }),
          })),
        ),
      ],
      hooks: {
        drawClear: [(chart) => drawBands(chart, shown)],
        draw: [(chart) => drawTarget(chart, targetNs), (chart) => onDrawn(chart)],
        setSelect: [
          (chart) => {
            if (chart.select.width < 4) return;
            // The panel moves the view, here and where its own controls say so.
            const fromS = chart.posToVal(chart.select.left, 'x');
            const toS = chart.posToVal(chart.select.left + chart.select.width, 'x');
            chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            onZoom({ fromS, toS });
          },
        ],
        setCursor: [
          (chart) => {
            const { left, top, idx } = chart.cursor;
            if (left === undefined || left < 0 || idx === null || idx === undefined) {
              tooltip.hide();
              return;
            }
            const timeS = chart.posToVal(left, 'x');
            const marginS = Math.abs(chart.posToVal(left + 3, 'x') - timeS);
            tooltip.show(
              left + chart.over.offsetLeft,
              (top ?? 0) / 3 + 8,
              tooltipLines(options, chosen, timeS, marginS),
            );
          },
        ],
      },
    },
    alignedData(options) as Plot.AlignedData,
    place,
  );
  chart.over.addEventListener('mouseleave', () => tooltip.hide());
  return chart;
}

function tooltipLines(
  { shown }: TimelineOptions,
  lines: readonly LineName[],
  timeS: number,
  marginS: number,
): (string | Node)[] {
  const rows = shown.flatMap(({ run, colour }) => {
    const epoch = Math.floor(timeS / run.epochS);
    const row = run.epochs.indexOf(epoch);
    const step = run.steps.find(({ fromS, toS }) => timeS >= fromS - marginS && timeS <= toS + marginS);
    const swatch = document.createElement('span');
    swatch.className = 'swatch';
    swatch.style.background = colour;
    const line = document.createElement('span');
    const values =
      row < 0 ? 'no record' : lines.map((name) => `${name} ${formatLatency(run.latenciesNs[name][row]!)}`).join(', ');
    line.append(swatch, `${run.label}: ${values}`);
    if (step === undefined) return [line];
    const part = document.createElement('span');
    part.className = 'indented';
    part.append(stepText(step));
    return [line, part];
  });
  const epochS = shown[0]?.run.epochS ?? 0.25;
  const startS = Math.floor(timeS / epochS) * epochS;
  return [`${Number(startS.toFixed(3))} s to ${Number((startS + epochS).toFixed(3))} s`, ...rows];
}

/** A band from the first step issued to the last completed, of each run's migrations. */
function drawBands(chart: Plot, shown: readonly ShownRun[]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = palette().migration;
  for (const { run } of shown) {
    for (const { fromS, toS } of migrationSpans(run)) {
      const from = chart.valToPos(fromS, 'x', true);
      ctx.fillRect(from, bbox.top, Math.max(devicePixelRatio, chart.valToPos(toS, 'x', true) - from), bbox.height);
    }
  }
  ctx.restore();
}

/** When the migrations of a run were under way. */
export function migrationSpans({ steps }: RunData): { readonly fromS: number; readonly toS: number }[] {
  return [...Map.groupBy(steps, ({ migration }) => migration).values()].map((own) => ({
    fromS: Math.min(...own.map(({ fromS }) => fromS)),
    toS: Math.max(...own.map(({ toS }) => toS)),
  }));
}
