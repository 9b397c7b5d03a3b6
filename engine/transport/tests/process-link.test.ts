import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { allocateHeap, Extents } from '../../dataflow/extents.ts';
import { Schema } from '../../dataflow/schema.ts';
import { KIND_BODY, KIND_CONTENTS, KIND_EXTENTS } from '../../dataflow/extent-frames.ts';
import type { ChannelSpec } from '../../dataflow/transport.ts';
import { FrontierCells } from '../../progress/frontier-cells.ts';
import { Outbox } from '../outbox.ts';
import { mostPayloadBytes, ProcessLink } from '../process-link.ts';
import { allocateRings, ringSizes, SharedMemoryTransport } from '../shared-memory.ts';
import { encodeMessage, MESSAGE, MessageReader, WireError } from '../wire.ts';
import { mixedChannel } from './channels.ts';

const channels = [mixedChannel(8, 2, 0), mixedChannel(8, 4, 1)] as const;
/** A channel of extent frames. */
const naming: ChannelSpec<{ word: 'float64' }> = {
  id: 2,
  name: 'channel 2',
  schema: new Schema({ word: 'float64' }),
  rows: 16,
  slots: 2,
  output: 2,
  namesExtents: true,
};
const graph = { channels: [...channels, naming] as unknown as readonly ChannelSpec[], outputs: 3 };
const PEERS = 4;

/** Two processes of two workers each, at this end of their link. */
function end(local: readonly number[], remote: readonly number[]) {
  const rings = allocateRings(ringSizes(graph, PEERS));
  const cells = new FrontierCells(PEERS);
  const isLocal = (worker: number): boolean => local.includes(worker);
  const transportOf = (worker: number) => new SharedMemoryTransport(rings, worker, PEERS, isLocal);
  const extents = new Extents(allocateHeap(2 ** 16));
  const link = new ProcessLink({ ...graph, cells, extents, local, remote, transportOf, contentsBytes: 128 });
  return { cells, extents, transportOf, link };
}

function joined() {
  const [from, to] = [end([0, 1], [2, 3]), end([2, 3], [0, 1])];
  const sent: Buffer[] = [];
  const outbox = new Outbox((bytes, onSent) => {
    sent.push(Buffer.from(bytes));
    onSent();
  });
  let applied = 0;
  const reader = new MessageReader(mostPayloadBytes(graph), (kind, payload) => {
    const isApplied = to.link.accept(kind, payload);
    if (isApplied) applied += 1;
    return isApplied;
  });
  let isHeld = false;
  /** Takes up, carries and applies what there is. */
  const carry = (): boolean => {
    const before = applied;
    const collected = from.link.collect(outbox);
    if (isHeld) isHeld = !reader.retry();
    while (!isHeld && sent.length > 0) isHeld = !reader.push(sent.shift()!);
    return applied > before || collected;
  };
  return { from, to, carry, isHeld: () => isHeld };
}

function frame(from: number, to: number, channel: number, time: number, count: number, bytes: number): Buffer {
  const payload = Buffer.alloc(24 + bytes);
  [from, to, channel, time, count, bytes].forEach((value, index) => payload.writeInt32LE(value, 4 * index));
  return payload;
}

const raise = (...values: readonly number[]): Buffer => Buffer.from(new Int32Array(values).buffer);

describe('links between processes', () => {
  it('apply raises behind the data that was sent ahead of them', () => {
    const { from, to, carry, isHeld } = joined();
    const sender = from.transportOf(1).sender(channels[0], 2);
    const receiver = to.transportOf(2).receiver(channels[0], 1);
    assert.deepEqual([sender.sharesExtents, receiver.holdsUpSender], [false, true]);
    for (const time of [3, 4]) {
      const batch = sender.reserve()!;
      batch.time = time;
      batch.length = 1;
      batch.columns.key[0] = time / 2;
      sender.publish();
    }
    from.cells.raise(1, 1, 5);
    assert.equal(carry(), true);
    assert.deepEqual([receiver.available(), to.cells.read(1, 1), to.cells.read(1, 0)], [2, 5, 0]);
    assert.deepEqual([receiver.at(1).time, receiver.at(1).columns.key[0]], [4, 2]);
    // The ring is full: what comes now waits, and so does every raise behind it.
    const batch = sender.reserve()!;
    batch.time = 6;
    sender.publish();
    from.cells.raise(0, 1, 9);
    carry();
    assert.equal(to.cells.read(0, 1), 0);
    assert.equal(isHeld(), true);
    receiver.release(1);
    assert.equal(carry(), true);
    assert.deepEqual([receiver.available(), to.cells.read(0, 1), isHeld()], [2, 9, false]);
    assert.equal(carry(), false);
  });

  it('send what batches name in pieces, behind which their output’s raises wait, and let the others pass', () => {
    const { from, to, carry } = joined();
    const sender = from.transportOf(1).sender(naming, 3);
    const receiver = to.transportOf(3).receiver(naming, 1);
    const contents = Array.from({ length: 20 }, (_, i) => i / 3);
    const offset = from.extents.allocate(32);
    from.extents.words.set(contents, offset);
    const names = sender.reserve()!;
    names.time = 4;
    // A bin with an empty image and one of 20 words.
    const images = [0, 0, 0, 5, 6, offset, 20, 32, 7, 8];
    names.columns.word.set([9, KIND_EXTENTS, 20, 2, ...images]);
    names.length = 14;
    sender.publish();
    from.cells.raise(2, 1, 5);
    const pieces: number[] = [];
    let isAnnounced = false;
    for (let round = 1; pieces.length < 20; round++) {
      from.cells.raise(0, 1, round);
      carry();
      assert.equal(to.cells.read(0, 1), round);
      for (; receiver.available() > 0; receiver.release(1)) {
        const { time, length, columns } = receiver.at(0);
        assert.equal(time, 4);
        const words = [...columns.word.subarray(0, length)];
        if (!isAnnounced) assert.deepEqual(words.splice(0, 14), [9, KIND_CONTENTS, 20, 2, ...images]);
        isAnnounced = true;
        if (words.length === 0) continue;
        const [bin, kind, count, none, ...body] = words;
        assert.deepEqual([bin, kind, count, none], [9, KIND_BODY, body.length, 0]);
        pieces.push(...body);
      }
      assert.equal(to.cells.read(2, 1), pieces.length < 20 ? 0 : 5);
    }
    assert.deepEqual(pieces, contents);
    carry();
    assert.equal(carry(), false);
    assert.deepEqual([to.cells.read(2, 1), sender.reserve()?.length], [5, 0]);
  });

  it('bring every batch over, in order, whatever is sent and received when', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(1), fc.nat(1))), (actions) => {
        const { from, to, carry, isHeld } = joined();
        const senders = [0, 1].map((a) => [2, 3].map((b) => from.transportOf(a).sender(channels[1], b)));
        const receivers = [0, 1].map((a) => [2, 3].map((b) => to.transportOf(b).receiver(channels[1], a)));
        const sent = [0, 1].map(() => [0, 0]);
        const heard = [0, 1].map(() => [0, 0]);
        const receive = (a: number, b: number): void => {
          const receiver = receivers[a]![b]!;
          // Cells first: then everything before the raise is there.
          const bound = to.cells.read(0, a);
          for (let count = receiver.available(); count > 0; count--) {
            assert.equal(receiver.at(0).time, ++heard[a]![b]!);
            receiver.release(1);
          }
          assert.ok(heard[a]![b]! >= Math.min(bound, sent[a]![b]!) || isHeld());
        };
        for (const [what, a, b] of actions) {
          if (what < 2) {
            const batch = senders[a]![b]!.reserve();
            if (batch === null) continue;
            batch.time = ++sent[a]![b]!;
            senders[a]![b]!.publish();
            from.cells.raise(0, a, Math.min(...sent[a]!));
          } else if (what === 2) carry();
          else receive(a, b);
        }
        for (let round = 0; round < 20; round++) {
          carry();
          for (const [a, b] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) receive(a, b); // prettier-ignore
        }
        assert.deepEqual(heard, sent);
      }),
    );
  });

  it('refuse what has no place in the dataflow', () => {
    const row = 13;
    for (const [payload, message] of [
      [frame(0, 1, 0, 5, 0, 0), /from worker 0 to worker 1/],
      [frame(2, 0, 0, 5, 0, 0), /from worker 2/],
      [frame(0, 2, 3, 5, 0, 0), /channel 3; there are 3/],
      [frame(0, 2, 0, 5, 9, 9 * row), /9 rows; expected 0 to 8/],
      [frame(0, 2, 0, 5, -1, 0), /-1 rows/],
      [frame(0, 2, 0, 5, 2, row), /bytes; expected/],
      [Buffer.alloc(10), /a frame of 10 bytes/],
    ] as const) {
      assert.throws(() => end([2, 3], [0, 1]).link.accept(MESSAGE.frame, payload), { name: 'WireError', message });
    }
    for (const [payload, message] of [
      [raise(2, 0, 5), /worker 2, which is not at the other end/],
      [raise(0, 3, 5), /output 3/],
      [raise(0, 0, -1), /falls to -1/],
      [raise(0), /4 bytes/],
      [raise(0, 1), /8 bytes/],
    ] as const) {
      assert.throws(() => end([2, 3], [0, 1]).link.accept(MESSAGE.raises, payload), { name: 'WireError', message });
    }
  });

  it('refuse mutated messages, or take them, and nothing else', () => {
    const good = [
      encodeMessage(MESSAGE.frame, frame(0, 2, 1, 5, 1, 13)),
      encodeMessage(MESSAGE.raises, raise(1, 0, 7, 1, 8)),
    ];
    const runs = 2000 * Number(process.env['MEGAPHONE_SIMULATIONS'] ?? 1);
    fc.assert(
      fc.property(fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { minLength: 1 }), (mutations) => {
        const { link } = end([2, 3], [0, 1]);
        const bytes = Buffer.concat([...good, ...good]);
        for (const { at, value } of mutations) bytes[at % bytes.length] = value;
        const reader = new MessageReader(mostPayloadBytes(graph), (kind, payload) => {
          return kind === MESSAGE.control || link.accept(kind, payload);
        });
        try {
          reader.push(bytes);
        } catch (error) {
          assert.ok(error instanceof WireError, String(error));
        }
      }),
      { numRuns: runs },
    );
  });
});
