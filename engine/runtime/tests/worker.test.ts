import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { ArrivalsPort } from '../../dataflow/input-port.ts';
import { Operator } from '../../dataflow/operator.ts';
import { inspect } from '../../dataflow/operators/inspect.ts';
import { exchange } from '../../dataflow/pact.ts';
import { at, pairSchema, type Pairs } from '../../dataflow/tests/simulated.ts';
import type { Scope } from '../../dataflow/scope.ts';
import { simulate } from '../simulation.ts';
import { WorkerError } from '../worker.ts';
import { rowSource } from './timed-rows.ts';

/** The end of a graph: an operator without an output. */
class Sink extends Operator {
  readonly #input: ArrivalsPort<(typeof pairSchema)['columns']>;
  records = 0;

  constructor(stream: Pairs) {
    super(stream.scope, 'sink');
    this.#input = this.addInput(stream, exchange('key'));
  }

  protected override run(): boolean {
    for (const batch of this.#input.arrivals) this.records += batch.length;
    return false;
  }
}

const rows = Array.from({ length: 60 }, (_, i) => at(i % 7, i, i)).sort((a, b) => a.time - b.time);

describe('workers', () => {
  it('are done only when operators without outputs have seen everything, too', () => {
    for (let seed = 0; seed < 40; seed++) {
      const program = (scope: Scope) => {
        const sink = new Sink(rowSource(scope, 'rows', pairSchema, rows, 100));
        return { result: () => sink.records };
      };
      const counts = simulate(program, null, { peers: 3, seed, transport: seed % 2 === 0 ? 'links' : 'shared-memory' });
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        3 * rows.length,
        `seed ${seed}`,
      );
    }
  });

  it('say which worker and operator failed, with the stack of the cause', () => {
    const failing = (scope: Scope) => {
      inspect(rowSource(scope, 'rows', pairSchema, rows), function refuseNine(batch) {
        if (scope.worker === 1 && batch.time >= at(4).time) throw new RangeError('no more than 4');
      });
      return { result: () => null };
    };
    assert.throws(
      () => simulate(failing, null, { peers: 2, seed: 1, transport: 'shared-memory' }),
      (error) => {
        assert.ok(error instanceof WorkerError);
        assert.equal(error.message, 'worker 1, operator inspect#1: RangeError: no more than 4');
        assert.deepEqual([error.worker, error.operator], [1, 'inspect#1']);
        assert.ok(error.cause instanceof RangeError);
        assert.match(error.stack!, /refuseNine/);
        return true;
      },
    );
  });

  it('wrap what is thrown although it is no error', () => {
    const error = new WorkerError(2, null, 'just text');
    assert.equal(error.message, 'worker 2: just text');
  });
});
