/**
 * Runs a workload in the seeded simulation and gives its rows in a form that can be compared with the oracle's.
 *
 * The number of seeds per case is 1, or MEGAPHONE_SIMULATIONS when that environment variable is set.
 */
import assert from 'node:assert/strict';

import {
  CLOSED,
  type ColumnTypes,
  type DataflowSettings,
  inspect,
  type Probe,
  probe,
  type Schedule,
  type Scope,
  timestampOf,
} from 'megaphone-engine';
import { type ControlDriver, controlStream, type ControlUpdates, type Departure } from 'megaphone-engine/migration';
import {
  balanced,
  changedBins,
  type Configuration,
  Controller,
  imbalanced,
  oneWorker,
  planMigration,
  type Strategy,
} from 'megaphone-engine/planning';
import { simulate } from 'megaphone-engine/simulation';

import type { BuiltWorkload, Workload, WorkloadInput } from '../workload.ts';

/** Length of a tick of all test inputs, in nanoseconds. */
export const TICK_NS = 1000;

/** Seeds to try per case. */
export const seeds: readonly number[] = Array.from(
  { length: Number(process.env['MEGAPHONE_SIMULATIONS'] ?? 1) },
  (_, i) => i + 1,
);

/** Both transports, with tiny and with larger rings: the smallest ones make every exchange wait for room. */
export const transports = [
  { transport: 'shared-memory', settings: { rows: 8, slots: 2 } },
  { transport: 'links', settings: { rows: 8, slots: 2 } },
  { transport: 'shared-memory', settings: { rows: 256, slots: 8 } },
  { transport: 'links', settings: { rows: 64, slots: 4 } },
] as const satisfies readonly Transport[];

/** All strategies, without and with gaps. */
export const strategies: readonly Strategy[] = [
  { name: 'all-at-once', gapTicks: 0 },
  { name: 'fluid', gapTicks: 0 },
  { name: 'batched', binsPerStep: 3, gapTicks: 7 },
  { name: 'optimized', binsPerPair: 2, gapTicks: 1 },
];

/** What joins the workers, and the sizes of batches and rings. */
export interface Transport {
  /** What joins the workers. */
  readonly transport: 'shared-memory' | 'links';
  /** Sizes of batches and rings. */
  readonly settings: Partial<DataflowSettings>;
}

/** How to run. */
export interface Setting extends Transport {
  /** Workers. */
  readonly peers: number;
  /** Seed of the scheduler. */
  readonly seed: number;
}

/** Migrations of a run. */
export interface Migrations {
  /** There are 2^binShift bins, balanced at the start. */
  readonly binShift: number;
  /** Makes the driver of the control stream; `last` will observe the last migratable operator. */
  readonly driver: (last: Probe) => ControlDriver;
}

/** What a run has produced. */
export interface WorkloadRun {
  /** The rows of all workers, each joined by commas, sorted. */
  readonly rows: readonly string[];
  /** What left the workers, by operator; empty for a native variant. */
  readonly departures: readonly (readonly Departure[])[];
}

/** An input of `events` events, `eventsPerTick` of them in each tick; event time runs `timeDilation` times faster. */
export function testInput(
  events: number,
  eventsPerTick: number,
  seed: number,
  parameters: Readonly<Record<string, number>>,
): WorkloadInput {
  const schedule: Schedule = {
    total: events,
    intendedTick: (n) => Math.floor(n / eventsPerTick),
    dueAt: (tick) => Math.min(events, (tick + 1) * eventsPerTick),
  };
  const ratePerSecond = (eventsPerTick * 1e9) / TICK_NS;
  return { schedule, ratePerSecond, seed, domain: 0, parameters, tickNs: TICK_NS };
}

/** The oracle's rows, in the form of `WorkloadRun.rows`. */
export function expectedRows(workload: Workload, input: WorkloadInput): string[] {
  const rows: string[] = [];
  workload.oracle(input, (columns) => rows.push(columns.join(',')));
  return rows.sort();
}

/** Runs the native variant. */
export function runNative(workload: Workload, input: WorkloadInput, setting: Setting): WorkloadRun {
  return run(workload, input, setting, null);
}

/** Runs the Megaphone variant; `afterStep` is called after every step of a worker. */
export function runMegaphone(
  workload: Workload,
  input: WorkloadInput,
  setting: Setting,
  migrations: Migrations,
  afterStep?: () => void,
): WorkloadRun {
  return run(workload, input, setting, migrations, afterStep);
}

/**
 * Migrations by a strategy, as the harness carries them out: bins leave a fifth into the run, all gather on the last worker at
 * two fifths, and are back where they came from at three fifths.
 */
export function byStrategy(input: WorkloadInput, peers: number, binShift: number, strategy: Strategy): Migrations {
  const ticks = input.schedule.intendedTick(input.schedule.total - 1);
  const home = balanced(binShift, peers);
  const away = imbalanced(binShift, peers);
  const gathered = oneWorker(binShift, peers, peers - 1);
  const script = [
    { atTick: Math.floor(ticks / 5), plan: planMigration(home, away, strategy) },
    { atTick: Math.floor((2 * ticks) / 5), plan: planMigration(away, gathered, strategy) },
    { atTick: Math.floor((3 * ticks) / 5), plan: planMigration(gathered, home, strategy) },
  ];
  return { binShift, driver: (last) => new Controller({ script, probe: last, endTick: ticks }) };
}

/** Migrations at exactly the given ticks: at each, all bins of the configuration change to the next worker. */
export function atTicks(ticks: readonly number[], peers: number, binShift: number): Migrations {
  return { binShift, driver: () => new ExactDriver(ticks, balanced(binShift, peers), peers) };
}

/** Announces all updates ahead of time, and closes the control stream at once. */
class ExactDriver implements ControlDriver {
  readonly #ticks: readonly number[];
  #configuration: Configuration;
  readonly #peers: number;

  constructor(ticks: readonly number[], configuration: Configuration, peers: number) {
    this.#ticks = [...ticks].sort((a, b) => a - b);
    this.#configuration = configuration;
    this.#peers = peers;
  }

  step(_now: number, _earliest: number, updates: ControlUpdates): number {
    for (const tick of this.#ticks) {
      const next = this.#configuration.map((worker) => (worker + 1) % this.#peers);
      for (const { bin, target } of changedBins(this.#configuration, next))
        updates.move(timestampOf(tick), bin, target);
      this.#configuration = next;
    }
    return CLOSED;
  }
}

/** Checks that both variants agree with the oracle for every number of workers, transport and strategy. */
export function checkAgainstOracle(workload: Workload, input: WorkloadInput, binShifts: readonly number[]): void {
  const expected = expectedRows(workload, input);
  assert.ok(expected.length > 0, 'the input must have results');
  let next = 0;
  for (const seed of seeds) {
    for (const peers of [1, 2, 3, 4]) {
      for (const [i, transport] of transports.entries()) {
        const setting: Setting = { ...transport, peers, seed };
        const binShift = binShifts[next++ % binShifts.length]!;
        const strategy = strategies[(i + peers + seed) % strategies.length]!;
        const label = `${peers} workers, ${transport.transport}, seed ${seed}, 2^${binShift} bins, ${strategy.name}`;
        assertSameRows(runNative(workload, input, setting).rows, expected, `native, ${label}`);
        const migrations = byStrategy(input, peers, binShift, strategy);
        const migrated = runMegaphone(workload, input, setting, migrations);
        assertSameRows(migrated.rows, expected, `megaphone, ${label}`);
        if (peers > 1) {
          for (const departures of migrated.departures) assert.ok(departures.length > 0, `${label}: nothing moved`);
        }
      }
    }
  }
}

/** Compares sorted rows; the error names the first row that differs. */
export function assertSameRows(actual: readonly string[], expected: readonly string[], label: string): void {
  const at = actual.findIndex((row, i) => row !== expected[i]);
  if (at >= 0) assert.fail(`${label}: sorted row ${at} is ${actual[at]}, expected ${expected[at]}`);
  assert.equal(actual.length, expected.length, `${label}: number of rows`);
}

function run(
  workload: Workload,
  input: WorkloadInput,
  setting: Setting,
  migrations: Migrations | null,
  afterStep?: () => void,
): WorkloadRun {
  const program = (scope: Scope) => {
    const last = scope.probe();
    const built: BuiltWorkload =
      migrations === null
        ? workload.native(scope, input)
        : workload.megaphone(
            scope,
            input,
            controlStream(scope, {
              binShift: migrations.binShift,
              initial: balanced(migrations.binShift, scope.peers),
              lookaheadTicks: 20,
              driver: () => migrations.driver(last),
            }),
          );
    const migrated = built.migratables.at(-1);
    if (migrated !== undefined) probe(migrated.stream, last);
    const rows: string[] = [];
    inspect<ColumnTypes>(built.results, ({ list, length }) => {
      for (let row = 0; row < length; row++) rows.push(list.map((column) => column[row]).join(','));
    });
    return {
      ready: () => built.source.loaded,
      ...(afterStep && { afterStep }),
      result: () => ({ rows, departures: built.migratables.map((operator) => operator.departures) }),
    };
  };
  const results = simulate(program, null, setting);
  const operators = results[0]!.departures.length;
  return {
    rows: results.flatMap(({ rows }) => rows).sort(),
    departures: Array.from({ length: operators }, (_, i) => results.flatMap(({ departures }) => departures[i]!)),
  };
}
