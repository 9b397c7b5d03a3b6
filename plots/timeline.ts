/**
 * Latency over time, one panel per strategy (figures 1 and 5 to 12 of the paper): maximum, 99th percentile, median and
 * 25th percentile of each epoch on a logarithmic axis, with the migrations, disturbed epochs and the machine's floor marked; below
 * it the last migration from close by.
 */
import type { TopLevelSpec } from 'vega-lite';
import { caption, overloadNotes } from './caption.ts';
import type { RunSpec } from '../experiments/config/run-spec.ts';
import type { Run } from '../experiments/results/run-reader.ts';
import { disturbedMarks, disturbedSpans, NOTABLE_SHARE } from './disturbed-epochs.ts';
import { figure, panelTitle, type Panels } from './figure.ts';
import { drawnMs, latencyExtent, latencyLineMark, timelinePoints } from './latency-lines.ts';
import { decadeDomain, logAxis, type Domain } from './log-axis.ts';
import { labelSpace, migrationMarks } from './migration-marks.ts';
import { type Zoom, zoomOf, zoomPanel, zoomUntilS } from './migration-zoom.ts';
import { maximumRange, medianTimeline } from './repeats.ts';
import { markedNames, type RunGroup } from './run-group.ts';
import { colours, fontSizes, lineEncoding, percentileStyles } from './theme.ts';

const panelHeightPx = 260;
/** The shaded warm-up at both ends of a run, behind everything else; nothing without warm-up. */
function warmUp({ warmUpS, durationS }: RunSpec) {
  if (warmUpS === 0) return [];
  const parts = [
    { fromS: 0, toS: warmUpS },
    { fromS: durationS - warmUpS, toS: durationS },
  ];
  return [
    {
      data: { values: parts },
      mark: { type: 'rect', color: colours.warmUp, clip: true },
      encoding: { x: { field: 'fromS', type: 'quantitative' }, x2: { field: 'toS' } },
    },
  ] as const;
}

/** The machine's floor: a line at its 99th percentile; nothing when it was not measured or lies outside of the axis. */
function floorLine({ summary }: Run, [low, high]: Domain) {
  const floorMs = summary.floor === undefined ? 0 : drawnMs(summary.floor.p99Ns);
  if (floorMs < low || floorMs > high) return [];
  const data = { values: [{ floorMs, label: 'floor p99' }] };
  const y = { field: 'floorMs', type: 'quantitative' } as const;
  return [
    { data, mark: { type: 'rule', color: colours.floor, strokeWidth: 1, strokeDash: [1, 3] }, encoding: { y } },
    // A halo keeps the label readable on the lines.
    ...[{ stroke: '#ffffff', strokeWidth: 3 }, { color: colours.floor }].map((style) => ({
      data,
      mark: { type: 'text', ...style, fontSize: fontSizes.label, align: 'left', baseline: 'bottom', dx: 4, dy: -1 },
      encoding: { y, x: { value: 0 }, text: { field: 'label' } },
    })),
  ] as const;
}

/** One panel; `beside` says that panels with migrations stand beside it. */
function panel(
  group: RunGroup,
  title: string,
  beside: boolean,
  widthPx: number,
  yDomain: Domain,
  isFirst: boolean,
): Panels {
  const { spec, repeats } = group;
  const [first] = repeats;
  const xDomain = [0, spec.durationS];
  const x = {
    field: 'timeS',
    type: 'quantitative',
    scale: { domain: xDomain, nice: false },
    axis: { title: 'time since start (s)', tickCount: 6, grid: false },
  } as const;
  const yScale = { type: 'log', domain: [...yDomain] } as const;
  const yAxis = logAxis(yDomain, 'latency (ms)');
  return {
    title: { text: panelTitle(title, widthPx) },
    width: widthPx,
    height: panelHeightPx,
    layer: [
      ...warmUp(spec),
      ...migrationMarks(first.migrations, widthPx / spec.durationS),
      ...(beside && first.migrations.length === 0 ? labelSpace() : []),
      ...(repeats.length > 1
        ? [
            {
              data: { values: maximumRange(repeats) },
              mark: { type: 'area', interpolate: 'step-after', color: colours.frame, opacity: 0.35 },
              encoding: { x, y: { field: 'lowMs', type: 'quantitative', scale: yScale }, y2: { field: 'highMs' } },
            } as const,
          ]
        : []),
      ...disturbedMarks(disturbedSpans(first), panelHeightPx, colours.disturbed),
      {
        data: { values: timelinePoints(medianTimeline(repeats)) },
        mark: latencyLineMark,
        encoding: {
          x,
          y: {
            field: 'latencyMs',
            type: 'quantitative',
            scale: yScale,
            axis: isFirst ? yAxis : { ...yAxis, title: null, labels: false },
          },
          ...lineEncoding('line', new Map(Object.entries(percentileStyles)), 4),
        },
      },
      ...floorLine(first, yDomain),
    ],
  } as Panels;
}

/** Panels in a row: at most three, and two for four panels. */
function panelsPerRow(count: number): number {
  return count === 4 ? 2 : Math.min(count, 3);
}

/** The timeline figure of groups of runs (one panel each, at least one). */
export function timeline(groups: readonly RunGroup[]): TopLevelSpec {
  const names = markedNames(groups);
  const perRow = panelsPerRow(groups.length);
  const widthPx = perRow === 1 ? 640 : perRow === 2 ? 440 : 330;
  const zooms = groups.flatMap((group, index): (readonly [Zoom, string])[] => {
    const zoom = zoomOf(group);
    return zoom === undefined ? [] : [[zoom, names[index] ?? '']];
  });
  const yDomain = decadeDomain([
    ...groups.flatMap(({ repeats }) => repeats.flatMap((run) => latencyExtent(run.timeline))),
    ...zooms.flatMap(([{ rows }]) => latencyExtent(rows)),
  ]);
  const repeated = groups.some(({ repeats }) => repeats.length > 1);
  const migrates = groups.some(({ repeats: [first] }) => first.migrations.length > 0);
  const isDisturbed = groups.some(({ repeats: [first] }) => disturbedSpans(first).length > 0);
  const hasFloor = groups.some(({ repeats: [first] }) => floorLine(first, yDomain).length > 0);
  const panels = groups.map((group, index) =>
    panel(group, names[index] ?? '', migrates, widthPx, yDomain, index % perRow === 0),
  );
  const untilS = zoomUntilS(zooms.map(([zoom]) => zoom));
  const zoomPanels = zooms.map(([zoom, name], index) =>
    zoomPanel(zoom, name, { widthPx, untilS, yDomain, isFirst: index % perRow === 0 }),
  );
  const rows = [panels, zoomPanels].filter((row) => row.length > 0);
  return figure(
    {
      spacing: 30,
      // The legend belongs to the upper row.
      resolve: { scale: { color: 'independent', strokeDash: 'independent', strokeWidth: 'independent' } },
      vconcat: rows.map((row) => ({ columns: perRow, concat: row, spacing: { column: 24, row: 30 } })),
    },
    {
      title: groups[0]?.spec.title ?? '',
      caption: caption(groups, [
        zooms.length > 0 ? 'Epochs of 250 ms; below, from close by, of 10 ms' : 'Epochs of 250 ms',
        ...(groups.some(({ spec }) => spec.warmUpS > 0) ? ['Grey ends: warm-up, in no total'] : []),
        ...(migrates ? ['Shaded: a migration, from its first step issued to its last completed'] : []),
        ...(hasFloor ? ['Dotted: 99th percentile of the machine alone, before the run'] : []),
        ...(isDisturbed
          ? [
              `Marks on the time axis: epochs in which a worker waited for a processor, or other machines took it, for ${NOTABLE_SHARE * 100} % of the time or more`,
            ]
          : []),
        ...(repeated
          ? [
              `Lines: median over the repeats of each epoch's percentile; grey band: range of the maximum over all repeats; ` +
                `${zooms.length > 0 ? 'floor, marks and lower row' : 'floor and marks'}: repeat 1`,
            ]
          : []),
        ...overloadNotes(groups, 'Panels marked overload'),
      ]),
      widthPx: perRow * (widthPx + 24) - 24,
    },
  );
}
