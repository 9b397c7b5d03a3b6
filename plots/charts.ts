/** Which charts a set of runs gives. */
import type { TopLevelSpec } from 'vega-lite';
import type { RunSpec } from '../experiments/config/run-spec.ts';
import type { RatesFile, SustainedRate } from '../experiments/results/rates-file.ts';
import type { Run } from '../experiments/results/run-reader.ts';
import { ccdf } from './ccdf.ts';
import { maxVsDuration } from './max-vs-duration.ts';
import { maxVsRate } from './max-vs-rate.ts';
import { memory } from './memory.ts';
import { groupRuns, type GroupOrder, type RunGroup } from './run-group.ts';
import { timeline } from './timeline.ts';

/** A chart and what its files are called. */
export interface Chart {
  /** Name without extension: `<experiment>-<figure>-<scale>`. */
  readonly name: string;
  /** The specification, data included. */
  readonly spec: TopLevelSpec;
}

type Specify = (groups: readonly RunGroup[], rates: readonly SustainedRate[]) => TopLevelSpec;

const specify: Readonly<Record<RunSpec['figure'], Specify>> = {
  timeline,
  ccdf,
  memory,
  'max-vs-duration': maxVsDuration,
  'max-vs-rate': maxVsRate,
};

/** How to draw the charts of an experiment. */
export interface ChartOptions {
  /** The kind of all charts; by default each run's own. */
  readonly figure?: RunSpec['figure'] | undefined;
  /** The order of panels and lines: that of the runs, or by default sorted. */
  readonly order?: GroupOrder;
  /** The highest rates that a search has found for the experiment, which charts over the rate mark. */
  readonly rates?: RatesFile | undefined;
}

/** Whether the rows of a run's chart are there: distributions (`ccdf.csv`) are not kept with reference results. */
export function hasRows({ spec, ccdf }: Run, figure: RunSpec['figure'] = spec.figure): boolean {
  return figure !== 'ccdf' || ccdf.length > 0;
}

/**
 * The charts of an experiment's complete runs, by name: one per scale and figure, since runs of different scales cannot
 * be compared, and a config may have changed its figure between runs.
 *
 * @throws {ResultsError} when there is nothing to mark in a chart of maxima.
 */
export function charts(runs: readonly Run[], { figure, order, rates }: ChartOptions = {}): Chart[] {
  const byName = new Map<string, Run[]>();
  for (const made of runs) {
    const run = figure === undefined ? made : { ...made, spec: { ...made.spec, figure } };
    const name = `${run.spec.experiment}-${run.spec.figure}-${run.spec.scale}`;
    byName.set(name, [...(byName.get(name) ?? []), run]);
  }
  return [...byName.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, own]) => {
      const [first] = own;
      if (first === undefined) return [];
      const marked = rates?.scale === first.spec.scale ? rates.rates : [];
      return [{ name, spec: specify[first.spec.figure](groupRuns(own, order), marked) }];
    });
}
