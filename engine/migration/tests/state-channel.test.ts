import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { ringBytes, RingReceiver, RingSender } from '../../transport/ring.ts';
import type { Consumer } from '../../dataflow/output-port.ts';
import { HashedBinning } from '../hash.ts';
import { installFrames, type StateColumns, stateSchema, StateSender } from '../state-channel.ts';
import { BinState } from '../state/bin-state.ts';
import { HashTable } from '../state/hash-table.ts';
import { MapContainer } from '../state/map-container.ts';
import { PendingQueue } from '../state/pending-queue.ts';

const BIN_SHIFT = 2;
const BINS = 2 ** BIN_SHIFT;

/** Three containers of different kinds. */
class Containers {
  readonly binning = new HashedBinning(BIN_SHIFT);
  readonly rows = new HashTable(this.binning, 2);
  readonly texts = new MapContainer<string>(this.binning);
  readonly pending = new PendingQueue(BIN_SHIFT);
  readonly state = new BinState(BIN_SHIFT, [
    { name: 'rows', container: this.rows },
    { name: 'texts', container: this.texts },
    { name: 'pending', container: this.pending },
  ]);

  /** What a bin holds, in words. */
  contents(keys: readonly number[]): unknown {
    return keys.map((key) => {
      const row = this.rows.find(key);
      const values = row < 0 ? null : [this.rows.get(row, 0), this.rows.get(row, 1)];
      return { key, values, text: this.texts.get(key) };
    });
  }

  entries(): number[] {
    const popped: number[] = [];
    while (this.pending.pop()) popped.push(this.pending.poppedTime, this.pending.poppedKey, this.pending.poppedValue);
    return popped;
  }
}

/** A channel to one worker with the smallest batches that fit a frame, and few slots. */
function tinyChannel(slots: number) {
  const channel = { id: 0, name: 'F -> S', schema: stateSchema, rows: 72, slots };
  const buffer = new ArrayBuffer(ringBytes(channel));
  const sender = new StateSender();
  const consumer: Consumer<StateColumns> = sender.pact.consumer(channel, [new RingSender(channel, buffer, 0)], 72);
  return { sender, consumer, receiver: new RingReceiver<StateColumns>(channel, buffer, 0) };
}

describe('the state channel', () => {
  it('brings bins of several containers through tiny batches and a ring that is full', () => {
    const key = fc.oneof(fc.nat(200), fc.maxSafeNat());
    const entries = fc.array(fc.record({ key, a: fc.integer(), text: fc.string({ maxLength: 60 }) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(entries, fc.subarray([0, 1, 2, 3]), fc.constantFrom(2, 4), (list, moved, slots) => {
        const [source, target, expected] = [new Containers(), new Containers(), new Containers()];
        for (const side of [source, expected]) {
          for (let bin = 0; bin < BINS; bin++) side.state.create(bin);
          for (const { key: k, a, text } of list) {
            const row = side.rows.insert(k);
            side.rows.set(row, 0, a);
            side.rows.set(row, 1, -a);
            side.texts.set(k, text);
            side.pending.push(side.binning.binOf(k), 5 + (k % 3), k, a);
          }
        }
        const { sender, consumer, receiver } = tinyChannel(slots);
        for (const bin of moved) {
          const bytes = source.state.bytes(bin);
          const sent = sender.send(source.state, bin, 0, 9);
          assert.ok(sent >= bytes, `${sent} bytes sent; expected at least ${bytes}`);
          assert.equal(source.state.hosts(bin), false);
        }
        consumer.flush();
        let batches = 0;
        for (;;) {
          const count = receiver.available();
          for (let i = 0; i < count; i++) {
            assert.equal(receiver.at(i).time, 9);
            installFrames(receiver.at(i), target.state);
          }
          batches += count;
          receiver.release(count);
          if (!consumer.retry()) break;
        }
        assert.ok(batches > 0 || moved.length === 0);
        for (let bin = 0; bin < BINS; bin++) assert.equal(target.state.hosts(bin), moved.includes(bin));
        const keys = list.map(({ key: k }) => k).filter((k) => moved.includes(target.binning.binOf(k)));
        assert.deepEqual(target.contents(keys), expected.contents(keys));
        for (let bin = 0; bin < BINS; bin++) if (!moved.includes(bin)) expected.state.extract(bin, nowhere());
        assert.deepEqual(target.entries(), expected.entries());
      }),
      { numRuns: 60 },
    );
  });

  it('hosts an empty bin from its prepare on', () => {
    const [source, target] = [new Containers(), new Containers()];
    source.state.create(3);
    const { sender, consumer, receiver } = tinyChannel(2);
    assert.equal(sender.send(source.state, 3, 0, 4), 32);
    consumer.flush();
    installFrames(receiver.at(0), target.state);
    assert.equal(target.state.hosts(3), true);
    assert.equal(target.state.entries(3), 0);
  });

  it('lets small bins share a batch', () => {
    const source = new Containers();
    for (let bin = 0; bin < BINS; bin++) source.state.create(bin);
    const { sender, consumer, receiver } = tinyChannel(2);
    sender.send(source.state, 0, 0, 4);
    sender.send(source.state, 1, 0, 4);
    consumer.flush();
    const words = receiver.at(0).columns.word;
    assert.deepEqual([words[0], words[4]], [0, 1]);
  });

  it('is not written by pushing batches', () => {
    const { consumer, receiver } = tinyChannel(2);
    assert.throws(() => consumer.push(receiver.at(0)), {
      name: 'EngineError',
      message: 'state channel: batches are written through a StateSender, not pushed',
    });
  });
});

/** A writer that forgets what it is given. */
function nowhere() {
  return { container: 0, capacity: 64, words: new Float64Array(64), start: 0, flush: () => {} };
}
