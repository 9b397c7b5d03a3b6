/** Compares the runs of two folders: runs of equal settings are partners, and their repeats give each ratio its interval. */
import { isDeepStrictEqual } from 'node:util';
import { runId } from '../config/run-id.ts';
import type { Provenance } from '../results/run-record.ts';
import { ratioOfMedians, verdictOf, type Verdict } from '../stats/bootstrap.ts';
import { median } from '../stats/median.ts';
import { comparedMetrics, type ComparedRun, type Metric } from './compared-metrics.ts';
import { measurementLabels } from './labels.ts';

/** A folder's runs. */
export interface Side {
  /** How the user named it. */
  readonly name: string;
  /** Its runs. */
  readonly runs: readonly ComparedRun[];
}

/** One metric of a pair. */
export interface MetricComparison {
  /** Name of the metric. */
  readonly metric: string;
  /** Unit of the medians. */
  readonly unit: Metric['unit'];
  /** Which direction is better. */
  readonly better: Metric['better'];
  /** Repeats of the baseline that have a value. */
  readonly baselineRepeats: number;
  /** Repeats of the other side that have a value. */
  readonly otherRepeats: number;
  /** Median of the baseline; null without values, as in the next four. */
  readonly baseline: number | null;
  /** Median of the other side. */
  readonly other: number | null;
  /** Median of the other side over that of the baseline. */
  readonly ratio: number | null;
  /** Lower bound of the ratio's 95 % interval; null with too few repeats too, as the next. */
  readonly low: number | null;
  /** Upper bound. */
  readonly high: number | null;
  /** What the other side is: `faster` is better, `slower` is worse, whichever direction the metric has. */
  readonly verdict: Verdict;
}

/** Two settings that were compared. */
export interface PairComparison {
  /** What tells the setting from the others of the baseline. */
  readonly setting: string;
  /** One entry per metric. */
  readonly metrics: readonly MetricComparison[];
  /** What a reader has to know: other settings, runs that are not valid, migrations that did not recover. */
  readonly notes: readonly string[];
}

/** Two folders that were compared. */
export interface Comparison {
  /** Name of the baseline. */
  readonly baseline: string;
  /** Name of the other side. */
  readonly other: string;
  /** Partners, in the order of the baseline. */
  readonly pairs: readonly PairComparison[];
  /** Differences of machines and code, and settings without a partner. */
  readonly notes: readonly string[];
}

/** Compares two folders; without a common setting there are no pairs, unless each has a single setting. */
export function compareSides(baseline: Side, other: Side): Comparison {
  const before = bySetting(baseline.runs);
  const after = bySetting(other.runs);
  const notes = provenanceNotes(baseline, other);
  const keys = [...before.keys()];
  const labels = measurementLabels([...before.values()].map(([run]) => run!.spec));
  const pair = (key: string, partner: string): PairComparison =>
    comparePair(labels[keys.indexOf(key)] ?? '', before.get(key) ?? [], after.get(partner) ?? [], [baseline, other]);
  const [onlyBefore] = keys;
  const [onlyAfter] = after.keys();
  if (before.size === 1 && after.size === 1 && onlyBefore !== undefined && onlyAfter !== undefined) {
    return { baseline: baseline.name, other: other.name, pairs: [pair(onlyBefore, onlyAfter)], notes };
  }
  notes.push(...partnerless(before, after, baseline.name), ...partnerless(after, before, other.name));
  const pairs = keys.filter((key) => after.has(key)).map((key) => pair(key, key));
  return { baseline: baseline.name, other: other.name, pairs, notes };
}

/** Runs by the id of their first repeat. */
function bySetting(runs: readonly ComparedRun[]): Map<string, ComparedRun[]> {
  return Map.groupBy(runs, ({ spec }) => runId({ ...spec, repeat: 1 }));
}

function partnerless(
  from: ReadonlyMap<string, readonly ComparedRun[]>,
  to: ReadonlyMap<string, unknown>,
  name: string,
) {
  const labels = measurementLabels([...from.values()].map(([run]) => run!.spec));
  return [...from.keys()].flatMap((key, index) =>
    to.has(key) ? [] : [`No partner: ${labels[index] ?? ''} is in ${name} only.`],
  );
}

function comparePair(
  setting: string,
  before: readonly ComparedRun[],
  after: readonly ComparedRun[],
  sides: readonly [Side, Side],
): PairComparison {
  const [validBefore, validAfter] = [before, after].map((runs) => runs.filter(({ summary }) => summary.valid));
  const metrics = comparedMetrics([...before, ...after]).map((metric) =>
    compareMetric(metric, validBefore!, validAfter!),
  );
  const notes = settingNotes(before, after);
  for (const [index, runs] of [before, after].entries()) {
    const name = sides[index]!.name;
    const invalid = runs.filter(({ summary }) => !summary.valid).length;
    if (invalid > 0) {
      notes.push(
        `Not valid: ${invalid} of ${runs.length} runs of ${name} were overloaded, and are left out: they mean nothing.`,
      );
    }
    const late = runs.filter(({ summary }) => summary.migrations.some(({ recoveryMs }) => recoveryMs === undefined));
    if (late.length > 0) notes.push(`Not recovered: a migration in ${late.length} of ${runs.length} runs of ${name}.`);
  }
  return { setting, metrics, notes };
}

function compareMetric(
  metric: Metric,
  before: readonly ComparedRun[],
  after: readonly ComparedRun[],
): MetricComparison {
  // A side on which some runs lack the value has none: the median of the others would flatter what has not recovered there.
  const values = (runs: readonly ComparedRun[]): number[] => {
    const found = runs.flatMap((run) => metric.of(run) ?? []);
    return found.length < runs.length ? [] : found;
  };
  const [first, second] = [values(before), values(after)];
  const estimate = first.length > 0 && second.length > 0 ? ratioOfMedians(first, second) : undefined;
  return {
    metric: metric.name,
    unit: metric.unit,
    better: metric.better,
    baselineRepeats: first.length,
    otherRepeats: second.length,
    baseline: first.length > 0 ? median(first) : null,
    other: second.length > 0 ? median(second) : null,
    ratio: estimate?.ratio ?? null,
    low: estimate?.interval?.[0] ?? null,
    high: estimate?.interval?.[1] ?? null,
    verdict: estimate === undefined ? 'too few repeats' : directed(verdictOf(estimate), metric.better),
  };
}

/** A verdict for a metric of this direction, from one for which less is better. */
function directed(verdict: Verdict, better: Metric['better']): Verdict {
  if (better === 'lower') return verdict;
  if (verdict === 'faster') return 'slower';
  return verdict === 'slower' ? 'faster' : verdict;
}

function settingNotes([before]: readonly ComparedRun[], [after]: readonly ComparedRun[]): string[] {
  if (before === undefined || after === undefined) return [];
  const ignored = new Set(['experiment', 'title', 'figure', 'scale', 'verify', 'repeat']);
  const differing = Object.entries(before.spec).flatMap(([name, value]) => {
    const other: unknown = Object.entries(after.spec).find(([key]) => key === name)?.[1];
    const isSame = ignored.has(name) || isDeepStrictEqual(value, other);
    return isSame ? [] : [`${name} (${JSON.stringify(value)}, ${JSON.stringify(other)})`];
  });
  return differing.length === 0 ? [] : [`Settings differ: ${differing.join('; ')}.`];
}

const PROVENANCE = {
  cpu: 'Machines differ: processor',
  cores: 'Machines differ: cores',
  kernel: 'Machines differ: kernel',
  node: 'Machines differ: Node',
  code: 'Code differs: sources',
  commit: 'Code differs: commit',
  dirty: 'Code differs: uncommitted changes',
} as const satisfies Partial<Record<keyof Provenance, string>>;

function provenanceNotes(baseline: Side, other: Side): string[] {
  return (Object.keys(PROVENANCE) as (keyof typeof PROVENANCE)[]).flatMap((field) => {
    const [first, second] = [baseline, other].map(({ runs }) =>
      [...new Set(runs.map(({ provenance }) => String(provenance[field] ?? 'unknown')))].sort().join(', '),
    );
    return first === second ? [] : [`${PROVENANCE[field]} (${first}; ${second}).`];
  });
}
