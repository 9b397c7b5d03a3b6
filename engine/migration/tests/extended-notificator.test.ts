import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { allocateHeap, Extents } from '../../dataflow/extents.ts';
import { CapabilityError } from '../../progress/capability.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import { LowBitsBinning } from '../binning.ts';
import { ExtendedNotificator } from '../extended-notificator.ts';
import { PendingEntries } from '../pending-entries.ts';
import { BinError } from '../state/bin-error.ts';
import { PendingQueue } from '../state/pending-queue.ts';

function hosting(...bins: number[]) {
  const binning = new LowBitsBinning(2);
  const extents = new Extents(allocateHeap(2 ** 16));
  const queue = new PendingQueue({ binning, extents });
  for (const bin of bins) queue.create(bin);
  const pending = new PendingEntries(queue, extents.words);
  const notificator = new ExtendedNotificator(pending, binning);
  notificator.present = 7;
  return { queue, pending, notificator };
}

describe('extended notificators', () => {
  it('put entries into the bin of their key, at the present or later', () => {
    const { queue, pending, notificator } = hosting(1, 3);
    notificator.notifyAt(9, 5, 1);
    notificator.notifyAt(7, 7, 2);
    notificator.notifyAt(7, 7, 2);
    assert.deepEqual([queue.entries(1), queue.entries(3), pending.nextTime()], [1, 2, 7]);
  });

  it('keep entries that are due before any bin can move out of the bins', () => {
    const { queue, pending, notificator } = hosting(1);
    pending.horizon = 9;
    notificator.notifyAt(8, 5, 1);
    notificator.notifyAt(9, 5, 1);
    assert.deepEqual([queue.entries(1), pending.nextTime()], [1, 8]);
  });

  it('refuse the past, the end and what is no time, and name key, time and range', () => {
    const { pending, notificator } = hosting(1);
    for (const time of [6, -1, CLOSED, NaN, 8.5, Infinity]) {
      assert.throws(() => notificator.notifyAt(time, 5, 1), {
        name: 'CapabilityError',
        message: `cannot notify key 5 at ${time}; expected an integer time with 7 <= time < ${CLOSED}`,
      });
    }
    notificator.present = 8;
    assert.throws(() => notificator.notifyAt(7, 5, 1), CapabilityError);
    assert.equal(pending.nextTime(), Infinity);
  });

  it('refuse NaN, which has no place in the order of entries', () => {
    const { pending, notificator } = hosting(1);
    assert.throws(() => notificator.notifyAt(9, 5, NaN), {
      name: 'PendingValueError',
      message: 'cannot notify key 5 at 9 of the value NaN; expected a number',
    });
    notificator.notifyAt(9, 5, Infinity);
    assert.equal(pending.nextTime(), 9);
  });

  it('refuse a key whose bin is elsewhere', () => {
    assert.throws(() => hosting(1).notificator.notifyAt(9, 2, 1), BinError);
  });
});
