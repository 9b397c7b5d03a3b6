/** The rules of a run that need more than one value of its config. */
import { LONGEST_RUN_TICKS } from 'megaphone-engine';
import { balanced, planMigration, PlanningError, type Configuration } from 'megaphone-engine/planning';
import { defaultHeapBytes } from 'megaphone-engine/runtime';
import { workloads } from '../../workloads/index.ts';
import { RateSchedule, ScheduleError } from '../load/schedule.ts';
import { estimateMemory, type MachineMemory, type MemoryEstimate } from './memory.ts';
import { formatBytes } from './quantity.ts';
import { ownersOf, peersOf, plannedStrategy } from './owners.ts';
import type { ConfigurationSpec, RunSpec } from './run-spec.ts';
import type { Path } from './tree.ts';
import { workloadOf } from './workload-of.ts';

/** Ticks of the shortest run: with fewer, logical time would decide its latencies. */
const LEAST_TICKS = 1000;

/** Most workers of a run, over all its processes: one machine has to start them all. */
const MOST_WORKERS = 1024;

/** What is wrong with a run, and with which of its values. */
export interface Fault {
  /** Path of the value in the config. */
  readonly path: Path;
  /** What was found and what was expected. */
  readonly problem: string;
}

/** The first fault of a run, or undefined; `memory` is what it has to fit in. */
export function checkRun(spec: RunSpec, memory: MachineMemory): Fault | undefined {
  return (
    checkTopology(spec) ??
    checkEngine(spec) ??
    checkParameters(spec) ??
    checkLatency(spec) ??
    checkTimes(spec) ??
    checkMigrations(spec) ??
    checkConfigurations(spec, memory)
  );
}

function checkTopology({ topology }: RunSpec): Fault | undefined {
  const { processes, workers } = topology;
  if (processes * workers <= MOST_WORKERS) return undefined;
  const problem = `${processes} processes of ${workers} workers are ${processes * workers} workers; expected at most ${MOST_WORKERS}`;
  return { path: ['topology', 'processes'], problem };
}

/** What timely dataflow has no counterpart of. */
function checkEngine({ engine, workload, recordLatency, handoff }: RunSpec): Fault | undefined {
  if (engine === undefined) return undefined;
  const only = 'on engine: timely; expected';
  if (workload.plugIn !== undefined) {
    return { path: ['workload'], problem: `${workload.name} does not run ${only} one of the workloads of the project` };
  }
  if (recordLatency === true) return { path: ['latency'], problem: `there are no record latencies ${only} frontier` };
  if (handoff === 'share') return { path: ['handoff'], problem: `nothing is shared ${only} copy` };
  return undefined;
}

function checkParameters({ workload, tickNs }: RunSpec): Fault | undefined {
  const [name, problem] = workloadOf(workload).description.check?.(workload.parameters, tickNs) ?? [];
  return name === undefined || problem === undefined ? undefined : { path: ['workload', 'parameters', name], problem };
}

function checkLatency({ workload, recordLatency }: RunSpec): Fault | undefined {
  if (recordLatency !== true || workloadOf(workload).description.canNumber === true) return undefined;
  const able = Object.entries(workloads).filter(([, { description }]) => description.canNumber === true);
  const problem =
    `${workload.name} has no result for each record, which record latencies need; expected frontier, or ` +
    `one of the workloads ${able.map(([name]) => name).join(', ')}`;
  return { path: ['latency'], problem };
}

function checkTimes({ durationS, warmUpS, tickNs, lookaheadTicks, ratePerSecond }: RunSpec): Fault | undefined {
  if (durationS <= 0) return { path: ['duration'], problem: 'expected a duration above zero, found 0 s' };
  if (!Number.isInteger(tickNs) || tickNs < 1) {
    return { path: ['tick'], problem: `expected a whole number of nanoseconds from 1, found ${tickNs} ns` };
  }
  if (tickNs * LEAST_TICKS > durationS * 1e9) {
    const problem = `ticks of ${tickNs / 1e9} s divide a run of ${durationS} s into less than ${LEAST_TICKS}; expected a shorter tick`;
    return { path: ['tick'], problem };
  }
  const lookaheadS = (lookaheadTicks * tickNs) / 1e9;
  if (lookaheadS >= durationS) {
    return { path: ['lookahead'], problem: `${lookaheadS} s is not shorter than the run (${durationS} s)` };
  }
  const lastTick = (durationS * 1e9) / tickNs + lookaheadTicks;
  if (lastTick > LONGEST_RUN_TICKS) {
    const longestS = Math.floor(((LONGEST_RUN_TICKS - lookaheadTicks) * tickNs) / 1e9);
    const problem =
      `${durationS} s are more than timestamps can count (${LONGEST_RUN_TICKS} ticks of ${tickNs} ns); ` +
      `expected at most ${longestS} s, or a longer tick`;
    return { path: ['duration'], problem };
  }
  if (2 * warmUpS >= durationS) {
    const problem = `${warmUpS} s at the start and at the end leave nothing of a run of ${durationS} s`;
    return { path: ['warmUp'], problem };
  }
  return checkRate(ratePerSecond, durationS, tickNs);
}

function checkRate(ratePerSecond: number, durationS: number, tickNs: number): Fault | undefined {
  const path = ['rate'];
  if (ratePerSecond * durationS < 1) {
    return { path, problem: `${ratePerSecond} records/s send nothing within ${durationS} s` };
  }
  if (ratePerSecond > Number.MAX_SAFE_INTEGER) {
    return { path, problem: `expected at most ${Number.MAX_SAFE_INTEGER} records/s, found ${ratePerSecond}` };
  }
  if (!Number.isInteger(ratePerSecond)) {
    return { path, problem: `expected a whole number of records/s, found ${ratePerSecond}` };
  }
  try {
    new RateSchedule(ratePerSecond, durationS, tickNs);
    return undefined;
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return { path, problem: error.message };
  }
}

function checkMigrations({ workload, migrations, durationS, warmUpS }: RunSpec): Fault | undefined {
  if (workload.variant === 'native' && migrations.length > 0) {
    const number = migrations.length === 1 ? '1 migration is' : `${migrations.length} migrations are`;
    const problem = `native state cannot migrate, but ${number} asked for; expected megaphone, or migrations: []`;
    return { path: ['workload', 'variant'], problem };
  }
  const lastS = durationS - warmUpS;
  for (const [index, { atS }] of migrations.entries()) {
    const path = ['migrations', index, 'at'];
    const expected = `expected a time from ${warmUpS} s to ${lastS} s`;
    if (atS > durationS) return { path, problem: `${atS} s is after the end of the run (${durationS} s); ${expected}` };
    if (atS < warmUpS) return { path, problem: `${atS} s is in the warm-up (${warmUpS} s); ${expected}` };
    if (atS > lastS) return { path, problem: `${atS} s is in the last ${warmUpS} s of the run; ${expected}` };
    const before = migrations[index - 1];
    if (before !== undefined && atS <= before.atS) {
      return { path, problem: `${atS} s is not after the migration before it (${before.atS} s)` };
    }
  }
  return undefined;
}

function checkConfigurations(spec: RunSpec, memory: MachineMemory): Fault | undefined {
  const peers = peersOf(spec);
  const configurations: Configuration[] = [];
  const targets: (readonly [Path, ConfigurationSpec])[] = [
    [['initial'], spec.initial],
    ...spec.migrations.map(({ to }, index) => [['migrations', index, 'to'], to] as const),
  ];
  for (const [path, target] of targets) {
    try {
      const current = configurations.at(-1) ?? balanced(spec.binShift, peers);
      configurations.push(ownersOf(target, current, spec.binShift, peers));
    } catch (error) {
      if (!(error instanceof PlanningError)) throw error;
      return { path, problem: `expected ${error.finding.expected}, found ${error.finding.found}` };
    }
  }
  const gapFault = checkGaps(spec, configurations);
  if (gapFault !== undefined) return gapFault;
  const estimate = estimateMemory(spec, configurations);
  return checkHeap(spec, estimate, memory) ?? checkMemory(spec, estimate, memoryOfHosts(spec, memory));
}

/** The memory of all hosts, each taken to have as much as this one. */
function memoryOfHosts({ topology }: RunSpec, { availableBytes, totalBytes }: MachineMemory): MachineMemory {
  const hosts = new Set((topology.hosts ?? ['']).map((host) => host.split(':')[0])).size;
  return { availableBytes: hosts * availableBytes, totalBytes: hosts * totalBytes };
}

/** Whether the waits between steps fit into the time until the next migration, or the end. */
function checkGaps(spec: RunSpec, configurations: readonly Configuration[]): Fault | undefined {
  const { strategy, migrations, durationS, tickNs } = spec;
  if (strategy.gapMs === 0) return undefined;
  for (const [index, { atS }] of migrations.entries()) {
    const { steps } = planMigration(
      configurations[index]!,
      configurations[index + 1]!,
      plannedStrategy(strategy, tickNs),
    );
    const waitS = ((steps.length - 1) * strategy.gapMs) / 1e3;
    const next = migrations[index + 1];
    const leftS = (next?.atS ?? durationS) - atS;
    if (waitS < leftS) continue;
    const until = next === undefined ? 'the end of the run' : 'the next migration';
    const problem =
      `the ${steps.length} steps of migration ${index} wait ${waitS} s in all, but only ${leftS} s are left until ${until}; ` +
      `expected a shorter gap, or fewer steps`;
    return { path: ['strategy', 'gap'], problem };
  }
  return undefined;
}

/** Whether the state fits into the heap that the workers of the process share. */
/** Each process has a heap of its own, and in a balanced configuration an equal share of the state. */
function checkHeap(
  { workload, topology }: RunSpec,
  estimate: MemoryEstimate,
  { totalBytes }: MachineMemory,
): Fault | undefined {
  const { stateBytes, migrationBytes, heapBytes } = estimate;
  const roomBytes = topology.processes * defaultHeapBytes(totalBytes);
  if (heapBytes <= roomBytes) return undefined;
  const migrations = migrationBytes > 0 ? ` and ${formatBytes(migrationBytes)} for migrations` : '';
  const needs =
    `needs about ${formatBytes(stateBytes)} for its state${migrations}, but ` +
    `${topology.processes === 1 ? 'a process of this machine holds' : `${topology.processes} processes hold`} ${formatBytes(roomBytes)} of state`;
  if (workload.domain === 0)
    return { path: ['workload'], problem: `${needs}; expected a lower rate or a smaller scale` };
  const fitting = Math.floor((workload.domain * roomBytes) / heapBytes);
  return { path: ['workload', 'domain'], problem: `${needs}; expected at most ${fitting} keys` };
}

function checkMemory(
  { workload }: RunSpec,
  { stateBytes, migrationBytes, oracleBytes, ringBytes, totalBytes }: MemoryEstimate,
  { availableBytes, totalBytes: machineBytes }: MachineMemory,
): Fault | undefined {
  if (totalBytes <= availableBytes) return undefined;
  const areRingsMost = ringBytes > stateBytes + migrationBytes + oracleBytes;
  const parts = [
    `${formatBytes(stateBytes)} of state`,
    ...(migrationBytes > 0 ? [`${formatBytes(migrationBytes)} for migrations`] : []),
    ...(oracleBytes > 0 ? [`${formatBytes(oracleBytes)} to verify`] : []),
    ...(areRingsMost ? [`${formatBytes(ringBytes)} for rings between workers`] : []),
  ];
  const needs =
    `needs about ${formatBytes(totalBytes)} of memory (${parts.join(', ')}), but ` +
    `${formatBytes(availableBytes)} of ${formatBytes(machineBytes)} are available`;
  if (areRingsMost) return { path: ['topology', 'workers'], problem: `${needs}; expected fewer workers` };
  if (workload.domain > 0) {
    return { path: ['workload', 'domain'], problem: `${needs}; expected a smaller domain or scale` };
  }
  return { path: ['workload'], problem: `${needs}; expected a lower rate or a smaller scale` };
}
