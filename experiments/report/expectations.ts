/** Whether runs are as fast as their configs expect. */
import { formatLatency } from '../config/quantity.ts';
import type { Expectations } from '../config/run-spec.ts';
import type { MigrationSummary } from '../results/run-summary.ts';
import type { Column } from './columns.ts';
import type { FinishedRun } from './finished-run.ts';
import { runLabels } from './labels.ts';

/**
 * What became of an expectation: `not judged` when the run is not valid or has no migrations that it could be about; a run that
 * was to migrate and moved nothing does not meet what is expected of migrations.
 */
export type Outcome = 'met' | 'not met' | 'not judged';

/** One expectation of a run, compared with what was measured. */
export interface ExpectationResult {
  /** The key in the config: `migrationMax`. */
  readonly name: string;
  /** The highest value allowed, in nanoseconds. */
  readonly limitNs: number;
  /** What was measured, in nanoseconds (of migrations: the highest); absent when there is nothing, or no end of it. */
  readonly measuredNs?: number;
  /** Whether it is met. */
  readonly outcome: Outcome;
}

type Measure = (run: FinishedRun) => number | undefined;

const steady =
  (percentile: 'p99Ns' | 'p999Ns' | 'maxNs'): Measure =>
  ({ summary }) =>
    summary.steady.records === 0 ? undefined : summary.steady[percentile];

/** The highest value over the migrations that moved something; undefined when one of all has none. */
const perMigration =
  (valueNs: (migration: MigrationSummary) => number | undefined): Measure =>
  ({ spec, summary }) => {
    const values = summary.migrations.map(valueNs).filter((value) => value !== undefined);
    return values.length === spec.migrations.length ? Math.max(...values) : undefined;
  };

const MEASURES: Readonly<
  Record<keyof Expectations, { readonly name: string; readonly isOfMigrations: boolean; readonly measure: Measure }>
> = {
  p99Ns: { name: 'p99', isOfMigrations: false, measure: steady('p99Ns') },
  p999Ns: { name: 'p999', isOfMigrations: false, measure: steady('p999Ns') },
  maxNs: { name: 'max', isOfMigrations: false, measure: steady('maxNs') },
  migrationMaxNs: {
    name: 'migrationMax',
    isOfMigrations: true,
    // Zero stands for no record, which is no latency.
    measure: perMigration(({ maxNs }) => (maxNs === 0 ? undefined : maxNs)),
  },
  recoveryNs: {
    name: 'recovery',
    isOfMigrations: true,
    measure: perMigration(({ recoveryMs }) => (recoveryMs === undefined ? undefined : recoveryMs * 1e6)),
  },
  durationNs: {
    name: 'duration',
    isOfMigrations: true,
    measure: perMigration(({ durationMs }) => durationMs * 1e6),
  },
};

/** The expectations of a run in the order of the keys above; empty when it has none. */
export function judgeExpectations(run: FinishedRun): ExpectationResult[] {
  const { expect = {}, migrations } = run.spec;
  return (Object.keys(MEASURES) as (keyof Expectations)[]).flatMap((key): ExpectationResult[] => {
    const limitNs = expect[key];
    if (limitNs === undefined) return [];
    const { name, isOfMigrations, measure } = MEASURES[key];
    if (!run.summary.valid || (isOfMigrations && migrations.length === 0)) {
      return [{ name, limitNs, outcome: 'not judged' }];
    }
    const measuredNs = measure(run);
    if (measuredNs === undefined) return [{ name, limitNs, outcome: 'not met' }];
    return [{ name, limitNs, measuredNs, outcome: measuredNs <= limitNs ? 'met' : 'not met' }];
  });
}

/** Columns of a table of expectations. */
export const expectationColumns: readonly Column[] = [
  { heading: 'run', align: 'left' },
  { heading: 'expectation', align: 'left' },
  { heading: 'measured', align: 'right' },
  { heading: 'at most', align: 'right' },
  { heading: '', align: 'left' },
];

/** The rows of a table of the expectations of all runs; empty when there are none. */
export function expectationRows(runs: readonly FinishedRun[]): string[][] {
  const labels = runLabels(runs.map(({ spec }) => spec));
  return runs.flatMap((run, index) =>
    judgeExpectations(run).map(({ name, limitNs, measuredNs, outcome }, row) => [
      row === 0 ? (labels[index] ?? '') : '',
      name,
      measuredNs === undefined ? '-' : formatLatency(measuredNs),
      formatLatency(limitNs),
      outcome,
    ]),
  );
}
