import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { RoutingTable } from '../routing-table.ts';

const BINS = 4;

/** What happens to a table: updates come while the control frontier rises, and records ask for times behind it. */
const action = fc.oneof(
  fc.record({ kind: fc.constant('update' as const), ahead: fc.nat(6), bin: fc.nat(BINS - 1), worker: fc.nat(9) }),
  fc.record({ kind: fc.constant('control' as const), by: fc.nat(4) }),
  fc.record({ kind: fc.constant('ask' as const), back: fc.nat(12) }),
  fc.record({ kind: fc.constant('data' as const), by: fc.nat(5) }),
);

describe('routing tables', () => {
  it('start with a copy of the initial owners', () => {
    const initial = Int32Array.of(3, 1);
    const table = new RoutingTable(initial);
    initial.fill(9);
    assert.deepEqual([...table.at(0)], [3, 1]);
  });

  it('answer for any time in any order: an update holds from its time on', () => {
    const table = new RoutingTable(Int32Array.of(0, 0));
    table.update(20, 0, 2);
    table.update(10, 0, 1);
    table.update(10, 1, 5);
    const asked = [9, 25, 10, 19, 0, 20].map((time) => [...table.at(time)]);
    assert.deepEqual(asked, [
      [0, 0],
      [2, 5],
      [1, 5],
      [1, 5],
      [0, 0],
      [2, 5],
    ]);
  });

  it('let the last of several updates of a bin at one time hold, and take all of them back', () => {
    const table = new RoutingTable(Int32Array.of(7));
    table.update(5, 0, 1);
    table.update(5, 0, 2);
    assert.deepEqual([table.at(5)[0], table.at(4)[0], table.at(5)[0]], [2, 7, 2]);
  });

  it('forget the groups that records can no longer precede', () => {
    const table = new RoutingTable(Int32Array.of(0));
    for (const time of [3, 5, 8]) table.update(time, 0, time);
    table.retire(2);
    assert.equal(table.groups.length, 3);
    table.retire(5);
    assert.deepEqual(
      table.groups.map(({ time }) => time),
      [8],
    );
    assert.deepEqual([table.at(5)[0], table.at(8)[0], table.at(6)[0]], [5, 8, 5]);
  });

  it('agree with a list of all updates', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const initial = Int32Array.from({ length: BINS }, (_, bin) => 10 + bin);
        const table = new RoutingTable(initial);
        const updates: { time: number; bin: number; worker: number }[] = [];
        let control = 0;
        let data = 0;
        const plain = (time: number): number[] => {
          const owners = [...initial];
          const known = updates.filter((update) => update.time <= time).sort((a, b) => a.time - b.time);
          for (const { bin, worker } of known) owners[bin] = worker;
          return owners;
        };
        for (const step of actions) {
          if (step.kind === 'update') {
            const update = { time: control + step.ahead, bin: step.bin, worker: step.worker };
            table.update(update.time, update.bin, update.worker);
            updates.push(update);
          } else if (step.kind === 'control') {
            control += step.by;
          } else if (step.kind === 'data') {
            data = Math.min(data + step.by, control);
            table.retire(Math.min(data, control - 1));
          } else if (control > data) {
            const time = Math.max(data, control - 1 - step.back);
            assert.deepEqual([...table.at(time)], plain(time));
          }
          const expected = new Set(updates.filter(({ time }) => time > Math.min(data, control - 1)).map((u) => u.time));
          for (const time of expected) assert.ok(table.groups.some((group) => group.time === time));
        }
      }),
    );
  });
});
