import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Schema } from '../../dataflow/schema.ts';
import { Scope } from '../../dataflow/scope.ts';
import { source } from '../../dataflow/operators/source.ts';
import type { Stream } from '../../dataflow/stream.ts';
import { CLOSED, FIRST_TICK } from '../../progress/timestamp.ts';
import { simulate } from '../../runtime/simulation.ts';
import { keepRows, rowSource, sorted, type TimedRow } from '../../runtime/tests/timed-rows.ts';
import { type ControlDriver, controlStream } from '../control-stream.ts';
import { type HashedBinning, LowBitsBinning } from '../binning.ts';
import type { Migratable } from '../migratable.ts';
import { unary } from '../operators.ts';
import { fold, stateMachine } from '../state-machine.ts';
import type { Bins } from '../state/bins.ts';
import { DenseArray } from '../state/dense-array.ts';
import { HashTable } from '../state/hash-table.ts';

const wordSchema = new Schema({ key: 'float64' });
const countSchema = new Schema({ key: 'float64', count: 'float64' });

type Words = Stream<(typeof wordSchema)['columns']>;
type Counts = Migratable<(typeof countSchema)['columns']>;

const hashCount = {
  name: 'count',
  state: (bins: Bins<HashedBinning>) => new HashTable(bins, 1),
  output: countSchema,
};

/** Moves all bins to `worker` at once, `ticks` after the start, and again to the next workers of the list. */
function moving(bins: number, moves: readonly { readonly ticks: number; readonly worker: number }[]): ControlDriver {
  let next = 0;
  return {
    step(now, earliest, updates): number {
      for (; next < moves.length && now >= FIRST_TICK + moves[next]!.ticks; next++) {
        for (let bin = 0; bin < bins; bin++) updates.move(earliest + next, bin, moves[next]!.worker);
      }
      return next === moves.length ? CLOSED : FIRST_TICK + moves[next]!.ticks;
    },
  };
}

const rows: TimedRow[] = Array.from({ length: 300 }, (_, n) => ({
  time: FIRST_TICK + Math.floor(n / 5),
  values: [(n * 7) % 31],
}));

function expectedCounts(peers: number): TimedRow[] {
  const counts = new Map<number, number>();
  const all = Array.from({ length: peers }, () => rows)
    .flat()
    .sort((a, b) => a.time - b.time);
  return all.map(({ time, values: [key] }) => {
    counts.set(key!, (counts.get(key!) ?? 0) + 1);
    return { time, values: [key!, counts.get(key!)!] };
  });
}

/** Runs a count over 16 bins that all move to worker 1, then 2, then 0; results, departures and sizes by worker. */
function counted(build: (words: Words, control: ReturnType<typeof controlStream>) => Counts, seed: number) {
  const program = (scope: Scope) => {
    const moves = [1, 2, 0].map((worker, i) => ({ ticks: 10 + 15 * i, worker }));
    const control = controlStream(scope, {
      binShift: 4,
      initial: new Int32Array(16),
      lookaheadTicks: 3,
      driver: () => moving(16, moves),
    });
    const counts = build(rowSource(scope, 'words', wordSchema, rows), control);
    const sink: TimedRow[] = [];
    keepRows(counts.stream, sink);
    let most = 0;
    return {
      afterStep: () => void (most = Math.max(most, scope.queuedBytes())),
      result: () => ({ sink, departures: counts.departures, bytes: counts.stateBytes, most }),
    };
  };
  return simulate(program, null, { peers: 3, seed, transport: 'links', settings: { rows: 8, slots: 2 } });
}

describe('a state machine', () => {
  it('counts words with a few lines of user code, wherever its bins are', () => {
    for (let seed = 0; seed < 5; seed++) {
      const results = counted(
        (words, control) =>
          stateMachine(words, 'key', control, hashCount, (counts, columns, row, output) => {
            const key = columns.key[row]!;
            const out = output.append();
            output.columns.key[out] = key;
            output.columns.count[out] = counts.add(key, 1);
          }),
        seed,
      );
      assert.deepEqual(sorted(results.flatMap(({ sink }) => sink)), sorted(expectedCounts(3)));
    }
  });

  it('folds keys and values in one line', () => {
    const sum = (words: Words, control: ReturnType<typeof controlStream>) =>
      fold(words, { key: 'key', value: 'key' }, control, 'sum', (_key, value, state) => state + value);
    const results = counted(sum as never, 1).flatMap(({ sink }) => sink);
    const expected = expectedCounts(3).map(({ time, values: [key, count] }) => ({
      time,
      values: [key!, key! * count!],
    }));
    assert.deepEqual(sorted(results), sorted(expected));
  });

  it('moves bins that are larger than the whole ring, in queues', () => {
    const slots = 12_000;
    const denseCount = {
      name: 'count',
      binning: (binShift: number) => new LowBitsBinning(binShift),
      state: (bins: Bins<LowBitsBinning>) => new DenseArray(bins, slots),
      output: countSchema,
    };
    const results = counted(
      (words, control) =>
        stateMachine(words, 'key', control, denseCount, (counts, columns, row, output) => {
          const key = columns.key[row]!;
          const out = output.append();
          output.columns.key[out] = key;
          output.columns.count[out] = counts.add(key, 1);
        }),
      1,
    );
    assert.deepEqual(sorted(results.flatMap(({ sink }) => sink)), sorted(expectedCounts(3)));
    assert.deepEqual(
      results.map(({ departures }) => departures.map(({ bins }) => bins)),
      [[16], [16], [16]],
    );
    for (const { departures, most } of results) {
      assert.equal(departures[0]!.bytes, 16 * slots * 8);
      assert.ok(most > 0, 'no batch had to wait for a slot');
    }
    // Everything is on worker 0 again, and nothing is counted twice.
    assert.deepEqual(
      results.map(({ bytes }) => bytes >= 16 * slots * 8),
      [true, false, false],
    );
    assert.deepEqual([results[1]!.bytes, results[2]!.bytes], [0, 0]);
  });
});

describe('migratable operators', () => {
  const graph = () => {
    const scope = new Scope(0, 1, { now: () => 0 });
    const words = source(scope, 'words', wordSchema, () => ({ step: () => CLOSED }));
    const driver = (): ControlDriver => ({ step: () => CLOSED });
    const options = { binShift: 1, initial: new Int32Array(2), lookaheadTicks: 1, driver };
    return { words, control: controlStream(scope, options) };
  };

  it('refuse a key column that does not exist', () => {
    const { words, control } = graph();
    const options = { name: 'count', state: () => ({}), output: countSchema };
    assert.throws(() => unary(words, 'kye' as 'key', control, options, () => ({ onRecords() {} })), {
      name: 'SchemaError',
      message: 'count.F#2 (key of words#0.output[0]): no column "kye"; the stream has (key float64)',
    });
  });

  it('refuse a container with the name of their own', () => {
    const { words, control } = graph();
    const state = (bins: Bins<HashedBinning>) => ({ pending: new HashTable(bins, 1) });
    const options = { name: 'count', state, output: countSchema };
    assert.throws(() => unary(words, 'key', control, options, () => ({ onRecords() {} })), {
      name: 'ContainerNameError',
      message: /"pending"/,
    });
  });

  it('say which operator has asked for an entry that it does not handle', () => {
    const program = (scope: Scope) => {
      const driver = (): ControlDriver => ({ step: () => CLOSED });
      const control = controlStream(scope, { binShift: 1, initial: new Int32Array(2), lookaheadTicks: 1, driver });
      const words = rowSource(scope, 'words', wordSchema, rows);
      const options = { name: 'forgetful', state: () => ({}), output: countSchema };
      unary(words, 'key', control, options, ({ notificator }) => ({
        onRecords: (batch) => notificator.notifyAt(batch.time + 1, batch.columns.key[0]!, 0),
      }));
      return { result: () => null };
    };
    assert.throws(() => simulate(program, null, { peers: 1, seed: 1, transport: 'shared-memory' }), {
      name: 'WorkerError',
      message: /worker 0, operator forgetful\.S#3: EngineError: forgetful: a pending entry is due/,
    });
  });

  it('take keys up to 2^53 - 1', () => {
    const largest = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, 2 ** 32, 2 ** 31];
    const program = (scope: Scope) => {
      const driver = () => moving(4, [{ ticks: 3, worker: 1 }]);
      const control = controlStream(scope, { binShift: 2, initial: new Int32Array(4), lookaheadTicks: 2, driver });
      const input = [0, 8].flatMap((ticks) => largest.map((key) => ({ time: FIRST_TICK + ticks, values: [key] })));
      const words = rowSource(scope, 'words', wordSchema, input);
      const counts = stateMachine(words, 'key', control, hashCount, (table, columns, row, output) => {
        const out = output.append();
        output.columns.key[out] = columns.key[row]!;
        output.columns.count[out] = table.add(columns.key[row]!, 1);
      });
      const sink: TimedRow[] = [];
      keepRows(counts.stream, sink);
      return { result: () => sink };
    };
    const results = simulate(program, null, { peers: 2, seed: 2, transport: 'links' }).flat();
    const last = (key: number): number =>
      Math.max(...results.filter(({ values }) => values[0] === key).map(({ values }) => values[1]!));
    assert.deepEqual(largest.map(last), [4, 4, 4, 4]);
  });
});
