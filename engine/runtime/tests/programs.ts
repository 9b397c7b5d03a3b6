/** Programs for the tests with real threads. */
import { readFileSync } from 'node:fs';

import { exchange } from '../../dataflow/operators/exchange.ts';
import { inspect } from '../../dataflow/operators/inspect.ts';
import { scheduledSource } from '../../dataflow/operators/scheduled-source.ts';
import { source } from '../../dataflow/operators/source.ts';
import { Schema } from '../../dataflow/schema.ts';
import type { Scope } from '../../dataflow/scope.ts';
import type { Stream } from '../../dataflow/stream.ts';
import {
  type ControlDriver,
  controlStream,
  type HashedBinning,
  HashTable,
  stateMachine,
} from '../../migration/index.ts';
import { balanced, Controller, imbalanced, planMigration, type StrategyName } from '../../planning/index.ts';
import type { Probe } from '../../progress/probe.ts';
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
  keepRows(exchange(words(scope, input), 'key'), rows);
  return { result: () => rows };
};

/** What a migrating count is given. */
export interface CountInput extends WordInput {
  readonly strategy: Exclude<StrategyName, 'batched' | 'optimized'>;
  readonly binShift: number;
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
  let probe: Probe | null = null;
  let controller: Controller | null = null;
  const driver = (): ControlDriver => {
    const script = [
      { at: FIRST_TICK, plan: planMigration(home, away, plan) },
      { at: FIRST_TICK, plan: planMigration(away, home, plan) },
    ];
    controller = new Controller(script, () => probe!, FIRST_TICK + Math.floor(input.total / input.perTick));
    return controller;
  };
  const control = controlStream(scope, { binShift, initial: home, lookaheadTicks: 500, driver });
  const counts = stateMachine(words(scope, input), control, {
    name: 'count',
    key: 'key',
    state: (binning: HashedBinning) => new HashTable(binning, 1),
    output: countSchema,
    fold(table, columns, row, output): void {
      const key = columns.key[row]!;
      const out = output.append();
      output.columns.key[out] = key;
      output.columns.count[out] = table.add(key, 1);
    },
  });
  probe = counts.probe;
  const rows: TimedRow[] = [];
  keepRows(counts.stream, rows);
  return {
    result: () => ({
      rows,
      departed: counts.departures.reduce((sum, { bins }) => sum + bins, 0),
      issued: controller?.log.length ?? 0,
      completed: controller?.log.filter(({ completed }) => completed !== null).length ?? 0,
    }),
  };
};

/** Fails on one worker. */
export const failing: Program<WordInput & { readonly on: number }, null> = (scope, input) => {
  inspect(exchange(words(scope, input), 'key'), function refuseRecords() {
    if (scope.worker === input.on) throw new RangeError('cannot take any record');
  });
  return { result: () => null };
};

/** Builds one operator more on the last worker. */
export const different: Program<WordInput, null> = (scope, input) => {
  const stream = words(scope, input);
  if (scope.worker === scope.peers - 1) exchange(stream, 'key');
  return { result: () => null };
};

/** Fails while it builds its graph. */
export const unbuildable: Program<WordInput, null> = (scope, input) => {
  exchange(words(scope, input), 'kye' as 'key');
  return { result: () => null };
};

/** Never ends by itself. */
export const endless: Program<null, null> = (scope) => {
  exchange(
    source(scope, 'silent', wordSchema, () => ({ step: () => CLOSED - 1 })),
    'key',
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
  keepRows(exchange(stream, 'key'), rows);
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
