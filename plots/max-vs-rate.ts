/**
 * Maximum latency against the offered rate (figure 19 of the paper), on two logarithmic axes: a line per strategy and one
 * for runs that do not migrate.
 */
import type { TopLevelSpec } from 'vega-lite';
import { runId } from '../experiments/results/run-id.ts';
import { caption, overloadNotes } from './caption.ts';
import { figure } from './figure.ts';
import { countLabel, paddedDomain, plainLabel } from './log-axis.ts';
import { markedLines, markedLinesWidthPx, median, type Mark } from './marked-lines.ts';
import { shownMigration } from './max-vs-duration.ts';
import { groupNames, type RunGroup } from './run-group.ts';

const nsPerMs = 1e6;

/** The name of each spec's line: equal specs have equal names. */
function lineNames(specs: readonly RunGroup['spec'][]): string[] {
  const keys = specs.map((spec) => runId({ ...spec, repeat: 1 }));
  const distinct = [...new Set(keys)];
  const names = groupNames(distinct.flatMap((key) => specs[keys.indexOf(key)] ?? []));
  return keys.map((key) => names[distinct.indexOf(key)] ?? '');
}

/**
 * A mark per group: the maximum during the last migration, and of the whole run outside the warm-up where there is no
 * migration. Lines join the groups that differ in their rate only.
 */
export function rateMarks(groups: readonly RunGroup[]): Mark[] {
  const ratePerSecond = groups[0]?.spec.ratePerSecond ?? 0;
  // Named as if all had one rate, so that the rate is not part of a line's name.
  const names = lineNames(groups.map(({ spec }) => ({ ...spec, ratePerSecond })));
  return groups.flatMap(({ spec, repeats }, index) => {
    const points = repeats
      .map((run) => ({
        x: spec.ratePerSecond,
        y: (spec.migrations.length === 0 ? run.summary.total.maxNs : (shownMigration(run)?.maxNs ?? 0)) / nsPerMs,
      }))
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
}

/** The figure of groups of runs (at least one). */
export function maxVsRate(groups: readonly RunGroup[]): TopLevelSpec {
  const marks = rateMarks(groups);
  const all = marks.flatMap((mark) => [mark, ...mark.repeats]);
  const panel = markedLines(
    marks,
    { title: 'offered rate (records/s)', domain: paddedDomain(all.map(({ x }) => x)), tickLabel: countLabel },
    { title: 'maximum latency (ms)', domain: paddedDomain(all.map(({ y }) => y)), tickLabel: plainLabel },
  );
  return figure(panel, {
    title: groups[0]?.spec.title ?? '',
    caption: caption(groups, [
      'Maximum during the last migration; without migration: of the whole run outside the warm-up',
      ...(marks.some(({ repeats }) => repeats.length > 0) ? ['Marks: median over the repeats; dots: each repeat'] : []),
      ...overloadNotes(groups, 'Hollow marks'),
    ]),
    widthPx: markedLinesWidthPx,
  });
}
