/** What a comparison of runs looks at: numbers that a run has one of, with their units and which direction is better. */
import { formatBytes, formatLatency, formatShortCount } from '../config/quantity.ts';
import type { Run } from '../results/run-reader.ts';

/** What of a run is compared. */
export type ComparedRun = Pick<Run, 'directory' | 'spec' | 'provenance' | 'summary' | 'scheduler'>;

/** A number of a run. */
export interface Metric {
  /** Its name, with the migration counted from 1: `migration 1 maximum`. */
  readonly name: string;
  /** Unit of its values. */
  readonly unit: 'ns' | 'bytes' | 'records/s';
  /** Which direction is better. */
  readonly better: 'lower' | 'higher';
  /** The value of a run; undefined when the run has none, or zero, which stands for none. */
  readonly of: (run: ComparedRun) => number | undefined;
}

/** All metrics that at least one of the runs has a value of, in the order of a table. */
export function comparedMetrics(runs: readonly ComparedRun[]): Metric[] {
  const migrations = new Set(runs.flatMap(({ summary }) => summary.migrations.map(({ migration }) => migration)));
  const metrics = [
    lower('steady p50', 'ns', ({ summary }) => summary.steady.p50Ns),
    lower('steady p99', 'ns', ({ summary }) => summary.steady.p99Ns),
    lower('steady p99.9', 'ns', ({ summary }) => summary.steady.p999Ns),
    lower('steady max', 'ns', ({ summary }) => summary.steady.maxNs),
    ...[...migrations].sort((a, b) => a - b).flatMap(migrationMetrics),
    lower('RSS peak', 'bytes', ({ summary }) => summary.rssPeakBytes),
    {
      ...lower('throughput', 'records/s', ({ summary, spec }) => summary.completedRecords / spec.durationS),
      better: 'higher' as const,
    },
    lower('workers’ CPU', 'ns', ({ scheduler }) => scheduler.reduce((sum, { onCpuNs }) => sum + onCpuNs, 0)),
  ];
  return metrics.filter(({ of }) => runs.some((run) => of(run) !== undefined));
}

/** A value with its unit, in three significant digits. */
export function formatValue(value: number, unit: Metric['unit']): string {
  switch (unit) {
    case 'ns':
      return formatLatency(value);
    case 'bytes':
      return formatBytes(value);
    default:
      return `${formatShortCount(value)}/s`;
  }
}

function lower(name: string, unit: Metric['unit'], of: (run: ComparedRun) => number | undefined): Metric {
  return {
    name,
    unit,
    better: 'lower',
    of: (run) => {
      const value = of(run);
      return value === 0 ? undefined : value;
    },
  };
}

function migrationMetrics(index: number): Metric[] {
  const find = ({ summary }: ComparedRun) => summary.migrations.find(({ migration }) => migration === index);
  const inNs = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : milliseconds * 1e6);
  const name = `migration ${index + 1}`;
  return [
    lower(`${name} maximum`, 'ns', (run) => find(run)?.maxNs),
    lower(`${name} duration`, 'ns', (run) => inNs(find(run)?.durationMs)),
    lower(`${name} recovery`, 'ns', (run) => inNs(find(run)?.recoveryMs)),
    lower(`${name} bytes`, 'bytes', (run) => find(run)?.bytes),
  ];
}
