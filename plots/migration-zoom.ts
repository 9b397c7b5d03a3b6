/** The last migration of a run from close by: the same lines over epochs of 10 ms, from its start on. */
import type { TimelineRow } from '../experiments/results/rows.ts';
import { type Panels, panelTitle } from './figure.ts';
import { latencyLineMark, timelinePoints } from './latency-lines.ts';
import { logAxis, type Domain } from './log-axis.ts';
import { migrationBand } from './migration-marks.ts';
import type { RunGroup } from './run-group.ts';
import { lineEncoding, percentileStyles, withoutLegend } from './theme.ts';

const heightPx = 170;

/** A migration from close by. */
export interface Zoom {
  /** Its number, from one. */
  readonly number: number;
  /** Its short epochs, their times counted from its first step issued. */
  readonly rows: readonly TimelineRow[];
  /** When its last step was completed, counted likewise. */
  readonly endS: number;
}

/** The last migration of a group's first repeat; undefined when it has no short epochs. */
export function zoomOf({ repeats: [first] }: RunGroup): Zoom | undefined {
  const migration = first.summary.migrations.at(-1);
  const before = first.summary.migrations.at(-2);
  const all = first.migrationTimeline ?? [];
  if (migration === undefined || all.length === 0) return undefined;
  const { startS, endS } = migration;
  // The epochs of the migration before are further away than those that belong to this one.
  const fromS = Math.max(startS - 0.25, before === undefined ? 0 : (before.startS + startS) / 2);
  const rows = all.filter((row) => row.startS >= fromS - 1e-9).map((row) => ({ ...row, startS: row.startS - startS }));
  return rows.length < 2 ? undefined : { number: migration.migration + 1, rows, endS: endS - startS };
}

/** The end of the axis that all panels share: as long again after the longest migration as it took, and what there are short epochs for. */
export function zoomUntilS(zooms: readonly Zoom[]): number {
  const longestS = Math.max(...zooms.map(({ endS }) => endS));
  return Math.min(Math.max(0.5, 2 * longestS + 0.25), Math.max(...zooms.map(({ rows }) => rows.at(-1)!.startS)));
}

/** What a panel shares with those beside it. */
interface ZoomFrame {
  readonly widthPx: number;
  readonly untilS: number;
  readonly yDomain: Domain;
  readonly isFirst: boolean;
}

/** One panel. */
export function zoomPanel(zoom: Zoom, name: string, { widthPx, untilS, yDomain, isFirst }: ZoomFrame): Panels {
  const domain = [-0.25e3, untilS * 1e3];
  const x = {
    field: 'timeMs',
    type: 'quantitative',
    scale: { domain, nice: false },
    axis: { title: `time since migration ${zoom.number} was issued (ms)`, tickCount: 6, grid: false, format: '~r' },
  } as const;
  const yAxis = logAxis(yDomain, 'latency (ms)');
  const encoding = lineEncoding('line', new Map(Object.entries(percentileStyles)), 4);
  return {
    title: { text: panelTitle(name, widthPx) },
    width: widthPx,
    height: heightPx,
    layer: [
      ...migrationBand({ fromMs: 0, toMs: zoom.endS * 1e3 }),
      {
        data: { values: timelinePoints(zoom.rows).map(({ timeS, ...point }) => ({ ...point, timeMs: timeS * 1e3 })) },
        mark: latencyLineMark,
        encoding: {
          x,
          y: {
            field: 'latencyMs',
            type: 'quantitative',
            scale: { type: 'log', domain: [...yDomain] },
            axis: isFirst ? yAxis : { ...yAxis, title: null, labels: false },
          },
          ...withoutLegend(encoding),
        },
      },
    ],
  };
}
