import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { type Batch, BatchPool } from '../../dataflow/batch.ts';
import { copyRows } from '../../dataflow/copy-rows.ts';
import { decodeFrame, frameBytes, writeFrame } from '../frame.ts';
import { ringBytes, RingReceiver, RingSender, startRingAt } from '../ring.ts';
import { mixedSchema, mixedChannel } from './channels.ts';

type Mixed = (typeof mixedSchema)['columns'];

interface Ends {
  readonly sender: RingSender<Mixed>;
  readonly receiver: RingReceiver<Mixed>;
}

function ring(rows: number, slots: number, { id = 0, start = 0, sharesExtents = false, at = 64 } = {}): Ends {
  const channel = mixedChannel(rows, slots, id);
  const buffer = new SharedArrayBuffer(at + ringBytes(channel));
  startRingAt(start, buffer, at);
  return {
    sender: new RingSender(channel, buffer, at, sharesExtents),
    receiver: new RingReceiver(channel, buffer, at),
  };
}

function publish(sender: RingSender<Mixed>, time: number, keys: readonly number[]): boolean {
  const slot = sender.reserve();
  if (slot === null) return false;
  slot.time = time;
  keys.forEach((key, row) => {
    slot.columns.key[row] = key;
    slot.columns.kind[row] = key % 256;
    slot.columns.count[row] = -key;
  });
  slot.length = keys.length;
  sender.publish();
  return true;
}

function read(batch: Batch<Mixed>): { time: number; rows: number[][] } {
  const rows = Array.from({ length: batch.length }, (_, row) => batch.list.map((column) => column[row]!));
  return { time: batch.time, rows };
}

describe('rings', () => {
  it('are copied from and to wherever they lie, behind 4 GiB too', () => {
    const rows = 64;
    const keys = Array.from({ length: rows }, (_, row) => row + 1);
    for (const at of [64, 2 ** 32 - 256, 5 * 2 ** 30]) {
      const { sender, receiver } = ring(rows, 2, { at });
      const waiting = new BatchPool(mixedSchema, rows).take();
      publish(sender, 7, keys);
      const [sent, published] = [receiver.at(0), read(receiver.at(0))];
      waiting.time = sent.time;
      waiting.length = rows;
      copyRows(sent, 0, waiting, 0, rows);
      assert.deepEqual(read(waiting), published);
      const frame = Buffer.alloc(frameBytes(mixedSchema, rows));
      writeFrame(frame, 0, 0, sent);
      const slot = sender.reserve()!;
      copyRows(waiting, 0, slot, 0, rows);
      slot.time = 7;
      slot.length = rows;
      assert.deepEqual(read(slot), published);
      for (const column of slot.list) column.fill(0);
      decodeFrame(frame, slot);
      assert.deepEqual(read(slot), published);
    }
  });

  it('show nothing before the first publish', () => {
    const { sender, receiver } = ring(8, 2);
    assert.equal(receiver.available(), 0);
    sender.reserve()!.length = 3;
    assert.equal(receiver.available(), 0);
  });

  it('carry time, count and all columns', () => {
    const { sender, receiver } = ring(8, 2, { id: 5 });
    publish(sender, 42, [1, 2, 300]);
    assert.equal(receiver.available(), 1);
    assert.deepEqual(read(receiver.at(0)), {
      time: 42,
      rows: [
        [1, 1, -1],
        [2, 2, -2],
        [300, 44, -300],
      ],
    });
  });

  it('write channel, time and count into the header of the slot', () => {
    const channel = mixedChannel(8, 2, 5);
    const buffer = new ArrayBuffer(ringBytes(channel));
    const sender = new RingSender(channel, buffer, 0, false);
    publish(sender, 41, [1]);
    publish(sender, 42, [1, 2, 3]);
    const headers = new Int32Array(buffer, 32 * 4, 8);
    assert.deepEqual([...headers.subarray(0, 3)], [5, 41, 1]);
    assert.deepEqual([...headers.subarray(4, 7)], [5, 42, 3]);
  });

  it('reserve the same slot until it is published', () => {
    const { sender } = ring(8, 2);
    assert.equal(sender.reserve(), sender.reserve());
  });

  it('have no slot left when the receiver has released none', () => {
    const { sender, receiver } = ring(8, 4);
    for (let n = 0; n < 4; n++) assert.equal(publish(sender, n, [n]), true);
    assert.equal(publish(sender, 4, [4]), false);
    receiver.release(1);
    assert.equal(publish(sender, 4, [4]), true);
    assert.equal(publish(sender, 5, [5]), false);
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => receiver.at(i).time),
      [1, 2, 3, 4],
    );
  });

  for (const start of [-3, 2 ** 32 - 3, 2 ** 31 - 3]) {
    it(`fill up and drain while their counters wrap, from ${start} on`, () => {
      const { sender, receiver } = ring(8, 4, { start });
      let sent = 0;
      let received = 0;
      for (let round = 0; round < 8; round++) {
        while (sent - received < 9 && publish(sender, sent, [sent])) sent += 1;
        assert.deepEqual([sent - received, receiver.available()], [4, 4]);
        assert.deepEqual(
          [0, 1, 2, 3].map((i) => receiver.at(i).time),
          [0, 1, 2, 3].map((i) => received + i),
        );
        receiver.release(1 + (round % 3));
        received += 1 + (round % 3);
      }
    });
  }

  it('say how many batches they hold, and whether the ends share the extents of state', () => {
    assert.equal(ring(8, 4).receiver.capacity, 4);
    for (const sharesExtents of [false, true]) {
      assert.equal(ring(8, 2, { sharesExtents }).sender.sharesExtents, sharesExtents);
    }
  });

  it('need a size that keeps every ring of an array on cache lines of its own', () => {
    for (const slots of [2, 16]) assert.equal(ringBytes(mixedChannel(8, slots)) % 64, 0);
  });

  it('are first in first out through many rounds of the slots', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('publish' as const), keys: fc.array(fc.nat(1000), { maxLength: 8 }) }),
      fc.record({ kind: fc.constant('release' as const), count: fc.integer({ min: 0, max: 8 }) }),
    );
    // Counters run modulo 2^32: the ring passes the wrap, and the largest Int32, within a few slots.
    const starts = fc.constantFrom(0, -3, -1, 2 ** 32 - 3, 2 ** 31 - 3);
    fc.assert(
      fc.property(fc.constantFrom(2, 4, 8), starts, fc.array(action, { maxLength: 100 }), (slots, start, actions) => {
        const { sender, receiver } = ring(8, slots, { start });
        const model: { time: number; keys: readonly number[] }[] = [];
        actions.forEach((step, time) => {
          if (step.kind === 'publish') {
            assert.equal(publish(sender, time, step.keys), model.length < slots);
            if (model.length < slots) model.push({ time, keys: step.keys });
          } else {
            const count = Math.min(step.count, receiver.available());
            receiver.release(count);
            model.splice(0, count);
          }
          assert.equal(receiver.available(), model.length);
          model.forEach(({ time: sent, keys }, i) => {
            const { time: found, rows } = read(receiver.at(i));
            assert.equal(found, sent);
            assert.deepEqual(
              rows,
              keys.map((key) => [key, key % 256, -key || 0]),
            );
          });
        });
      }),
    );
  });
});
