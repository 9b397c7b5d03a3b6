import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { FrontierCells, MAX_OUTPUTS } from '../frontier-cells.ts';
import { CLOSED } from '../timestamp.ts';

describe('frontier cells', () => {
  it('start at 0', () => {
    const cells = new FrontierCells(2);
    assert.equal(cells.read(2, 1), 0);
    assert.equal(cells.minimum(0), 0);
  });

  it('hold the closed frontier', () => {
    const cells = new FrontierCells(1);
    cells.raise(0, 0, CLOSED);
    assert.equal(cells.minimum(0), CLOSED);
  });

  it('are seen by whoever views the same memory', () => {
    const buffer = new SharedArrayBuffer(FrontierCells.byteLength(3));
    new FrontierCells(3, buffer).raise(17, 2, 9);
    assert.equal(new FrontierCells(3, buffer).read(17, 2), 9);
  });

  it('do not overlap, and have the minimum over the workers', () => {
    const output = fc.oneof(fc.nat(39), fc.integer({ min: MAX_OUTPUTS - 3, max: MAX_OUTPUTS - 1 }));
    const raises = fc.array(fc.tuple(output, fc.nat(4), fc.nat(100)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), raises, (peers, list) => {
        const cells = new FrontierCells(peers);
        const model = Array.from({ length: MAX_OUTPUTS }, () => new Array<number>(peers).fill(0));
        for (const [o, w, time] of list) {
          cells.raise(o, w % peers, time);
          model[o]![w % peers] = time;
        }
        model.forEach((times, o) => {
          assert.equal(cells.minimum(o), Math.min(...times));
          times.forEach((time, worker) => assert.equal(cells.read(o, worker), time));
        });
      }),
    );
  });
});
