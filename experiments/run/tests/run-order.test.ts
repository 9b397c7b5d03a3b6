import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { spec } from '../../results/tests/example-run.ts';
import { runOrder } from '../run-order.ts';

const SETTINGS = [4, 5, 6, 7, 8];
const repeated = (repeats: number, seed = 1) =>
  SETTINGS.flatMap((binShift) =>
    Array.from({ length: repeats }, (_, index) => ({ ...spec, seed, binShift, repeat: index + 1 })),
  );

describe('the order of runs', () => {
  it('is the given one without repeats', () => {
    assert.deepEqual(runOrder(repeated(1)), repeated(1));
    assert.deepEqual(runOrder([]), []);
  });

  it('makes every setting once in each round, in another order each time', () => {
    const order = runOrder(repeated(8));
    const rounds = Array.from({ length: 8 }, (_, round) => order.slice(5 * round, 5 * round + 5));
    rounds.forEach((round, index) => {
      assert.deepEqual(new Set(round.map(({ repeat }) => repeat)), new Set([index + 1]));
      assert.deepEqual(round.map(({ binShift }) => binShift).sort(), SETTINGS);
    });
    assert.ok(new Set(rounds.map((round) => round.map(({ binShift }) => binShift).join())).size > 4);
  });

  it('is the same for equal seeds', () => {
    assert.deepEqual(runOrder(repeated(3)), runOrder(repeated(3)));
    const settings = (seed: number) => runOrder(repeated(3, seed)).map(({ binShift }) => binShift);
    assert.notDeepEqual(settings(1), settings(2));
  });
});
