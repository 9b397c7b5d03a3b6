import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { allocateHeap, Extents } from '../../dataflow/extents.ts';
import { LowBitsBinning } from '../binning.ts';
import { PendingEntries } from '../pending-entries.ts';
import { BinError } from '../state/bin-error.ts';
import { NOTHING_PENDING, PendingQueue } from '../state/pending-queue.ts';

const BINS = 4;

type Triple = [time: number, key: number, value: number];

const byOrder = (a: Triple, b: Triple): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

function make(bins: readonly number[] = [0, 1, 2, 3]) {
  const extents = new Extents(allocateHeap(2 ** 18));
  const queue = new PendingQueue({ binning: new LowBitsBinning(2), extents }, { expectedEntriesPerBin: 2 });
  for (const bin of bins) queue.create(bin);
  return { queue, pending: new PendingEntries(queue, extents.words) };
}

function pop(pending: PendingEntries): Triple {
  const time = pending.nextTime();
  pending.pop();
  return [time, pending.key, pending.value];
}

const triple = fc.tuple(fc.nat(20), fc.nat(2), fc.nat(9));

describe('pending entries', () => {
  it('come in the total order of (time, key, value), wherever they wait', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(triple, fc.nat(21)), { maxLength: 300 }), (pushes) => {
        const { queue, pending } = make();
        for (const [[time, key, value], horizon] of pushes) {
          pending.horizon = horizon;
          pending.push(key % BINS, time, key, value);
        }
        assert.equal(queue.size, pushes.filter(([[time], horizon]) => time >= horizon).length);
        const popped: Triple[] = [];
        while (pending.nextTime() !== NOTHING_PENDING) popped.push(pop(pending));
        assert.deepEqual(popped, pushes.map(([pushed]) => pushed).sort(byOrder));
        assert.equal(queue.size, 0);
      }),
    );
  });

  it('come in that order amid pushes while the horizon rises', () => {
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('push' as const), triple }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('raise' as const), by: fc.nat(6) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 250 }), (actions) => {
        const { queue, pending } = make();
        const model: Triple[] = [];
        let inBins = 0;
        for (const step of actions) {
          if (step.kind === 'push') {
            const [time, key, value] = step.triple;
            pending.push(key % BINS, time, key, value);
            model.push(step.triple);
            model.sort(byOrder);
            if (time >= pending.horizon) inBins += 1;
          } else if (step.kind === 'raise') {
            pending.horizon += step.by;
          } else if (model.length > 0) {
            const before = queue.size;
            assert.deepEqual(pop(pending), model.shift());
            inBins -= before - queue.size;
          }
          assert.equal(pending.nextTime(), model[0]?.[0] ?? NOTHING_PENDING);
          assert.equal(queue.size, inBins);
        }
      }),
    );
  });

  it('belong to their bin from the horizon on, and to the host before it', () => {
    const { queue, pending } = make();
    pending.horizon = 10;
    pending.push(1, 9, 1, 0);
    pending.push(1, 10, 1, 0);
    assert.deepEqual([queue.entries(1), queue.nextTime(), pending.nextTime()], [1, 10, 9]);
  });

  it('of a bin that is elsewhere are refused from the horizon on', () => {
    const { pending } = make([1]);
    assert.throws(() => pending.push(0, 5, 0, 0), BinError);
    assert.equal(pending.nextTime(), NOTHING_PENDING);
  });
});
