import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { FrontierCells, FrontierError } from '../frontier-cells.ts';
import { CLOSED } from '../timestamp.ts';

const cellsOf = (outputs: number, peers: number): FrontierCells =>
  new FrontierCells(new SharedArrayBuffer(FrontierCells.byteLength(outputs, peers)), outputs, peers);

describe('frontier cells', () => {
  it('start at 0', () => {
    const cells = cellsOf(3, 2);
    assert.equal(cells.read(2, 1), 0);
    assert.equal(cells.minimum(0), 0);
  });

  it('tell whether a raise changed them', () => {
    const cells = cellsOf(1, 1);
    assert.equal(cells.raise(0, 0, 5), true);
    assert.equal(cells.raise(0, 0, 5), false);
    assert.equal(cells.raise(0, 0, CLOSED), true);
  });

  it('never fall: the error names the output, the worker and both times', () => {
    const cells = cellsOf(2, 2);
    cells.raise(1, 1, 7);
    assert.throws(() => cells.raise(1, 1, 6), {
      name: 'FrontierError',
      message: 'output 1 of worker 1: frontier would fall from 7 to 6',
    });
    assert.equal(cells.read(1, 1), 7);
  });

  it('are seen by whoever views the same memory', () => {
    const buffer = new SharedArrayBuffer(FrontierCells.byteLength(20, 3));
    new FrontierCells(buffer, 20, 3).raise(17, 2, 9);
    assert.equal(new FrontierCells(buffer, 20, 3).read(17, 2), 9);
  });

  it('do not overlap, and have the minimum over the workers', () => {
    const raises = fc.array(fc.tuple(fc.nat(39), fc.nat(4), fc.nat(100)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), raises, (outputs, peers, list) => {
        const cells = cellsOf(outputs, peers);
        const model = Array.from({ length: outputs }, () => new Array<number>(peers).fill(0));
        for (const [o, w, time] of list) {
          const [output, worker] = [o % outputs, w % peers];
          if (time < model[output]![worker]!) {
            assert.throws(() => cells.raise(output, worker, time), FrontierError);
          } else {
            cells.raise(output, worker, time);
            model[output]![worker] = time;
          }
        }
        model.forEach((times, output) => {
          assert.equal(cells.minimum(output), Math.min(...times));
          times.forEach((time, worker) => assert.equal(cells.read(output, worker), time));
        });
      }),
    );
  });
});
