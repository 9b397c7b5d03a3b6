import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { exchange } from '../../dataflow/operators/exchange.ts';
import { source } from '../../dataflow/operators/source.ts';
import { unary } from '../../dataflow/operators/unary.ts';
import { at, pairSchema } from '../../dataflow/tests/simulated.ts';
import type { Scope } from '../../dataflow/scope.ts';
import { FIRST_TICK } from '../../progress/timestamp.ts';
import { SimulationError, simulate } from '../simulation.ts';
import { keepRows, rowSource, type TimedRow } from './timed-rows.ts';

const rows = Array.from({ length: 200 }, (_, i) => at(Math.floor(i / 8), i, i));

/** What arrives where, in the order of arrival: tells interleavings apart. */
const exchanging = (scope: Scope) => {
  const sink: TimedRow[] = [];
  keepRows(exchange(rowSource(scope, 'rows', pairSchema, rows), 'key'), sink);
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

  it('say where a run is stuck that does not end', () => {
    const stuck = (scope: Scope) => {
      const never = source(scope, 'never', pairSchema, () => ({ step: () => 3 }));
      unary(never, 'after', null, pairSchema, () => () => {});
      return { result: () => null };
    };
    assert.throws(() => simulate(stuck, null, { peers: 2, seed: 7, transport: 'links', limit: 500 }), {
      name: 'SimulationError',
      message:
        'not finished after 501 actions (seed 7, 2 workers, links); frontiers: ' +
        'worker 0: never#0.output[0] 3, after#1.output[0] 3; worker 1: never#0.output[0] 3, after#1.output[0] 3',
    });
  });

  it('do not end while an operator holds a capability', () => {
    const holding = (scope: Scope) => {
      unary(rowSource(scope, 'rows', pairSchema, []), 'holder', null, pairSchema, ({ output }) => {
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
      if (scope.worker === 1) exchange(stream, 'key');
      return { result: () => null };
    };
    assert.throws(() => simulate(different, null, { peers: 2, seed: 1, transport: 'shared-memory' }), {
      name: 'GraphError',
      message:
        'worker 1 built another graph than worker 0: ' +
        'found "exchange#1 (key float64, value int32)"; expected "nothing"',
    });
  });

  it('call a program back in order: prepare, ready, started, a step, the result', () => {
    const calls: string[] = [];
    const program = (scope: Scope) => {
      keepRows(rowSource(scope, 'rows', pairSchema, [at(0, 1, 1)]), []);
      let looks = 0;
      return {
        prepare: () => void calls.push(`prepare at ${scope.clock.now()}`),
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
    assert.deepEqual(distinct, ['prepare at 0', 'ready at 0', 'started', `step at or after ${FIRST_TICK}`, 'result']);
  });
});
