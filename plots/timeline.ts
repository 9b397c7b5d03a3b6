/**
 * Latency over time, one panel per strategy (figures 1 and 5 to 12 of the paper): maximum, 99th percentile, median and
 * 25th percentile of each epoch on a logarithmic axis, with the migrations marked.
 */
import type { TopLevelSpec } from 'vega-lite';
import { caption, overloadNotes } from './caption.ts';
import type { RunSpec } from '../experiments/config/run-spec.ts';
import type { TimelineRow } from '../experiments/results/rows.ts';
import type { Run } from '../experiments/results/run-reader.ts';
import { epochS } from './epochs.ts';
import { figure, panelTitle, type Panels } from './figure.ts';
import { decadeDomain, logAxis, type Domain } from './log-axis.ts';
import { labelSpace, migrationMarks } from './migration-marks.ts';
import { markedNames, type RunGroup } from './run-group.ts';
import { colours, percentileStyles, lineEncoding } from './theme.ts';

const panelHeightPx = 260;
const nsPerMs = 1e6;

/** Latencies below a microsecond are drawn at one: the logical time is not finer. */
const floorMs = 1e-3;

/** A point of a line; a null latency interrupts the line. */
export interface TimelinePoint {
  /** Start of the epoch; of the last one before an interruption also its end. */
  readonly timeS: number;
  /** Which percentile, in words. */
  readonly line: string;
  /** Its latency. */
  readonly latencyMs: number | null;
}

const lines: readonly (readonly [line: keyof typeof percentileStyles, of: (row: TimelineRow) => number])[] = [
  ['maximum', (row) => row.maxNs],
  ['99th percentile', (row) => row.p99Ns],
  ['median', (row) => row.p50Ns],
  ['25th percentile', (row) => row.p25Ns],
];

function toMs(ns: number): number {
  return Math.max(floorMs, Number((ns / nsPerMs).toPrecision(5)));
}

/** The rows with records, cut where an epoch is missing or empty. */
function segments(rows: readonly TimelineRow[]): TimelineRow[][] {
  const parts: TimelineRow[][] = [];
  let part: TimelineRow[] = [];
  for (const row of rows) {
    const previous = part.at(-1);
    if (row.records === 0 || (previous !== undefined && row.epoch !== previous.epoch + 1)) {
      if (part.length > 0) parts.push(part);
      part = [];
    }
    if (row.records > 0) part.push(row);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/**
 * The four lines of a run as points, line by line in order of time, with a null where no record was completed. A latency holds from
 * its point to the next: lines are steps, as a slope would rise before the epoch in which something happened.
 */
export function timelinePoints(rows: readonly TimelineRow[]): TimelinePoint[] {
  const length = epochS(rows);
  return lines.flatMap(([line, of]) =>
    segments(rows).flatMap((segment, index) => {
      const points: TimelinePoint[] = segment.map((row) => ({ timeS: row.startS, line, latencyMs: toMs(of(row)) }));
      const [first] = points;
      const last = points.at(-1);
      if (first === undefined || last === undefined) return [];
      return [
        ...(index > 0 ? [{ ...first, latencyMs: null }] : []),
        ...points,
        { ...last, timeS: last.timeS + length },
      ];
    }),
  );
}

/** Lowest and highest maximum of each epoch over several repeats, at its start, in order of time; the last one again at its end. */
export function maximumRange(runs: readonly Run[]): { timeS: number; lowMs: number; highMs: number }[] {
  const ranges = new Map<number, { timeS: number; lowMs: number; highMs: number }>();
  for (const { timeline } of runs) {
    for (const row of timeline) {
      if (row.records === 0) continue;
      const latencyMs = toMs(row.maxNs);
      const range = ranges.get(row.epoch);
      ranges.set(row.epoch, {
        timeS: row.startS,
        lowMs: Math.min(latencyMs, range?.lowMs ?? latencyMs),
        highMs: Math.max(latencyMs, range?.highMs ?? latencyMs),
      });
    }
  }
  const sorted = [...ranges.values()].sort((a, b) => a.timeS - b.timeS);
  const last = sorted.at(-1);
  const length = Math.max(0, ...runs.map(({ timeline }) => epochS(timeline)));
  return last === undefined ? [] : [...sorted, { ...last, timeS: last.timeS + length }];
}

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
      {
        data: { values: timelinePoints(first.timeline) },
        mark: {
          type: 'line',
          interpolate: 'step-after',
          strokeCap: 'butt',
          strokeJoin: 'round',
          invalid: 'break-paths-filter-domains',
          clip: true,
        },
        encoding: {
          x,
          y: {
            field: 'latencyMs',
            type: 'quantitative',
            scale: yScale,
            axis: isFirst ? yAxis : { ...yAxis, title: null, labels: false },
          },
          ...lineEncoding('line', new Map(Object.entries(percentileStyles)), lines.length),
        },
      },
    ],
  } as Panels;
}

/** Panels in a row: at most three, and two for four panels. */
function panelsPerRow(count: number): number {
  return count === 4 ? 2 : Math.min(count, 3);
}

/**
 * The timeline figure of groups of runs (one panel each, at least one); lines are the first repeat of each.
 */
export function timeline(groups: readonly RunGroup[]): TopLevelSpec {
  const names = markedNames(groups);
  const perRow = panelsPerRow(groups.length);
  const widthPx = perRow === 1 ? 640 : perRow === 2 ? 440 : 330;
  const yDomain = decadeDomain(
    groups.flatMap(({ repeats }) =>
      repeats.flatMap((run) =>
        segments(run.timeline).flatMap((rows) => rows.flatMap((row) => [toMs(row.p25Ns), toMs(row.maxNs)])),
      ),
    ),
  );
  const repeated = groups.some(({ repeats }) => repeats.length > 1);
  const migrates = groups.some(({ repeats: [first] }) => first.migrations.length > 0);
  const panels = groups.map((group, index) =>
    panel(group, names[index] ?? '', migrates, widthPx, yDomain, index % perRow === 0),
  );
  return figure(
    { columns: perRow, concat: panels, spacing: { column: 24, row: 30 } },
    {
      title: groups[0]?.spec.title ?? '',
      caption: caption(groups, [
        ...(groups.some(({ spec }) => spec.warmUpS > 0) ? ['Grey ends: warm-up, in no total'] : []),
        ...(migrates ? ['Shaded: a migration, from its first step issued to its last completed'] : []),
        ...(repeated ? ['Lines: repeat 1; grey band: range of the maximum over all repeats'] : []),
        ...overloadNotes(groups, 'Panels marked overload'),
      ]),
      widthPx: perRow * (widthPx + 24) - 24,
    },
  );
}
