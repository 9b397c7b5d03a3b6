import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

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

  it('keep what is still to come when much was delivered before', () => {
    const { notificator, inputs, held } = watched(1);
    for (let time = 1; time <= 900; time++) notificator.notifyAt(time);
    for (const frontier of [301, 303, 800, 950]) {
      const from = inputs[0]!.frontier;
      inputs[0]!.frontier = frontier;
      for (let time = from; time < Math.min(frontier, 901); time++) assert.equal(notificator.next(), time);
      assert.equal(notificator.next(), null);
      assert.equal(held.minimum(), frontier > 900 ? CLOSED : frontier);
    }
  });

  it('deliver every requested time once, in order, over many requests', () => {
    const action = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('ask' as const), ahead: fc.nat(40), count: fc.nat(30) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), by: fc.nat(60) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { minLength: 20, maxLength: 120 }), (actions) => {
        const { notificator, inputs, held } = watched(1);
        const model = new Set<number>();
        for (const step of actions) {
          const frontier = inputs[0]!.frontier;
          if (step.kind === 'ask') {
            for (let i = 0; i < step.count; i++) {
              const time = frontier + ((step.ahead * (i + 1)) % 53);
              notificator.notifyAt(time);
              model.add(time);
            }
          } else {
            inputs[0]!.frontier += step.by;
            const due = [...model].filter((time) => time < inputs[0]!.frontier).sort((a, b) => a - b);
            for (const time of due) {
              assert.equal(notificator.next(), time);
              assert.equal(held.minimum(), time);
              model.delete(time);
            }
            assert.equal(notificator.next(), null);
          }
          assert.equal(held.minimum(), Math.min(CLOSED, ...model));
        }
      }),
    );
  });

  it('refuse a time that the output cannot hold', () => {
    assert.throws(() => watched(9).notificator.notifyAt(0), CapabilityError);
  });
});
