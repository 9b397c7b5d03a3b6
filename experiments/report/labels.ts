/**
 * What tells the runs of a table or a chart apart: each run is named by the settings in which it differs from the others, whichever
 * these are, and by nothing that they share.
 */
import { createHash } from 'node:crypto';
import {
  formatCount,
  formatMagnitude,
  formatNumber,
  formatPower,
  formatShortCount,
  plural,
} from '../config/quantity.ts';
import type { ConfigurationSpec, RunSpec } from '../config/run-spec.ts';

/** A setting in which runs may differ. */
export interface Dimension {
  /** What it is: `number of bins`. */
  readonly name: string;
  /** The value of a run, exactly. */
  readonly of: (spec: RunSpec) => string | number;
  /** Whether the value means anything for a run: a native run has no bins. */
  readonly matters: (spec: RunSpec) => boolean;
  /** The value with its noun: `4096 bins (2¹²)`. */
  readonly long: (spec: RunSpec) => string;
  /** The value alone: `2¹²`. */
  readonly short: (spec: RunSpec) => string;
}

const seconds = (value: number): string => `${formatNumber(value)} s`;

const isMigratable = ({ workload }: RunSpec): boolean => workload.variant === 'megaphone';

const migrates = (spec: RunSpec): boolean => isMigratable(spec) && spec.migrations.length > 0;

/** A setting whose value is told by one text. */
function worded(
  name: string,
  long: (spec: RunSpec) => string,
  matters: Dimension['matters'] = () => true,
  of: Dimension['of'] = long,
): Dimension {
  return { name, of, matters, long, short: long };
}

/** All settings of every workload, but for workload, variant and strategy, which names put first; most telling first. */
const DIMENSIONS: readonly Dimension[] = [
  worded('engine', engineLabel),
  {
    name: 'number of bins',
    of: ({ binShift }) => binShift,
    matters: isMigratable,
    long: ({ binShift }) => binsLabel(binShift),
    short: ({ binShift }) => formatPower(2, binShift),
  },
  {
    name: 'number of keys',
    of: ({ workload }) => workload.domain,
    matters: ({ workload }) => workload.domain > 0,
    long: ({ workload }) => plural(workload.domain, 'key'),
    short: ({ workload }) => formatShortCount(workload.domain),
  },
  {
    name: 'offered rate',
    of: ({ ratePerSecond }) => ratePerSecond,
    matters: () => true,
    long: ({ ratePerSecond }) => `${formatMagnitude(ratePerSecond)} records/s`,
    short: ({ ratePerSecond }) => `${formatShortCount(ratePerSecond)}/s`,
  },
  {
    name: 'topology',
    of: ({ topology }) => [`${topology.processes}x${topology.workers}`, ...(topology.hosts ?? [])].join(' '),
    matters: () => true,
    long: topologyLabel,
    short: ({ topology }) => `${topology.processes}×${topology.workers}`,
  },
  worded('hand-off', ({ handoff }) => `hand-off by ${handoff}`, migrates),
  worded('memory touched first', ({ preTouch }) => `preTouch ${preTouch}`, isMigratable),
  worded('initial configuration', ({ initial }) => `initially ${configurationLabel(initial)}`, isMigratable),
  worded(
    'migrations',
    ({ migrations }) => migrations.map(({ atS, to }) => `${configurationLabel(to)} at ${seconds(atS)}`).join(', '),
    migrates,
    ({ migrations }) => JSON.stringify(migrations),
  ),
  worded(
    'length of the schedule',
    ({ durationS }) => seconds(durationS),
    undefined,
    ({ durationS }) => durationS,
  ),
  worded(
    'warm-up',
    ({ warmUpS }) => `warm-up ${seconds(warmUpS)}`,
    undefined,
    ({ warmUpS }) => warmUpS,
  ),
  worded('latency', ({ recordLatency }) => `latency of ${recordLatency === true ? 'frontier and record' : 'frontier'}`),
  worded('seed', ({ seed }) => `seed ${seed}`),
  worded('tick', ({ tickNs }) => `ticks of ${formatCount(tickNs)} ns`),
  worded('lookahead', ({ lookaheadTicks }) => `lookahead ${formatCount(lookaheadTicks)} ticks`, isMigratable),
];

/** The strategy as one of the settings, for runs without migration. */
const STRATEGY = worded('strategy', strategyLabel);

/** What is in the file of a plug-in, which tells runs apart that only an edited file does. */
const PLUG_IN = worded(
  'workload file',
  ({ workload }) => `file ${workload.plugIn?.digest.slice(0, 6) ?? ''}`,
  ({ workload }) => workload.plugIn !== undefined,
  ({ workload }) => workload.plugIn?.digest ?? '',
);

/** `4096 bins (2¹²)`. */
export function binsLabel(binShift: number): string {
  return `${formatNumber(2 ** binShift)} bins (${formatPower(2, binShift)})`;
}

/** What runs the dataflow: `TypeScript`, `timely dataflow`. */
export function engineLabel({ engine }: RunSpec): string {
  if (engine === undefined) return 'TypeScript';
  return engine.progressMode === 'eager' ? 'timely dataflow' : `timely dataflow (${engine.progressMode})`;
}

/** `1 process × 2 workers`. */
export function topologyLabel({ topology }: RunSpec): string {
  const hosts = topology.hosts === undefined ? '' : ` on ${topology.hosts.join(', ')}`;
  return `${plural(topology.processes, 'process', 'processes')} × ${plural(topology.workers, 'worker')}${hosts}`;
}

/** The workload's name as the paper writes it: `key-count`, `Q3`. */
export function workloadLabel({ workload }: RunSpec): string {
  return workload.plugIn === undefined && /^q\d$/u.test(workload.name) ? workload.name.toUpperCase() : workload.name;
}

/** A parameter's name in words: `time dilation` for `timeDilation`. */
export function parameterLabel(name: string): string {
  return name.replaceAll(/([A-Z])/gu, (letter) => ` ${letter.toLowerCase()}`);
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
  if (!isMigratable(spec)) return 'native';
  return spec.migrations.length === 0 ? 'no migration' : strategyLabel(spec);
}

/** The owners of an explicit configuration when they are few, or else a mark by which two of them can be told apart. */
function configurationLabel(spec: ConfigurationSpec): string {
  switch (spec.name) {
    case 'one-worker':
      return `${spec.name} (${spec.worker})`;
    case 'scale-out':
    case 'scale-in':
      return `${spec.name} (${spec.workers})`;
    case 'explicit': {
      const owners = spec.owners.join(' ');
      return `${spec.name} (${owners.length <= 16 ? owners : createHash('sha256').update(owners).digest('hex').slice(0, 6)})`;
    }
    default:
      return spec.name;
  }
}

/** One dimension per parameter that a workload of the runs has. */
function parameterDimensions(specs: readonly RunSpec[]): Dimension[] {
  const names = new Set(specs.flatMap(({ workload }) => Object.keys(workload.parameters)));
  return [...names].map((name) => ({
    name: parameterLabel(name),
    of: ({ workload }) => workload.parameters[name] ?? 0,
    matters: ({ workload }) => name in workload.parameters,
    long: ({ workload }) => `${parameterLabel(name)} ${formatMagnitude(workload.parameters[name] ?? 0)}`,
    short: ({ workload }) => formatShortCount(workload.parameters[name] ?? 0),
  }));
}

/** The dimensions in which the runs differ for which they matter. */
export function varyingDimensions(specs: readonly RunSpec[]): Dimension[] {
  return [...DIMENSIONS, ...parameterDimensions(specs)].filter(
    (dimension) => new Set(specs.filter((spec) => dimension.matters(spec)).map((spec) => dimension.of(spec))).size > 1,
  );
}

/**
 * One name per run, from what differs between them: workload, kind, then dimensions. The kind is left out when all migratable runs
 * share it and something else tells them apart. Different measurements have different names; repeats have the same.
 */
export function measurementLabels(specs: readonly RunSpec[]): string[] {
  const varying = varyingDimensions(specs);
  const severalWorkloads = new Set(specs.map((spec) => spec.workload.name)).size > 1;
  const severalKinds = new Set(specs.filter(isMigratable).map(kindLabel)).size > 1;
  const names = specs.map((spec) => {
    const parts = varying.filter(({ matters }) => matters(spec)).map((dimension) => exactly(dimension, spec, specs));
    if (!isMigratable(spec) || severalKinds || (parts.length === 0 && !severalWorkloads))
      parts.unshift(kindLabel(spec));
    if (severalWorkloads) parts.unshift(workloadLabel(spec));
    return parts.join(', ');
  });
  return names.map((name, index) => {
    const same = specs.filter((_, other) => names[other] === name);
    const spec = specs[index]!;
    // Settings without a meaning, such as the bins of native runs, are all that is left to tell these apart.
    const rest = [PLUG_IN, STRATEGY, ...DIMENSIONS].filter(({ of }) => new Set(same.map(of)).size > 1);
    return [name, ...rest.map((dimension) => exactly(dimension, spec, same))].join(', ');
  });
}

/** The value in words, or in digits when rounding would give two values of the runs the same words. */
function exactly({ name, of, long }: Dimension, spec: RunSpec, specs: readonly RunSpec[]): string {
  const isClear = specs.every((other) => of(other) === of(spec) || long(other) !== long(spec));
  return isClear ? long(spec) : `${name} ${of(spec)}`;
}

/** A label for each run, in order: what sets it apart, and its repeat number where there are several. */
export function runLabels(specs: readonly RunSpec[]): string[] {
  const repeated = specs.some(({ repeat }) => repeat > 1);
  return measurementLabels(specs).map((label, index) => (repeated ? `${label}, #${specs[index]!.repeat}` : label));
}
