import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Capability, CapabilityError, CapabilitySet } from '../../progress/capability.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import { Notificator } from '../notificator.ts';

function watched(...frontiers: number[]) {
  const held = new CapabilitySet('here');
  const inputs = frontiers.map((frontier) => ({ frontier }));
  const output = {
    hold(time: number): Capability {
      if (time < 1) throw new CapabilityError('too early');
      return new Capability(held, time);
    },
  };
  return { notificator: new Notificator(output, inputs), inputs, held };
}

describe('notificators', () => {
  it('deliver a time when every input has passed it', () => {
    const { notificator, inputs } = watched(5, 5);
    notificator.notifyAt(5);
    assert.equal(notificator.next(), null);
    inputs[0]!.frontier = 6;
    assert.equal(notificator.next(), null);
    inputs[1]!.frontier = 6;
    assert.equal(notificator.next(), 5);
    assert.equal(notificator.next(), null);
  });

  it('deliver times in order, each once', () => {
    const { notificator, inputs } = watched(0);
    for (const time of [7, 3, 5, 3, 7]) notificator.notifyAt(time);
    inputs[0]!.frontier = CLOSED;
    const delivered = [notificator.next(), notificator.next(), notificator.next(), notificator.next()];
    assert.deepEqual(delivered, [3, 5, 7, null]);
  });

  it('hold a time until the call after its delivery', () => {
    const { notificator, inputs, held } = watched(0);
    notificator.notifyAt(3);
    notificator.notifyAt(5);
    assert.equal(held.minimum(), 3);
    inputs[0]!.frontier = 4;
    assert.equal(notificator.next(), 3);
    assert.equal(held.minimum(), 3);
    assert.equal(notificator.next(), null);
    assert.equal(held.minimum(), 5);
  });

  it('accept a request at the delivered time while it is handled', () => {
    const { notificator } = watched(9);
    notificator.notifyAt(3);
    assert.equal(notificator.next(), 3);
    notificator.notifyAt(4);
    assert.deepEqual([notificator.next(), notificator.next()], [4, null]);
  });

  it('refuse a time that the output cannot hold', () => {
    assert.throws(() => watched(9).notificator.notifyAt(0), CapabilityError);
  });
});
