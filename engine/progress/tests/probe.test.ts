import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EngineError } from '../engine-error.ts';
import { FrontierCells } from '../frontier-cells.ts';
import { Probe } from '../probe.ts';
import { CLOSED } from '../timestamp.ts';

describe('probes', () => {
  it('cannot be read before the dataflow was started', () => {
    assert.throws(() => new Probe(3).frontier(), {
      name: 'EngineError',
      message: 'probe of output 3: read before the dataflow was started',
    });
    assert.throws(() => new Probe(3).closed(), EngineError);
  });

  it('show the minimum over all workers', () => {
    const cells = new FrontierCells(new ArrayBuffer(FrontierCells.byteLength(2, 2)), 2, 2);
    const probe = new Probe(1);
    probe.bind(cells);
    cells.raise(1, 0, 8);
    assert.equal(probe.frontier(), 0);
    cells.raise(1, 1, 5);
    assert.equal(probe.frontier(), 5);
    assert.deepEqual(
      [4, 5, 6].map((time) => probe.lessThan(time)),
      [false, false, true],
    );
    assert.deepEqual(
      [4, 5, 6].map((time) => probe.lessEqual(time)),
      [false, true, true],
    );
  });

  it('are closed when all workers are', () => {
    const cells = new FrontierCells(new ArrayBuffer(FrontierCells.byteLength(1, 2)), 1, 2);
    const probe = new Probe(0);
    probe.bind(cells);
    cells.raise(0, 0, CLOSED);
    assert.equal(probe.closed(), false);
    cells.raise(0, 1, CLOSED);
    assert.equal(probe.closed(), true);
  });
});
