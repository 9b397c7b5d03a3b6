import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { relay } from '../../dataflow/operators/relay.ts';
import { source } from '../../dataflow/operators/source.ts';
import { unary } from '../../dataflow/operators/unary.ts';
import { exchange, pipeline } from '../../dataflow/pact.ts';
import { at, pairSchema } from '../../dataflow/tests/simulated.ts';
import type { Scope } from '../../dataflow/scope.ts';
import { CLOSED, FIRST_TICK } from '../../progress/timestamp.ts';
import { SimulationError, simulate } from '../simulation.ts';
import { keepRows, rowSource, sorted, type TimedRow } from './timed-rows.ts';

const rows = Array.from({ length: 200 }, (_, i) => at(Math.floor(i / 8), i, i));

/** What arrives where, in the order of arrival: tells interleavings apart. */
const exchanging = (scope: Scope) => {
  const sink: TimedRow[] = [];
  keepRows(relay(rowSource(scope, 'rows', pairSchema, rows), exchange('key')), sink);
  return { result: () => sink };
};

describe('simulations', () => {
  for (const transport of ['shared-memory', 'links'] as const) {
    it(`over ${transport} repeat exactly from a seed, and differ between seeds`, () => {
      const run = (seed: number) => simulate(exchanging, null, { peers: 3, seed, transport });
      assert.deepEqual(run(5), run(5));
      assert.notDeepEqual(run(5), run(6));
    });
  }

  it('carry bytes between processes of several workers, and refuse a number that does not fit', () => {
    const run = (workersPerProcess: number) =>
      simulate(exchanging, null, { peers: 4, seed: 5, transport: 'links', workersPerProcess, settings: { rows: 8 } });
    const records = (sinks: readonly TimedRow[][]) => sorted(sinks.flat());
    assert.equal(records(run(1)).length, 4 * rows.length);
    for (const workersPerProcess of [2, 4]) assert.deepEqual(records(run(workersPerProcess)), records(run(1)));
    assert.throws(() => run(3), {
      message: '3 workers per process; expected a divisor of 4, the number of workers',
    });
  });

  it('say where a run is stuck that does not end', () => {
    const stuck = (scope: Scope) => {
      const never = source(scope, 'never', pairSchema, () => ({ step: () => 3 }));
      unary(never, pipeline, { name: 'after', output: pairSchema }, () => () => {});
      return { result: () => null };
    };
    assert.throws(() => simulate(stuck, null, { peers: 2, seed: 7, transport: 'links', limit: 500 }), {
      name: 'SimulationError',
      message:
        /^not finished after \d+ actions \(seed 7, 2 workers, links\); frontiers: worker 0: never#0\.output\[0\] loading 3, loading \d; after#1\.output\[0\] loading 3, loading \d; worker 1: /,
    });
  });

  it('step only workers that are awake, and move time on when all of them sleep', () => {
    const steps: number[] = [];
    const rare = (scope: Scope) => {
      const apart = [0, 1_000_000, 2_000_000].map((ticks) => at(ticks, ticks, 0));
      keepRows(relay(rowSource(scope, 'rare', pairSchema, apart), exchange('key')), []);
      return { afterStep: () => void steps.push(scope.clock.now()), result: () => null };
    };
    simulate(rare, null, { peers: 2, seed: 3, transport: 'shared-memory' });
    assert.ok(steps.length < 200, `${steps.length} steps for six records`);
  });

  it('end with an error when everybody sleeps and nobody will be woken', () => {
    const asleep = (scope: Scope) => {
      source(scope, 'asleep', pairSchema, () => ({ step: () => 3, nextDue: () => CLOSED }));
      return { result: () => null };
    };
    assert.throws(
      () => simulate(asleep, null, { peers: 2, seed: 7, transport: 'shared-memory' }),
      (error) => {
        assert.ok(error instanceof SimulationError);
        assert.match(error.message, /^not finished after \d\d? actions/);
        return true;
      },
    );
  });

  it('start the counters of rings where they are told to, also just below their wrap', () => {
    const run = (ringStart: number) =>
      simulate(exchanging, null, { peers: 3, seed: 5, transport: 'shared-memory', ringStart });
    for (const start of [-3, 2 ** 31 - 3]) assert.deepEqual(run(start), run(0));
  });

  it('do not end while an operator holds a capability', () => {
    const holding = (scope: Scope) => {
      const rows = rowSource(scope, 'rows', pairSchema, []);
      unary(rows, pipeline, { name: 'holder', output: pairSchema }, ({ output }) => {
        output.hold(4);
        return () => {};
      });
      return { result: () => null };
    };
    assert.throws(
      () => simulate(holding, null, { peers: 1, seed: 1, transport: 'shared-memory', limit: 500 }),
      SimulationError,
    );
  });

  it('refuse workers that build different graphs', () => {
    const different = (scope: Scope) => {
      const stream = rowSource(scope, 'rows', pairSchema, rows);
      if (scope.worker === 1) relay(stream, exchange('key'));
      return { result: () => null };
    };
    assert.throws(() => simulate(different, null, { peers: 2, seed: 1, transport: 'shared-memory' }), {
      name: 'GraphError',
      message:
        'worker 1 built another graph than worker 0: ' +
        'found "relay#1 (key float64, value int32)"; expected "nothing"',
    });
  });

  it('call a program back in order: ready, started, a step, the result', () => {
    const calls: string[] = [];
    const program = (scope: Scope) => {
      keepRows(rowSource(scope, 'rows', pairSchema, [at(0, 1, 1)]), []);
      let looks = 0;
      return {
        ready: () => {
          calls.push(`ready at ${scope.clock.now()}`);
          return ++looks === 2;
        },
        started: () => void calls.push('started'),
        afterStep: () => void calls.push(`step at or after ${Math.min(scope.clock.now(), FIRST_TICK)}`),
        result: () => calls.push('result'),
      };
    };
    simulate(program, null, { peers: 1, seed: 1, transport: 'shared-memory' });
    const distinct = calls.filter((call, i) => call !== calls[i - 1]);
    assert.deepEqual(distinct, ['ready at 0', 'started', `step at or after ${FIRST_TICK}`, 'result']);
  });
});
