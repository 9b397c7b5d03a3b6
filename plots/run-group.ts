/** Runs as charts see them: repeats of one resolved run form a group. */
import { runId } from '../experiments/config/run-id.ts';
import type { RunSpec } from '../experiments/config/run-spec.ts';
import { kindLabel, measurementLabels } from '../experiments/report/labels.ts';
import type { Run } from '../experiments/results/run-reader.ts';

/** The repeats of one resolved run. */
export interface RunGroup {
  /** The resolved run; its repeat number is that of the first repeat. */
  readonly spec: RunSpec;
  /** The repeats that are complete, by repeat number; never empty. */
  readonly repeats: readonly [Run, ...Run[]];
}

const kinds = ['all-at-once', 'fluid', 'batched', 'optimized', 'no migration', 'native'];

function kindRank(spec: RunSpec): number {
  return kinds.findIndex((kind) => kindLabel(spec).startsWith(kind));
}

function engineRank({ engine }: RunSpec): number {
  return engine === undefined ? 0 : 1;
}

/** In which order groups stand: as their runs are given, or sorted. */
export type GroupOrder = 'given' | 'sorted';

/**
 * Groups runs by everything but their repeat number. Sorted, groups stand by workload, strategy (in the paper's order,
 * runs without migration and native ones last), bins, keys, rate and engine, whatever the order of `runs`.
 */
export function groupRuns(runs: readonly Run[], order: GroupOrder = 'sorted'): RunGroup[] {
  const groups = inGivenOrder(runs);
  return order === 'given' ? groups : sorted(groups);
}

function inGivenOrder(runs: readonly Run[]): RunGroup[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = runId({ ...run.spec, repeat: 1 });
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...rest] = group.toSorted((a, b) => a.spec.repeat - b.spec.repeat);
    return first === undefined ? [] : [{ spec: first.spec, repeats: [first, ...rest] } as const];
  });
}

function sorted(groups: readonly RunGroup[]): RunGroup[] {
  return groups.toSorted(
    ({ spec: a, repeats: [firstOfA] }, { spec: b, repeats: [firstOfB] }) =>
      a.workload.name.localeCompare(b.workload.name, 'en') ||
      kindRank(a) - kindRank(b) ||
      kindLabel(a).localeCompare(kindLabel(b), 'en', { numeric: true }) ||
      a.binShift - b.binShift ||
      a.workload.domain - b.workload.domain ||
      a.ratePerSecond - b.ratePerSecond ||
      engineRank(a) - engineRank(b) ||
      firstOfA.id.localeCompare(firstOfB.id, 'en'),
  );
}

/** The names of groups as `measurementLabels` gives them, with a mark on those of which a repeat was overloaded. */
export function markedNames(groups: readonly RunGroup[]): string[] {
  const names = measurementLabels(groups.map(({ spec }) => spec));
  return groups.map(({ repeats }, index) => {
    const isValid = repeats.every(({ summary }) => summary.valid);
    return `${names[index] ?? ''}${isValid ? '' : ': overload'}`;
  });
}
