import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { Capability, CapabilityError, CapabilitySet } from '../capability.ts';
import { CLOSED } from '../timestamp.ts';

describe('capability sets', () => {
  it('have the earliest held time, or CLOSED', () => {
    const set = new CapabilitySet('here');
    assert.equal(set.minimum(), CLOSED);
    set.add(5);
    set.add(3);
    set.add(3);
    set.remove(3);
    assert.equal(set.minimum(), 3);
    set.remove(3);
    assert.equal(set.minimum(), 5);
  });

  it('refuse to give up what is not held, and say what is', () => {
    const set = new CapabilitySet('count#3.output[0]');
    set.add(2);
    set.add(9);
    assert.throws(() => set.remove(4), {
      name: 'CapabilityError',
      message: 'count#3.output[0]: time 4 is not held; held are [2, 9]',
    });
  });

  it('behave as a sorted multiset', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(10)), { maxLength: 80 }), (actions) => {
        const set = new CapabilitySet('here');
        const held: number[] = [];
        for (const [adds, time] of actions) {
          if (adds) {
            set.add(time);
            held.push(time);
          } else if (held.includes(time)) {
            set.remove(time);
            held.splice(held.indexOf(time), 1);
          } else {
            assert.throws(() => set.remove(time), CapabilityError);
          }
          assert.equal(set.minimum(), Math.min(CLOSED, ...held));
        }
      }),
    );
  });
});

describe('capabilities', () => {
  it('hold their time until they are dropped', () => {
    const set = new CapabilitySet('here');
    const capability = new Capability(set, 4);
    assert.equal(capability.time, 4);
    assert.equal(set.minimum(), 4);
    capability.drop();
    capability.drop();
    assert.equal(set.minimum(), CLOSED);
  });

  it('delay: a second capability, later, on its own', () => {
    const set = new CapabilitySet('here');
    const first = new Capability(set, 4);
    const second = first.delayed(4).delayed(8);
    first.drop();
    assert.equal(second.time, 8);
    assert.equal(set.minimum(), 4);
  });

  it('downgrade: move to a later time', () => {
    const set = new CapabilitySet('here');
    const capability = new Capability(set, 4);
    capability.downgrade(6);
    assert.equal(capability.time, 6);
    assert.equal(set.minimum(), 6);
    capability.downgrade(6);
    assert.equal(set.minimum(), 6);
  });

  it('refuse what is not an integer', () => {
    const capability = new Capability(new CapabilitySet('join#2.output[0]'), 4);
    for (const time of [4.5, NaN, Infinity]) {
      const refused = { name: 'CapabilityError', message: new RegExp(`to ${time}: expected an integer`) };
      assert.throws(() => capability.delayed(time), refused);
      assert.throws(() => capability.downgrade(time), refused);
    }
    assert.equal(capability.time, 4);
  });

  it('refuse an earlier time and name both', () => {
    const capability = new Capability(new CapabilitySet('join#2.output[0]'), 4);
    for (const action of ['delay', 'downgrade'] as const) {
      assert.throws(() => (action === 'delay' ? capability.delayed(3) : capability.downgrade(3)), {
        name: 'CapabilityError',
        message: `join#2.output[0]: cannot ${action} to 3: the capability is at 4`,
      });
    }
    assert.equal(capability.time, 4);
  });

  it('refuse what is no time', () => {
    const set = new CapabilitySet('here');
    const capability = new Capability(set, 4);
    assert.throws(() => capability.downgrade(NaN), CapabilityError);
    assert.throws(() => capability.delayed(NaN), CapabilityError);
    assert.equal(set.minimum(), 4);
  });

  it('refuse everything once dropped', () => {
    const capability = new Capability(new CapabilitySet('here'), 4);
    capability.drop();
    assert.throws(() => capability.delayed(9), /cannot delay to 9: the capability was dropped/);
    assert.throws(() => capability.downgrade(9), /cannot downgrade to 9: the capability was dropped/);
  });
});
