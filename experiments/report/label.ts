/** What tells the runs of a sweep apart. */
import type { RunSpec } from '../config/run-spec.ts';
import { formatCount } from './quantity.ts';

/** A way in which runs can differ, besides their strategy, and how a label says it. */
const DIFFERENCES: readonly ((spec: RunSpec) => string)[] = [
  ({ workload }) => workload.name,
  ({ workload }) =>
    Object.entries(workload.parameters)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ({ workload }) => (workload.domain === 0 ? '' : `${formatCount(workload.domain)} keys`),
  ({ binShift }) => `2^${binShift} bins`,
  ({ ratePerSecond }) => `${formatCount(ratePerSecond)}/s`,
  ({ topology }) => `${topology.processes} x ${topology.workers} workers`,
  ({ durationS }) => `${durationS} s`,
  ({ seed }) => `seed ${seed}`,
];

/** What a run does about migration: its strategy with its parameters, `no migration`, or `native`. */
export function strategyLabel({ workload, migrations, strategy }: RunSpec): string {
  if (workload.variant === 'native') return 'native';
  if (migrations.length === 0) return 'no migration';
  const parameters = [
    ...(strategy.name === 'batched' ? [`${strategy.binsPerStep}/step`] : []),
    ...(strategy.name === 'optimized' ? [`${strategy.binsPerPair}/pair`] : []),
    ...(strategy.gapMs > 0 ? [`gap ${strategy.gapMs} ms`] : []),
  ];
  return parameters.length === 0 ? strategy.name : `${strategy.name} ${parameters.join(' ')}`;
}

/** A label for each run, in order: its strategy, then whatever else differs among the runs, then its repeat number. */
export function runLabels(specs: readonly RunSpec[]): string[] {
  const differing = DIFFERENCES.filter((say) => new Set(specs.map(say)).size > 1);
  const repeated = specs.some(({ repeat }) => repeat > 1);
  return specs.map((spec) =>
    [
      strategyLabel(spec),
      ...differing.map((say) => say(spec)).filter((part) => part !== ''),
      ...(repeated ? [`#${spec.repeat}`] : []),
    ].join(', '),
  );
}
