/** Migratable programs that check the mechanism's laws while they run: where, when and in which order updates are applied. */
import { concat } from '../../dataflow/operators/concat.ts';
import { filter } from '../../dataflow/operators/filter.ts';
import { map } from '../../dataflow/operators/map.ts';
import { probe } from '../../dataflow/operators/probe.ts';
import { exchange } from '../../dataflow/pact.ts';
import { Schema } from '../../dataflow/schema.ts';
import type { Scope } from '../../dataflow/scope.ts';
import type { Stream } from '../../dataflow/stream.ts';
import { Controller, planMigration, type ScriptedMigration } from '../../planning/index.ts';
import type { Probe } from '../../progress/probe.ts';
import { CLOSED, FIRST_TICK, MAX_TIMESTAMP, type Timestamp } from '../../progress/timestamp.ts';
import type { Program } from '../../runtime/program.ts';
import { Random } from '../../runtime/random.ts';
import { audited, frontierWatch, ViolationError } from '../../runtime/tests/audit.ts';
import { keepRows, rowSource, type TimedRow } from '../../runtime/tests/timed-rows.ts';
import {
  binary,
  type Binning,
  type Bins,
  type ControlDriver,
  controlStream,
  type ControlStream,
  DenseArray,
  HashTable,
  HashedBinning,
  LowBitsBinning,
  MapContainer,
  type Migratable,
  unary,
} from '../index.ts';
import type { Image } from '../state/container.ts';
import { Configurations, Whereabouts } from './ledger.ts';
import { inputOf, MOST_SPAN, type ProgramName, type Scenario } from './scenario.ts';

const recordSchema = new Schema({ key: 'float64', value: 'float64' });
const resultSchema = new Schema({ key: 'float64', kind: 'int32', value: 'float64' });

type Records = Stream<(typeof recordSchema)['columns']>;
type Results = Migratable<(typeof resultSchema)['columns']>;

/** A table that gives the memory of its bins away while receivers still read it. */
class HastyTable extends HashTable {
  override release(bin: number, image: Image): void {
    super.release(bin, image);
    if (image.capacity > 0) this.extents.free(image.offset, image.capacity);
  }
}

/** What all simulated workers of a run share. */
export class Run {
  readonly scenario: Scenario;
  readonly configurations: Configurations;
  /** One per migratable operator, in the order of building. */
  readonly whereabouts: Whereabouts[] = [];
  readonly initial: Int32Array;
  /** A fault: extents are freed before their receivers have them. */
  readonly freesEarly: boolean;

  constructor(scenario: Scenario, freesEarly = false) {
    this.freesEarly = freesEarly;
    this.scenario = scenario;
    this.initial = drawConfiguration(scenario, new Random(scenario.control.seed));
    this.configurations = new Configurations(this.initial);
  }

  /** The bins of operator `i`. */
  operator(i: number): Whereabouts {
    return (this.whereabouts[i] ??= new Whereabouts(2 ** this.scenario.binShift));
  }

  /** Checks what must hold when every frontier has closed. */
  settle(): void {
    for (const operator of this.whereabouts) operator.settle(this.configurations, MAX_TIMESTAMP);
  }
}

function drawConfiguration({ binShift, peers }: Scenario, random: Random): Int32Array {
  return Int32Array.from({ length: 2 ** binShift }, () => random.below(peers));
}

/** The results of this worker. */
export const checkedProgram: Program<Run, TimedRow[]> = (scope, run) => {
  const { scenario } = run;
  const input = inputOf(scenario, widest[scenario.program]);
  const source = (name: 'left' | 'right'): Records =>
    rowSource(scope, name, recordSchema, input[name][scope.worker]!, scenario.input.burst);
  const exchanged = (stream: Records): Records => audited(stream, exchange('key'));
  const hosted = scope.probe();
  const control = controlStream(scope, {
    binShift: scenario.binShift,
    initial: run.initial,
    lookaheadTicks: scenario.lookahead,
    handoff: scenario.handoff,
    driver: () => recordingDriver(run, hosted),
  });
  const results = programs[scenario.program](
    scope,
    run,
    control,
    exchanged(source('left')),
    exchanged(source('right')),
  );
  probe(results.stream, hosted);
  const rows: TimedRow[] = [];
  // One more exchange: behind it, a result that a host has sent too late is noticed.
  keepRows(audited(results.stream, exchange('key')), rows);
  return { ready: () => !hosted.lessThan(FIRST_TICK), afterStep: frontierWatch(scope), result: () => rows };
};

/** Whether a program's containers hold keys up to 2^53 - 1. */
export const widest: Readonly<Record<ProgramName, boolean>> = { reminders: true, join: true, chain: false };

type Build = (scope: Scope, run: Run, control: ControlStream, left: Records, right: Records) => Results;

const programs: Record<ProgramName, Build> = {
  reminders(scope, run, control, left, right) {
    const options = {
      name: 'reminders',
      output: resultSchema,
      state: (bins: Bins<HashedBinning>) => ({
        rows: run.freesEarly ? new HastyTable(bins, 2) : new HashTable(bins, 2),
        where: run.operator(0).container(scope.worker),
      }),
    };
    return unary(concat(left, right), 'key', control, options, ({ state, output, notificator }) => {
      const check = lawsOf(scope, run, 'reminders', (key) => bins(run).hashed.binOf(key));
      return {
        onRecords(batch): void {
          for (let i = 0; i < batch.length; i++) {
            const key = batch.columns.key[i]!;
            const value = batch.columns.value[i]!;
            check(batch.time, key);
            const row = state.rows.insert(key);
            const count = state.rows.get(row, 0) + 1;
            state.rows.set(row, 0, count);
            emit(output, key, 0, count);
            if (value % 3 === 0) notificator.notifyAt(batch.time + (value % 7), key, value);
          }
        },
        onPending(time, key, value): void {
          check(time, key);
          const row = state.rows.insert(key);
          const sum = state.rows.get(row, 1) + value;
          state.rows.set(row, 1, sum);
          emit(output, key, 1, sum * 1000 + state.rows.get(row, 0));
          if (value > 1) notificator.notifyAt(time + (value % 3), key, value >> 1);
        },
      };
    });
  },
  join(scope, run, control, left, right) {
    const options = {
      name: 'join',
      output: resultSchema,
      state: (bins: Bins) => ({
        sums: new MapContainer<number>(bins),
        where: run.operator(0).container(scope.worker),
      }),
    };
    return binary(left, right, ['key', 'key'], control, options, ({ state, output, notificator }) => {
      const check = lawsOf(scope, run, 'join', (key) => bins(run).hashed.binOf(key));
      return {
        onLeft(batch): void {
          for (let i = 0; i < batch.length; i++) {
            const key = batch.columns.key[i]!;
            check(batch.time, key);
            state.sums.set(key, (state.sums.get(key) ?? 0) + batch.columns.value[i]!);
          }
        },
        onRight(batch): void {
          for (let i = 0; i < batch.length; i++) {
            const key = batch.columns.key[i]!;
            const value = batch.columns.value[i]!;
            check(batch.time, key);
            emit(output, key, 2, (state.sums.get(key) ?? 0) * 1000 + value);
            if (value % 4 === 0) notificator.notifyAt(batch.time + 1 + (value % 5), key, value);
          }
        },
        onPending(time, key, value): void {
          check(time, key);
          emit(output, key, 3, (state.sums.get(key) ?? 0) * 1000 + value);
        },
      };
    });
  },
  chain(scope, run, control, left, right) {
    const counted = (name: string, index: number, stream: Records): Results =>
      unary(
        stream,
        'key',
        control,
        {
          name,
          binning: (binShift: number) => new LowBitsBinning(binShift),
          output: resultSchema,
          state: (bins: Bins<LowBitsBinning>) => ({
            counts: new DenseArray(bins, Math.ceil(512 / 2 ** bins.binning.binShift)),
            where: run.operator(index).container(scope.worker),
          }),
        },
        ({ state, output }) => {
          const check = lawsOf(scope, run, name, (key) => bins(run).low.binOf(key));
          return {
            onRecords(batch): void {
              for (let i = 0; i < batch.length; i++) {
                const key = batch.columns.key[i]!;
                check(batch.time, key);
                emit(output, key, 4, state.counts.add(key, 1));
              }
            },
          };
        },
      );
    const first = counted('first', 0, concat(left, right));
    const odd = filter(first.stream, ({ value }, row) => value[row]! % 2 === 1);
    const again = map(odd, recordSchema, (columns, row, out, outRow) => {
      out.key[outRow] = columns.value[row]!;
      out.value[outRow] = 0;
    });
    return counted('second', 1, again);
  },
};

function emit(
  output: { append(): number; readonly columns: { key: Float64Array; kind: Int32Array; value: Float64Array } },
  key: number,
  kind: number,
  value: number,
): void {
  const row = output.append();
  output.columns.key[row] = key;
  output.columns.kind[row] = kind;
  output.columns.value[row] = value;
}

function bins(run: Run): { readonly hashed: Binning; readonly low: Binning } {
  const { binShift } = run.scenario;
  return { hashed: new HashedBinning(binShift), low: new LowBitsBinning(binShift) };
}

/** The laws of one host: called for every record and every entry that it applies. */
function lawsOf(
  scope: Scope,
  run: Run,
  name: string,
  binOf: (key: number) => number,
): (time: Timestamp, key: number) => void {
  let last: Timestamp = 0;
  const where = `${name} on worker ${scope.worker}`;
  return (time, key) => {
    const host = scope.operators.find((operator) => operator.name.startsWith(`${name}.S#`))!;
    for (const { where: input, frontier } of host.inputs) {
      if (time >= frontier) throw new ViolationError(`${where}: applies ${time}, but ${input} is at ${frontier}`);
    }
    if (time < last) throw new ViolationError(`${where}: applies ${time} after ${last}`);
    last = time;
    const owner = run.configurations.at(time, binOf(key));
    if (owner !== scope.worker) {
      throw new ViolationError(`${where}: applies key ${key} at ${time}, but its bin belongs to worker ${owner}`);
    }
  };
}

function recordingDriver(run: Run, hosted: Probe): ControlDriver {
  const driver = run.scenario.control.kind === 'plan' ? plannedDriver(run, hosted) : wildDriver(run);
  return {
    get rehearsing() {
      return driver.rehearsing ?? false;
    },
    step: (now, earliest, updates) => driver.step(now, earliest, run.configurations.recording(updates)),
  };
}

function plannedDriver({ scenario, initial }: Run, hosted: Probe): ControlDriver {
  const { control } = scenario;
  if (control.kind !== 'plan') throw new TypeError('not a plan');
  const random = new Random(~control.seed);
  let from = initial;
  const script = control.starts.map((at): ScriptedMigration => {
    const to = drawConfiguration(scenario, random);
    const plan = planMigration(from, to, control.strategy);
    from = to;
    return { atTick: at, plan };
  });
  const there = script[0]?.plan;
  const rehearsal =
    control.rehearsed && there !== undefined
      ? [there, planMigration(drawConfiguration(scenario, new Random(~control.seed)), initial, control.strategy)]
      : [];
  return new Controller({ script, probe: hosted, endTick: MOST_SPAN, rehearsal });
}

function wildDriver({ scenario }: Run): ControlDriver {
  const { control } = scenario;
  if (control.kind !== 'wild') throw new TypeError('not wild');
  const random = new Random(~control.seed);
  const bins = 2 ** scenario.binShift;
  const due = Array.from({ length: control.moves }, () => FIRST_TICK + random.below(MOST_SPAN)).sort((a, b) => a - b);
  let next = 0;
  return {
    step(now, earliest, updates): Timestamp {
      for (; next < due.length && due[next]! <= now; next++) {
        updates.move(earliest + random.below(control.ahead + 1), random.below(bins), random.below(scenario.peers));
      }
      return next === due.length ? CLOSED : due[next]!;
    },
  };
}
