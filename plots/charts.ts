/** Which charts a set of runs gives. */
import type { TopLevelSpec } from 'vega-lite';
import type { RunSpec } from '../experiments/config/run-spec.ts';
import type { Run } from '../experiments/results/run-reader.ts';
import { ccdf } from './ccdf.ts';
import { maxVsDuration } from './max-vs-duration.ts';
import { maxVsRate } from './max-vs-rate.ts';
import { memory } from './memory.ts';
import { groupRuns, type RunGroup } from './run-group.ts';
import { timeline } from './timeline.ts';

/** A chart and what its files are called. */
export interface Chart {
  /** Name without extension: `<experiment>-<figure>-<scale>`. */
  readonly name: string;
  /** The specification, data included. */
  readonly spec: TopLevelSpec;
}

const specify: Readonly<Record<RunSpec['figure'], (groups: readonly RunGroup[]) => TopLevelSpec>> = {
  timeline,
  ccdf,
  memory,
  'max-vs-duration': maxVsDuration,
  'max-vs-rate': maxVsRate,
};

/**
 * The charts of an experiment's complete runs, by name: one per scale and figure, since runs of different scales cannot
 * be compared, and a config may have changed its figure between runs.
 *
 * @param figure - the kind of all charts; by default each run's own
 * @throws {ResultsError} when there is nothing to mark in a chart of maxima.
 */
export function charts(runs: readonly Run[], figure?: RunSpec['figure']): Chart[] {
  const byName = new Map<string, Run[]>();
  for (const made of runs) {
    const run = figure === undefined ? made : { ...made, spec: { ...made.spec, figure } };
    const name = `${run.spec.experiment}-${run.spec.figure}-${run.spec.scale}`;
    byName.set(name, [...(byName.get(name) ?? []), run]);
  }
  return [...byName.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, [first, ...rest]]) =>
      first === undefined ? [] : [{ name, spec: specify[first.spec.figure](groupRuns([first, ...rest])) }],
    );
}
