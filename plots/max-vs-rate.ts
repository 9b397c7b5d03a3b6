/**
 * Maximum latency against the offered rate (figure 19 of the paper), on two logarithmic axes: a line per strategy and one
 * for runs that do not migrate.
 */
import type { TopLevelSpec } from 'vega-lite';
import { runId } from '../experiments/config/run-id.ts';
import type { SustainedRate } from '../experiments/results/rates-file.ts';
import { ResultsError } from '../experiments/results/results-error.ts';
import { measurementLabels } from '../experiments/report/labels.ts';
import { median } from '../experiments/stats/median.ts';
import { caption, overloadNotes } from './caption.ts';
import { maximumWithin, type TimeWindow } from './epochs.ts';
import { figure } from './figure.ts';
import { countLabel, paddedDomain, plainLabel } from './log-axis.ts';
import { type Mark, markedLines, markedLinesWidthPx, type VerticalRule } from './marked-lines.ts';
import { shownMigration } from './max-vs-duration.ts';
import type { RunGroup } from './run-group.ts';

const nsPerMs = 1e6;

/** The name of each spec's line: equal specs have equal names. */
function lineNames(specs: readonly RunGroup['spec'][]): string[] {
  const keys = specs.map((spec) => runId({ ...spec, repeat: 1 }));
  const distinct = [...new Set(keys)];
  const names = measurementLabels(distinct.flatMap((key) => specs[keys.indexOf(key)] ?? []));
  return keys.map((key) => names[distinct.indexOf(key)] ?? '');
}

/**
 * The window of each group in which maxima are compared: at every rate the same for all runs, so that none has more time to find
 * its worst moment. It reaches from the last migration's start to the latest recovery among the runs of the rate that migrate;
 * where no run of the rate does, it is the longest of the other rates, and without any migration the run outside the warm-up.
 */
export function comparedWindows(groups: readonly RunGroup[]): TimeWindow[] {
  const windows = new Map<number, TimeWindow>();
  for (const { spec, repeats } of groups) {
    for (const run of repeats) {
      const migration = shownMigration(run);
      if (migration === undefined) continue;
      const window = windows.get(spec.ratePerSecond);
      windows.set(spec.ratePerSecond, {
        fromS: Math.min(migration.startS, window?.fromS ?? Infinity),
        toS: Math.max(migration.recoveredS ?? spec.durationS, window?.toS ?? 0),
      });
    }
  }
  const [longest] = [...windows.values()].sort((a, b) => b.toS - b.fromS - (a.toS - a.fromS));
  return groups.map(
    ({ spec }) =>
      windows.get(spec.ratePerSecond) ?? longest ?? { fromS: spec.warmUpS, toS: spec.durationS - spec.warmUpS },
  );
}

/**
 * A mark per group, by rate: the maximum in the window of its rate. Lines join the groups that differ in their rate only.
 */
export function rateMarks(groups: readonly RunGroup[]): Mark[] {
  const ratePerSecond = groups[0]?.spec.ratePerSecond ?? 0;
  // Named as if all had one rate, so that the rate is not part of a line's name.
  const names = lineNames(groups.map(({ spec }) => ({ ...spec, ratePerSecond })));
  const windows = comparedWindows(groups);
  const marks = groups.flatMap(({ spec, repeats }, index) => {
    const points = repeats
      .map((run) => ({ x: spec.ratePerSecond, y: maximumWithin(run.timeline, windows[index]!) / nsPerMs }))
      .filter(({ y }) => y > 0);
    if (points.length === 0) return [];
    return [
      {
        series: names[index] ?? '',
        x: spec.ratePerSecond,
        y: median(points.map(({ y }) => y)),
        label: '',
        isValid: repeats.every(({ summary }) => summary.valid),
        repeats: points.length > 1 ? points : [],
      },
    ];
  });
  // A search for a rate does not ascend.
  return marks.sort((a, b) => a.x - b.x);
}

/** A line at each rate that a search found to be the highest sustained one: `16M/s sustained`. */
function rateRules(rates: readonly SustainedRate[]): VerticalRule[] {
  return rates.flatMap(({ label, sustainedPerSecond: x }) =>
    x === undefined ? [] : [{ x, label: `${countLabel(x)}/s sustained${rates.length > 1 ? `, ${label}` : ''}` }],
  );
}

/**
 * The figure of groups of runs (at least one), with the highest sustained rates where they were searched.
 *
 * @throws {ResultsError} when there is nothing to mark
 */
export function maxVsRate(groups: readonly RunGroup[], rates: readonly SustainedRate[] = []): TopLevelSpec {
  const marks = rateMarks(groups);
  if (marks.length === 0) {
    throw new ResultsError(
      `none of the ${groups.length} complete runs of ${groups[0]?.spec.experiment ?? 'no experiment'} has records in the time that is compared; expected some for maximum latency against rate`,
    );
  }
  const all = marks.flatMap((mark) => [mark, ...mark.repeats]);
  const rules = rateRules(rates);
  const panel = markedLines(
    marks,
    {
      title: 'offered rate (records/s)',
      domain: paddedDomain([...all, ...rules].map(({ x }) => x)),
      tickLabel: countLabel,
    },
    { title: 'maximum latency (ms)', domain: paddedDomain(all.map(({ y }) => y)), tickLabel: plainLabel },
    rules,
  );
  return figure(panel, {
    title: groups[0]?.spec.title ?? '',
    caption: caption(groups, [
      groups.some(({ spec }) => spec.migrations.length > 0)
        ? 'Maximum from the start of the last migration until latencies had recovered under every strategy; all runs of a rate over the same time'
        : 'Maximum of the whole run outside the warm-up',
      ...(rules.length > 0 ? ['Dashed: the highest rate that a search found to be sustained, without migrations'] : []),
      ...(marks.some(({ repeats }) => repeats.length > 0) ? ['Marks: median over the repeats; dots: each repeat'] : []),
      ...overloadNotes(groups, 'Hollow marks'),
    ]),
    widthPx: markedLinesWidthPx,
  });
}
