/** Numbers that claims take of a run. Times are in milliseconds. */
import type { Run } from '../results/run-reader.ts';
import type { MigrationSummary, RunSummary } from '../results/run-summary.ts';
import { median } from '../stats/median.ts';

/** A number of a run; undefined when the run has none. */
export type Metric = (run: Run) => number | undefined;

const steady =
  (percentile: 'p50Ns' | 'p99Ns' | 'p9999Ns' | 'maxNs'): Metric =>
  ({ summary }) =>
    summary.steady.records === 0 ? undefined : summary.steady[percentile] / 1e6;

/** The paper shows the second migration of a run: the last here. */
const lastMigration =
  (value: (migration: MigrationSummary) => number | undefined): Metric =>
  ({ summary }) => {
    const last = summary.migrations.at(-1);
    return last === undefined ? undefined : value(last);
  };

const migrationMax = lastMigration(({ maxNs }) => (maxNs === 0 ? undefined : maxNs / 1e6));
const migrationDuration = lastMigration(({ durationMs }) => durationMs);

const perKey =
  (metric: Metric): Metric =>
  (run) => {
    const value = metric(run);
    return value === undefined || run.spec.workload.domain === 0 ? undefined : value / run.spec.workload.domain;
  };

/** All metrics by name. */
export const METRICS = {
  p50: steady('p50Ns'),
  p99: steady('p99Ns'),
  p9999: steady('p9999Ns'),
  max: steady('maxNs'),
  migrationMax,
  migrationDuration,
  migrationMaxPerKey: perKey(migrationMax),
  migrationDurationPerKey: perKey(migrationDuration),
  /** Highest resident set, in bytes. */
  rssPeak: ({ summary }) => summary.rssPeakBytes,
  /** Median resident set outside of migrations, in bytes. */
  rssSteady,
} satisfies Readonly<Record<string, Metric>>;

function rssSteady({ memory, summary }: Run): number | undefined {
  const samples = memory.filter(({ timeS }) => !isMigrating(summary, timeS));
  return samples.length === 0 ? undefined : median(samples.map(({ rssBytes }) => rssBytes));
}

function isMigrating({ migrations }: RunSummary, timeS: number): boolean {
  return migrations.some(({ startS, endS, recoveredS }) => timeS >= startS && timeS <= (recoveredS ?? endS));
}
