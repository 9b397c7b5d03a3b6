import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CapabilityError } from '../../progress/capability.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import { ExtendedNotificator } from '../extended-notificator.ts';
import { LowBitsBinning } from '../hash.ts';
import { BinError } from '../state/bin-error.ts';
import { PendingQueue } from '../state/pending-queue.ts';

function hosting(...bins: number[]) {
  const pending = new PendingQueue(2);
  for (const bin of bins) pending.create(bin);
  return { pending, notificator: new ExtendedNotificator(pending, new LowBitsBinning(2), () => 7) };
}

describe('extended notificators', () => {
  it('put entries into the bin of their key, at the present or later', () => {
    const { pending, notificator } = hosting(1, 3);
    notificator.notifyAt(9, 5, 1);
    notificator.notifyAt(7, 7, 2);
    notificator.notifyAt(7, 7, 2);
    assert.deepEqual([pending.entries(1), pending.entries(3), pending.nextTime()], [1, 2, 7]);
  });

  it('refuse the past, the end and what is no time, and name key, time and range', () => {
    const { notificator } = hosting(1);
    for (const time of [6, -1, CLOSED, NaN, 8.5, Infinity]) {
      assert.throws(() => notificator.notifyAt(time, 5, 1), {
        name: 'CapabilityError',
        message: `cannot post-date key 5 to ${time}; expected an integer time with 7 <= time < ${CLOSED}`,
      });
    }
    assert.throws(() => notificator.notifyAt(6, 5, 1), CapabilityError);
  });

  it('refuse a key whose bin is elsewhere', () => {
    assert.throws(() => hosting(1).notificator.notifyAt(9, 2, 1), BinError);
  });
});
