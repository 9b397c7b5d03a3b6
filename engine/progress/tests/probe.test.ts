import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EngineError } from '../engine-error.ts';
import { FrontierCells } from '../frontier-cells.ts';
import { Probe } from '../probe.ts';
import { CLOSED } from '../timestamp.ts';

function probeOf(output: number, cells: FrontierCells): Probe {
  const probe = new Probe(cells);
  probe.attach(output);
  return probe;
}

describe('probes', () => {
  it('cannot be read before they observe a stream', () => {
    const probe = new Probe(new FrontierCells(2));
    assert.throws(() => probe.frontier(), {
      name: 'EngineError',
      message: 'probe: read before it was attached to a stream',
    });
    assert.throws(() => probe.closed(), EngineError);
    assert.throws(() => probe.lessThan(1), EngineError);
  });

  it('observe one output, even when that is the first', () => {
    const probe = probeOf(0, new FrontierCells(1));
    assert.throws(() => probe.attach(3), { name: 'EngineError', message: 'probe of output 0: attached twice' });
    assert.equal(probe.frontier(), 0);
  });

  it('show the minimum over all workers, and of their own output', () => {
    const cells = new FrontierCells(2);
    const probe = probeOf(1, cells);
    cells.raise(0, 0, 9);
    cells.raise(0, 1, 9);
    cells.raise(1, 0, 8);
    assert.equal(probe.frontier(), 0);
    cells.raise(1, 1, 5);
    assert.equal(probe.frontier(), 5);
    assert.deepEqual(
      [4, 5, 6].map((time) => probe.lessThan(time)),
      [false, false, true],
    );
  });

  it('are closed when all workers are', () => {
    const cells = new FrontierCells(2);
    const probe = probeOf(0, cells);
    cells.raise(0, 0, CLOSED);
    assert.equal(probe.closed(), false);
    cells.raise(0, 1, CLOSED);
    assert.equal(probe.closed(), true);
  });
});
