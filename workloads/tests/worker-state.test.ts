import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { allocateHeap, Extents } from 'megaphone-engine';
import { HashTable, Multimap } from 'megaphone-engine/migration';

import { WorkerTimers, workerState } from '../worker-state.ts';

/** An output that knows which times are held, and to which time it was set. */
function recordingOutput() {
  const held: number[] = [];
  const output = {
    time: -1,
    held,
    at(time: number) {
      output.time = time;
      return output;
    },
    hold(time: number) {
      held.push(time);
      return { drop: () => void held.splice(held.indexOf(time), 1) };
    },
  };
  return output;
}

const extents = new Extents(allocateHeap(2 ** 22));

const timersOf = (output: ReturnType<typeof recordingOutput>): WorkerTimers =>
  new WorkerTimers(output as unknown as ConstructorParameters<typeof WorkerTimers>[0], extents);

describe('workerState', () => {
  it('hosts every key', () => {
    for (const binShift of [1, 8]) {
      const state = workerState(
        (bins) => ({ table: new HashTable(bins, 1), lists: new Multimap(bins, 1) }),
        extents,
        binShift,
      );
      for (let key = 0; key < 1000; key++) {
        state.table.add(key, key);
        state.lists.append(key);
      }
      assert.deepEqual([state.table.size, state.lists.size], [1000, 1000]);
    }
  });
});

describe('WorkerTimers', () => {
  it('hands entries over in order, at their time, before the frontier only, and holds the earliest of the others', () => {
    const times = fc.array(fc.nat(50), { maxLength: 30 });
    fc.assert(
      fc.property(times, fc.nat(60), (all, frontier) => {
        const output = recordingOutput();
        const timers = timersOf(output);
        all.forEach((time, key) => {
          timers.notifyAt(time, key, -key);
          assert.deepEqual(output.held, [Math.min(...all.slice(0, key + 1))]);
        });
        const due: number[][] = [];
        timers.run(frontier, (time, key, value) => {
          assert.equal(output.time, time);
          assert.equal(value, -key);
          due.push([time, key]);
        });
        const sorted = all.map((time, key) => [time, key]).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
        assert.deepEqual(
          due,
          sorted.filter(([time]) => time! < frontier),
        );
        const left = all.filter((time) => time >= frontier);
        assert.deepEqual(output.held, left.length === 0 ? [] : [Math.min(...left)]);
      }),
    );
  });

  it('hands over entries that are added while others are handed over', () => {
    const output = recordingOutput();
    const timers = timersOf(output);
    timers.notifyAt(3, 1, 0);
    const due: number[] = [];
    timers.run(10, (time) => {
      due.push(time);
      timers.notifyAt(time + 3, 1, 0);
    });
    assert.deepEqual(due, [3, 6, 9]);
    assert.deepEqual(output.held, [12]);
  });
});
