/** Programs for the tests with real threads. */
import { readFileSync } from 'node:fs';

import { inspect } from '../../dataflow/operators/inspect.ts';
import { probe } from '../../dataflow/operators/probe.ts';
import { relay } from '../../dataflow/operators/relay.ts';
import { scheduledSource } from '../../dataflow/operators/scheduled-source.ts';
import { source } from '../../dataflow/operators/source.ts';
import { unary } from '../../dataflow/operators/unary.ts';
import { broadcast, exchange, pipeline } from '../../dataflow/pact.ts';
import { Schema } from '../../dataflow/schema.ts';
import type { Scope } from '../../dataflow/scope.ts';
import type { Stream } from '../../dataflow/stream.ts';
import {
  type Bins,
  type ControlDriver,
  controlStream,
  type Handoff,
  type HashedBinning,
  HashTable,
  stateMachine,
} from '../../migration/index.ts';
import { balanced, Controller, imbalanced, planMigration, type StrategyName } from '../../planning/index.ts';
import { CLOSED, FIRST_TICK } from '../../progress/timestamp.ts';
import type { Program } from '../program.ts';
import { keepRows, type TimedRow } from './timed-rows.ts';

const wordSchema = new Schema({ key: 'float64' });
const countSchema = new Schema({ key: 'float64', count: 'float64' });

type Words = Stream<(typeof wordSchema)['columns']>;

/** The input of the programs: `total` records, `perTick` of them in each tick, keys below `domain`. */
export interface WordInput {
  readonly total: number;
  readonly perTick: number;
  readonly domain: number;
}

/** Key of record n. */
export function keyOf(n: number, { domain }: WordInput): number {
  return (Math.imul(n, 0x9e3779b1) >>> 0) % domain;
}

function words(scope: Scope, input: WordInput): Words {
  const { total, perTick } = input;
  return scheduledSource(scope, 'words', wordSchema, {
    schedule: {
      total,
      intendedTick: (n) => Math.floor(n / perTick),
      dueAt: (tick) => Math.min(total, (tick + 1) * perTick),
    },
    records: {
      fill(columns, row, n, stride, count): void {
        for (let i = 0; i < count; i++) columns.key[row + i] = keyOf(n + i * stride, input);
      },
    },
  }).stream;
}

/** Brings equal keys together. */
export const exchanging: Program<WordInput, TimedRow[]> = (scope, input) => {
  const rows: TimedRow[] = [];
  keepRows(relay(words(scope, input), exchange('key')), rows);
  return { result: () => rows };
};

/** What a migrating count is given. */
export interface CountInput extends WordInput {
  readonly strategy: Exclude<StrategyName, 'batched' | 'optimized'>;
  readonly binShift: number;
  readonly handoff: Handoff;
  /** Whether both migrations are carried out once before the clock starts. */
  readonly rehearsed: boolean;
}

/** What a worker of a migrating count returns. */
export interface CountResult {
  /** (key, count) of every record. */
  readonly rows: TimedRow[];
  /** Bins that have left this worker. */
  readonly departed: number;
  /** Steps of the controller that were issued, and completed; worker 0 only. */
  readonly issued: number;
  readonly completed: number;
}

/** Counts words while their bins move away and back. */
export const migratingCount: Program<CountInput, CountResult> = (scope, input) => {
  const { binShift, strategy } = input;
  const home = balanced(binShift, scope.peers);
  const away = imbalanced(binShift, scope.peers);
  const plan = { name: strategy, gapTicks: 0 };
  const there = planMigration(home, away, plan);
  const back = planMigration(away, home, plan);
  const counted = scope.probe();
  const controller = new Controller({
    script: [
      { atTick: 0, plan: there },
      { atTick: 0, plan: back },
    ],
    probe: counted,
    endTick: Math.floor(input.total / input.perTick),
    rehearsal: input.rehearsed ? [there, back] : [],
  });
  const { handoff } = input;
  const driver = (): ControlDriver => controller;
  const control = controlStream(scope, { binShift, initial: home, lookaheadTicks: 500, handoff, driver });
  const state = (bins: Bins<HashedBinning>): HashTable => new HashTable(bins, 1);
  const counts = stateMachine(
    words(scope, input),
    'key',
    control,
    { name: 'count', state, output: countSchema },
    (table, columns, row, output) => {
      const key = columns.key[row]!;
      const out = output.append();
      output.columns.key[out] = key;
      output.columns.count[out] = table.add(key, 1);
    },
  );
  probe(counts.stream, counted);
  const rows: TimedRow[] = [];
  keepRows(counts.stream, rows);
  return {
    ready: () => !counted.lessThan(FIRST_TICK),
    result: () => ({
      rows,
      departed: counts.departures.reduce((sum, { bins }) => sum + bins, 0),
      issued: controller.log.length,
      completed: controller.log.filter(({ completed }) => completed !== null).length,
    }),
  };
};

/** Fails on one worker. */
export const failing: Program<WordInput & { readonly on: number }, null> = (scope, input) => {
  inspect(relay(words(scope, input), exchange('key')), function refuseRecords() {
    if (scope.worker === input.on) throw new RangeError('cannot take any record');
  });
  return { result: () => null };
};

/** Builds one operator more on the last worker. */
export const different: Program<WordInput, null> = (scope, input) => {
  const stream = words(scope, input);
  if (scope.worker === scope.peers - 1) relay(stream, exchange('key'));
  return { result: () => null };
};

/** Fails while it builds its graph. */
export const unbuildable: Program<WordInput, null> = (scope, input) => {
  relay(words(scope, input), exchange('kye' as 'key'));
  return { result: () => null };
};

/** Worker 0 is ready at once, the others when a record of the last worker has come to them over every worker. */
export const readyOnEcho: Program<null, number> = (scope) => {
  const call = source(scope, 'call', wordSchema, (output) => ({
    step() {
      if (scope.worker === scope.peers - 1) {
        output.at(0);
        output.columns.key[output.append()] = 1;
      }
      return CLOSED;
    },
  }));
  const rows: TimedRow[] = [];
  keepRows(relay(relay(call, broadcast), broadcast), rows);
  return { ready: () => scope.worker === 0 || rows.length === scope.peers, result: () => rows.length };
};

/** Never ends by itself. */
export const endless: Program<null, null> = (scope) => {
  relay(
    source(scope, 'silent', wordSchema, () => ({ step: () => CLOSED - 1 })),
    exchange('key'),
  );
  return { result: () => null };
};

/** Holds its first time forever, so that its source has to pause. */
export const stalling: Program<null, null> = (scope) => {
  unary(
    words(scope, { total: 1e9, perTick: 1, domain: 10 }),
    pipeline,
    { name: 'holder', output: wordSchema },
    ({ output }) => {
      output.hold(0);
      return () => {};
    },
  );
  return { result: () => null };
};

/** Time on a processor and time passed, of one worker, both in ns. */
export interface IdleResult {
  readonly cpuNs: number;
  readonly wallNs: number;
  readonly records: number;
}

/** Records with gaps of 300 ms between them, at ticks of 1 microsecond: the workers have next to nothing to do. */
export const idling: Program<{ readonly records: number }, IdleResult> = (scope, { records }) => {
  const gap = 300_000;
  const { stream } = scheduledSource(scope, 'rare', wordSchema, {
    schedule: {
      total: records,
      intendedTick: (n) => n * gap,
      dueAt: (tick) => (tick < 0 ? 0 : Math.min(records, Math.floor(tick / gap) + 1)),
    },
    records: {
      fill(columns, row, n, stride, count): void {
        for (let i = 0; i < count; i++) columns.key[row + i] = n + i * stride;
      },
    },
  });
  const rows: TimedRow[] = [];
  keepRows(relay(stream, exchange('key')), rows);
  let cpuNs = 0;
  let startedMs = 0;
  return {
    started(): void {
      cpuNs = threadCpuNs();
      startedMs = performance.now();
    },
    result: () => ({
      cpuNs: threadCpuNs() - cpuNs,
      wallNs: (performance.now() - startedMs) * 1e6,
      records: rows.length,
    }),
  };
};

/** Nanoseconds that the calling thread has spent on a processor. */
function threadCpuNs(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]);
}
