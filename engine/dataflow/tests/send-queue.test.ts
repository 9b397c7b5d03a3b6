import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { CLOSED } from '../../progress/timestamp.ts';
import { Schema } from '../schema.ts';
import { SendQueue } from '../send-queue.ts';
import { RecordingSender } from './recording-sender.ts';

const schema = new Schema({ key: 'float64', kind: 'int32' });
const channel = { id: 0, name: 'a -> b', schema, rows: 8, slots: 2, output: 0, namesExtents: false };
type Types = (typeof schema)['columns'];

function queueWith(room: number): { queue: SendQueue<Types>; sender: RecordingSender<Types> } {
  const sender = new RecordingSender(schema, 8, room);
  return { queue: new SendQueue(channel, sender), sender };
}

function send(queue: SendQueue<Types>, time: number, ...keys: number[]): void {
  for (const key of keys) {
    const batch = queue.open(time);
    batch.columns.key[batch.length] = key;
    batch.length += 1;
  }
}

describe('send queues', () => {
  it('fill slots and publish them when flushed, full, or at another time', () => {
    const { queue, sender } = queueWith(9);
    send(queue, 1, 10, 11);
    assert.deepEqual(sender.sent, []);
    send(queue, 2, 20, 21, 22, 23, 24, 25, 26, 27, 28);
    queue.flush();
    queue.flush();
    assert.deepEqual(sender.sent, [
      { time: 1, values: [10, 11] },
      { time: 2, values: [20, 21, 22, 23, 24, 25, 26, 27] },
      { time: 2, values: [28] },
    ]);
    assert.equal(queue.heldTime(), CLOSED);
  });

  it('say of a flush whether anything was published since the last, also when another time had done it', () => {
    const { queue, sender } = queueWith(2);
    assert.equal(queue.flush(), false);
    send(queue, 1, 10);
    queue.open(2);
    assert.equal(sender.sent.length, 1);
    assert.equal(queue.flush(), true);
    assert.equal(queue.flush(), false);
    send(queue, 3, 30);
    assert.equal(queue.flush(), false);
    assert.equal(queue.heldTime(), 3);
  });

  it('say so when a batch was closed before the flush, or became full', () => {
    const { queue } = queueWith(9);
    send(queue, 1, 10);
    queue.close();
    assert.equal(queue.flush(), true);
    send(queue, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    queue.close();
    assert.deepEqual([queue.flush(), queue.flush()], [true, false]);
  });

  it('keep batches while the ring is full, hold their times, and send them in order', () => {
    const { queue, sender } = queueWith(1);
    send(queue, 5, 50);
    send(queue, 3, 30);
    send(queue, 4, 40);
    queue.flush();
    assert.deepEqual(sender.sent, [{ time: 5, values: [50] }]);
    assert.equal(queue.heldTime(), 3);
    assert.equal(queue.queuedBytes(), 2 * schema.bytesPerRow);
    assert.equal(queue.retry(), false);
    sender.room = 1;
    assert.equal(queue.retry(), true);
    assert.equal(queue.heldTime(), 4);
    sender.room = 1;
    assert.equal(queue.retry(), true);
    assert.deepEqual([queue.heldTime(), queue.queuedBytes()], [CLOSED, 0]);
    assert.equal(queue.retry(), false);
    assert.deepEqual(
      sender.sent.map(({ time }) => time),
      [5, 3, 4],
    );
  });

  it('let nothing overtake a waiting batch, although a slot has become free', () => {
    const { queue, sender } = queueWith(0);
    send(queue, 1, 10);
    queue.flush();
    sender.room = 2;
    send(queue, 2, 20);
    queue.flush();
    assert.deepEqual(sender.sent, []);
    queue.retry();
    assert.deepEqual(
      sender.sent.map(({ time }) => time),
      [1, 2],
    );
  });

  it('lose, double and reorder nothing, whenever there is room', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('send' as const), time: fc.nat(5), count: fc.nat(20) }),
      fc.record({ kind: fc.constant('room' as const), slots: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('flush' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const { queue, sender } = queueWith(0);
        const expected: { time: number; key: number }[] = [];
        for (const step of actions) {
          if (step.kind === 'send') {
            for (let i = 0; i < step.count; i++) {
              send(queue, step.time, expected.length);
              expected.push({ time: step.time, key: expected.length });
            }
          } else if (step.kind === 'room') {
            sender.room += step.slots;
            queue.retry();
          } else {
            queue.flush();
          }
          const arrived = sender.sent.flatMap(({ time, values }) => values.map((key) => ({ time, key })));
          assert.deepEqual(arrived, expected.slice(0, arrived.length));
        }
        queue.flush();
        const missing = expected.slice(sender.sent.reduce((sum, { values }) => sum + values.length, 0));
        assert.equal(queue.heldTime(), Math.min(CLOSED, ...missing.map(({ time }) => time)));
        assert.equal(queue.queuedBytes(), missing.length * schema.bytesPerRow);
        sender.room = Infinity;
        queue.retry();
        const arrived = sender.sent.flatMap(({ time, values }) => values.map((key) => ({ time, key })));
        assert.deepEqual(arrived, expected);
      }),
    );
  });
});
