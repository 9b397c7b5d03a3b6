/**
 * Maximum latency against duration of the migration (figures 16 to 18 of the paper), on two logarithmic axes: a line per
 * strategy, and a mark per swept value, labelled with it.
 */
import type { TopLevelSpec } from 'vega-lite';
import { ResultsError } from '../experiments/results/results-error.ts';
import type { MigrationSummary } from '../experiments/results/run-summary.ts';
import type { Run } from '../experiments/results/run-reader.ts';
import { type Dimension, strategyLabel, varyingDimensions } from '../experiments/report/labels.ts';
import { median } from '../experiments/stats/median.ts';
import { caption, overloadNotes } from './caption.ts';
import { figure } from './figure.ts';
import { paddedDomain, plainLabel } from './log-axis.ts';
import { markedLines, markedLinesWidthPx, type Mark } from './marked-lines.ts';
import type { RunGroup } from './run-group.ts';

const nsPerMs = 1e6;
const msPerS = 1e3;

/** The migration that charts of maxima show: the last one, which brings the state back (the paper shows the second too). */
export function shownMigration({ summary }: Run): MigrationSummary | undefined {
  const migration = summary.migrations.at(-1);
  return migration !== undefined && migration.durationMs > 0 && migration.maxNs > 0 ? migration : undefined;
}

/**
 * The dimension whose values label the marks, that with most values, and the others in which the groups differ: a line through the
 * values of two dimensions would run to and fro. A dimension that is swept together with the label's, one value for each, tells
 * nothing more than the label and is left out.
 */
function sweptDimensions(groups: readonly RunGroup[]): { label: Dimension | undefined; others: readonly Dimension[] } {
  const specs = groups.map(({ spec }) => spec);
  const valuesOf = (dimension: Dimension): number => new Set(specs.map(dimension.of)).size;
  const [label, ...rest] = varyingDimensions(specs).sort((a, b) => valuesOf(b) - valuesOf(a));
  const isOwn = (dimension: Dimension): boolean =>
    new Set(specs.map((spec) => JSON.stringify([label?.of(spec), dimension.of(spec)]))).size >
    (label === undefined ? 0 : valuesOf(label));
  return { label, others: rest.filter(isOwn) };
}

/** A mark per group that migrates, labelled with its value of one dimension; strategy and other dimensions name its line. */
export function durationMarks(groups: readonly RunGroup[]): Mark[] {
  const { label, others } = sweptDimensions(groups);
  return groups.flatMap(({ spec, repeats }) => {
    const points = repeats
      .map(shownMigration)
      .filter((migration) => migration !== undefined)
      .map(({ durationMs, maxNs }) => ({ x: durationMs / msPerS, y: maxNs / nsPerMs }));
    if (points.length === 0) return [];
    return [
      {
        series: [strategyLabel(spec), ...others.map((dimension) => dimension.long(spec))].join(', '),
        x: median(points.map(({ x }) => x)),
        y: median(points.map(({ y }) => y)),
        label: label?.short(spec) ?? '',
        isValid: repeats.every(({ summary }) => summary.valid),
        repeats: points.length > 1 ? points : [],
      },
    ];
  });
}

/**
 * The figure of groups of runs; groups that do not migrate are left out.
 *
 * @throws {ResultsError} when none migrated.
 */
export function maxVsDuration(groups: readonly RunGroup[]): TopLevelSpec {
  const marks = durationMarks(groups);
  if (marks.length === 0) {
    throw new ResultsError(
      `none of the ${groups.length} complete runs of ${groups[0]?.spec.experiment ?? 'no experiment'} completed a migration; expected at least one for maximum latency against duration`,
    );
  }
  const { label } = sweptDimensions(groups);
  const all = marks.flatMap((mark) => [mark, ...mark.repeats]);
  const panel = markedLines(
    marks,
    { title: 'duration of the migration (s)', domain: paddedDomain(all.map(({ x }) => x)), tickLabel: plainLabel },
    { title: 'maximum latency (ms)', domain: paddedDomain(all.map(({ y }) => y)), tickLabel: plainLabel },
  );
  return figure(panel, {
    title: groups[0]?.spec.title ?? '',
    caption: caption(groups, [
      ...(label === undefined ? [] : [`Marks are labelled with the ${label.name}`]),
      'Shown is the last migration of each run, with the highest latency from its start until latencies had recovered',
      ...(marks.some(({ repeats }) => repeats.length > 0) ? ['Marks: median over the repeats; dots: each repeat'] : []),
      ...overloadNotes(groups, 'Hollow marks'),
    ]),
    widthPx: markedLinesWidthPx,
  });
}
