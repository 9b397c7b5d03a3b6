/**
 * Memory over time (figure 20 of the paper), a line per strategy, or per strategy and process: above the resident set of the process, below what the
 * engine itself accounts for, the state in bins plus the bytes that wait for a full ring.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { RunSpec } from '../experiments/config/run-spec.ts';
import type { MemoryRow } from '../experiments/results/rows.ts';
import { caption, overloadNotes } from './caption.ts';
import { figure, legendColumns, panelTitle, type Panels } from './figure.ts';
import { migrationMarks } from './migration-marks.ts';
import { markedNames, type RunGroup } from './run-group.ts';
import { categorySeries, lineEncoding } from './theme.ts';

const widthPx = 640;
const heightPx = 190;

/** From this many bytes on an axis counts in GiB. */
const gibFromBytes = 4 * 2 ** 30;

interface MemoryPanel {
  readonly title: string;
  readonly axis: string;
  readonly bytes: (row: MemoryRow) => number;
}

const panels: readonly MemoryPanel[] = [
  { title: 'Resident set', axis: 'resident set', bytes: (row) => row.rssBytes },
  {
    title: 'State in bins, and batches and bins in flight',
    axis: 'state + in flight',
    bytes: (row) => row.stateBytes + row.queuedBytes,
  },
];

const touched: Readonly<Record<RunSpec['preTouch'], string>> = {
  all: 'all memory of migrations (queues, arriving bins) was touched before the start, so the resident set holds it throughout',
  state: 'only the state was touched before the start, so the resident set grows by what migrations need',
};

/** What was touched before the clock started, and so is in the resident set from the start. */
function touchNotes(groups: readonly RunGroup[]): string[] {
  const settings = [...new Set(groups.map(({ spec }) => spec.preTouch))];
  return settings.map((setting) => `preTouch ${setting}: ${touched[setting]}`);
}

/** A line of the chart. */
interface MemoryLine {
  readonly series: string;
  readonly rows: readonly MemoryRow[];
}

/** A line per group, or per process of each group that has several: `fluid, process 0`. */
function memoryLines(groups: readonly RunGroup[]): MemoryLine[] {
  const names = markedNames(groups);
  return groups.flatMap(({ spec, repeats: [first] }, index): MemoryLine[] => {
    const name = names[index] ?? '';
    const { processMemory } = first;
    if (processMemory === undefined) return [{ series: name, rows: first.memory }];
    return Array.from({ length: spec.topology.processes }, (_, process) => ({
      series: `${name}, process ${process}`,
      rows: processMemory.filter((row) => row.process === process),
    }));
  });
}

/** Most samples of a line: more would lie within one pixel. */
const mostSamples = 2 * widthPx;

/** The samples; of a long run the highest of each few neighbours, at the time of the first. */
export function thinned(samples: readonly { readonly timeS: number; readonly bytes: number }[]) {
  const each = Math.ceil(samples.length / mostSamples);
  return samples
    .filter((_, index) => index % each === 0)
    .map(({ timeS }, index) => ({
      timeS,
      bytes: Math.max(...samples.slice(index * each, (index + 1) * each).map((sample) => sample.bytes)),
    }));
}

/** The memory figure of groups of runs (one line each, at least one); each line is the first repeat. */
export function memory(groups: readonly RunGroup[]): TopLevelSpec {
  const lines = memoryLines(groups);
  const series = lines.map((line) => line.series);
  const durationS = Math.max(...groups.map(({ spec }) => spec.durationS));
  const steps = groups.flatMap(({ repeats: [first] }) => first.migrations);
  const highest = Math.max(...lines.flatMap(({ rows }) => rows.map((row) => row.rssBytes)));
  const [unit, bytesPerUnit] = highest >= gibFromBytes ? (['GiB', 2 ** 30] as const) : (['MiB', 2 ** 20] as const);
  const x = {
    field: 'timeS',
    type: 'quantitative',
    scale: { domain: [0, durationS], nice: false },
    axis: { title: 'time since start (s)', grid: false, tickCount: 8 },
  } as const;
  const panel = ({ title, axis, bytes }: MemoryPanel): Panels =>
    ({
      title: { text: panelTitle(title, widthPx) },
      width: widthPx,
      height: heightPx,
      layer: [
        ...migrationMarks(steps, widthPx / durationS),
        {
          data: {
            values: lines.flatMap(({ series, rows }) =>
              thinned(rows.map((row) => ({ timeS: row.timeS, bytes: bytes(row) }))).map((sample) => ({
                timeS: sample.timeS,
                series,
                memory: Number((sample.bytes / bytesPerUnit).toPrecision(6)),
              })),
            ),
          },
          mark: { type: 'line', interpolate: 'step-after', clip: true, strokeJoin: 'round' },
          encoding: {
            x,
            y: {
              field: 'memory',
              type: 'quantitative',
              scale: { zero: true, nice: true },
              axis: { title: `${axis} (${unit})`, tickCount: 5, format: '~r' },
            },
            ...lineEncoding('series', categorySeries(series), legendColumns(series, widthPx)),
          },
        },
      ],
    }) as Panels;
  const repeated = groups.some(({ repeats }) => repeats.length > 1);
  return figure(
    { vconcat: panels.map(panel), spacing: 22 },
    {
      title: groups[0]?.spec.title ?? '',
      caption: caption(groups, [
        ...(steps.length > 0
          ? ['Shaded: a migration, from the first step issued to the last completed over all lines']
          : []),
        ...touchNotes(groups),
        ...(repeated ? ['Lines: repeat 1'] : []),
        ...overloadNotes(groups, 'Lines marked overload'),
      ]),
      widthPx,
    },
  );
}
