/**
 * Runs as charts see them: repeats of one resolved run form a group, and each group gets a name that says what sets it
 * apart from the other groups of the chart.
 */
import type { RunSpec } from '../experiments/config/run-spec.ts';
import { WORKLOADS } from '../experiments/config/workloads.ts';
import { runId } from '../experiments/config/run-id.ts';
import type { Run } from '../experiments/results/run-reader.ts';
import { formatCount, formatNumber, formatPower, formatShortCount, plural } from './quantity.ts';

/** The repeats of one resolved run. */
export interface RunGroup {
  /** The resolved run; its repeat number is that of the first repeat. */
  readonly spec: RunSpec;
  /** The repeats that are complete, by repeat number; never empty. */
  readonly repeats: readonly [Run, ...Run[]];
}

/** A setting in which the runs of an experiment may differ. */
export interface Dimension {
  /** What it is, for a caption: `number of bins`. */
  readonly name: string;
  /** The value of a run; undefined when it has no meaning for the run. */
  of(spec: RunSpec): string | number | undefined;
  /** The value with its noun, for a title or a legend. */
  long(spec: RunSpec): string;
  /** The value alone, for a mark's label. */
  short(spec: RunSpec): string;
}

const seconds = (value: number): string => `${formatNumber(value)} s`;

/** All settings in which runs may differ apart from strategy and variant, most telling first. */
export const dimensions: readonly Dimension[] = [
  {
    name: 'number of bins',
    of: (spec) => (spec.workload.variant === 'native' ? undefined : spec.binShift),
    long: (spec) => binsLabel(spec.binShift),
    short: (spec) => formatPower(2, spec.binShift),
  },
  {
    name: 'number of keys',
    of: (spec) => (spec.workload.domain === 0 ? undefined : spec.workload.domain),
    long: (spec) => `${formatCount(spec.workload.domain)} keys`,
    short: (spec) => formatShortCount(spec.workload.domain),
  },
  {
    name: 'offered rate',
    of: (spec) => spec.ratePerSecond,
    long: (spec) => `${formatCount(spec.ratePerSecond)} records/s`,
    short: (spec) => `${formatShortCount(spec.ratePerSecond)}/s`,
  },
  {
    name: 'topology',
    of: (spec) => `${spec.topology.processes}x${spec.topology.workers}`,
    long: (spec) => topologyLabel(spec),
    short: (spec) => `${spec.topology.processes}×${spec.topology.workers}`,
  },
  ...(
    [
      ['length of the schedule', (spec) => seconds(spec.durationS)],
      ['warm-up', (spec) => `warm-up ${seconds(spec.warmUpS)}`],
      ['seed', (spec) => `seed ${spec.seed}`],
      ['tick', (spec) => `ticks of ${formatCount(spec.tickNs)} ns`],
      ['lookahead', (spec) => `lookahead ${plural(spec.lookaheadTicks, 'tick')}`],
      ['parameters', (spec) => parametersLabel(spec) || 'default parameters'],
    ] as const satisfies readonly (readonly [string, (spec: RunSpec) => string])[]
  ).map(([name, label]) => ({ name, of: label, long: label, short: label })),
];

/** `4096 bins (2¹²)`. */
export function binsLabel(binShift: number): string {
  return `${formatNumber(2 ** binShift)} bins (${formatPower(2, binShift)})`;
}

/** `1 process × 2 workers`. */
export function topologyLabel({ topology }: RunSpec): string {
  return `${plural(topology.processes, 'process', 'processes')} × ${plural(topology.workers, 'worker')}`;
}

/** The workload's further parameters that differ from their defaults, `time dilation 79`. */
export function parametersLabel({ workload }: RunSpec): string {
  const known = WORKLOADS[workload.name]?.parameters ?? {};
  return Object.entries(workload.parameters)
    .filter(([name, value]) => value !== known[name]?.default)
    .map(
      ([name, value]) => `${name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)} ${formatCount(value)}`,
    )
    .join(', ');
}

/** The workload's name as the paper writes it: `key-count`, `Q3`. */
export function workloadLabel({ workload }: RunSpec): string {
  return /^q\d$/.test(workload.name) ? workload.name.toUpperCase() : workload.name;
}

/** The strategy with its parameters: `optimized (16 bins per pair, gap 50 ms)`. */
export function strategyLabel({ strategy }: RunSpec): string {
  const parameters: string[] = [];
  if (strategy.name === 'batched') parameters.push(`${plural(strategy.binsPerStep, 'bin')} per step`);
  if (strategy.name === 'optimized') parameters.push(`${plural(strategy.binsPerPair, 'bin')} per pair`);
  if (strategy.gapMs > 0) parameters.push(`gap ${formatNumber(strategy.gapMs)} ms`);
  return parameters.length === 0 ? strategy.name : `${strategy.name} (${parameters.join(', ')})`;
}

/** What a run does about migration: its strategy, `no migration`, or `native`. */
export function kindLabel(spec: RunSpec): string {
  if (spec.workload.variant === 'native') return 'native';
  return spec.migrations.length === 0 ? 'no migration' : strategyLabel(spec);
}

const kinds = ['all-at-once', 'fluid', 'batched', 'optimized', 'no migration', 'native'];

function kindRank(spec: RunSpec): number {
  return kinds.findIndex((kind) => kindLabel(spec).startsWith(kind));
}

/**
 * Groups runs by everything but their repeat number. Groups are ordered by workload, strategy (in the paper's order,
 * runs without migration and native ones last), bins, keys and rate; the order of `runs` does not matter.
 */
export function groupRuns(runs: readonly Run[]): RunGroup[] {
  const groups = new Map<string, Run[]>();
  for (const run of [...runs].sort((a, b) => a.spec.repeat - b.spec.repeat)) {
    const key = runId({ ...run.spec, repeat: 1 });
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()]
    .flatMap(([first, ...rest]) =>
      first === undefined ? [] : [{ spec: first.spec, repeats: [first, ...rest] } as const],
    )
    .sort(
      ({ spec: a, repeats: [firstOfA] }, { spec: b, repeats: [firstOfB] }) =>
        a.workload.name.localeCompare(b.workload.name, 'en') ||
        kindRank(a) - kindRank(b) ||
        kindLabel(a).localeCompare(kindLabel(b), 'en', { numeric: true }) ||
        a.binShift - b.binShift ||
        a.workload.domain - b.workload.domain ||
        a.ratePerSecond - b.ratePerSecond ||
        firstOfA.id.localeCompare(firstOfB.id, 'en'),
    );
}

/** The dimensions in which specs differ; values without meaning for a run are passed over. */
export function varyingDimensions(specs: readonly RunSpec[]): Dimension[] {
  return dimensions.filter(
    (dimension) => new Set(specs.map((spec) => dimension.of(spec)).filter((value) => value !== undefined)).size > 1,
  );
}

/**
 * One name per spec, from what differs between them: workload, kind, then dimensions. The kind is left out when all
 * migratable runs share it and something else tells them apart. Names that would be equal get a number.
 */
export function groupNames(specs: readonly RunSpec[]): string[] {
  const varying = varyingDimensions(specs);
  const severalWorkloads = new Set(specs.map((spec) => spec.workload.name)).size > 1;
  const severalKinds = new Set(specs.filter((spec) => spec.workload.variant !== 'native').map(kindLabel)).size > 1;
  const names = specs.map((spec) => {
    const parts = varying
      .filter((dimension) => dimension.of(spec) !== undefined)
      .map((dimension) => dimension.long(spec));
    const isNative = spec.workload.variant === 'native';
    if (isNative || severalKinds || (parts.length === 0 && !severalWorkloads)) parts.unshift(kindLabel(spec));
    if (severalWorkloads) parts.unshift(workloadLabel(spec));
    return parts.join(', ');
  });
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} [${count}]`;
  });
}

/** The names of groups as `groupNames` gives them, with a mark on those of which a repeat was overloaded. */
export function markedNames(groups: readonly RunGroup[]): string[] {
  const names = groupNames(groups.map(({ spec }) => spec));
  return groups.map(({ repeats }, index) => {
    const isValid = repeats.every(({ summary }) => summary.valid);
    return `${names[index] ?? ''}${isValid ? '' : ': overload'}`;
  });
}
