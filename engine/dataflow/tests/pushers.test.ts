import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { CLOSED } from '../../progress/timestamp.ts';
import { Batch, BatchPool } from '../batch.ts';
import { broadcast, exchange, type ExchangePact } from '../pact.ts';
import { PipelineLane } from '../pipeline-lane.ts';
import { PipelinePusher, type Pusher } from '../pushers.ts';
import { Schema } from '../schema.ts';
import { RecordingSender } from './recording-sender.ts';

const schema = new Schema({ key: 'float64', kind: 'uint8' });
type Types = (typeof schema)['columns'];

const ROWS = 16;
const channel = { id: 0, name: 'a -> b', schema, rows: 8, slots: 2, output: 0, namesExtents: false };

function batchOf(time: number, keys: readonly number[]): Batch<Types> {
  const batch = new BatchPool(schema, ROWS).take();
  batch.time = time;
  batch.columns.key.set(keys);
  batch.length = keys.length;
  return batch;
}

/** Each record goes to the worker that its key names. */
const byKey = (peers: number) =>
  exchange<Types>({
    destinations({ columns, length }, destinations) {
      for (let i = 0; i < length; i++) destinations[i] = columns.key[i]! % peers;
    },
  });

const arrived = ({ sent }: RecordingSender<Types>): [number, number][] =>
  sent.flatMap(({ time, values }) => values.map((key): [number, number] => [time, key]));

describe('pushers between workers', () => {
  const batches = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(100), { maxLength: ROWS })), { maxLength: 20 });
  const peersOf = fc.integer({ min: 1, max: 4 });

  it('by a route: bring each record once, in order, to the worker that the route names', () => {
    fc.assert(
      fc.property(batches, peersOf, (list, peers) => {
        const senders = Array.from({ length: peers }, () => new RecordingSender(schema, 8, Infinity));
        const pusher = byKey(senders.length).pusher(channel, senders, ROWS);
        for (const [time, keys] of list) pusher.push(batchOf(time, keys));
        pusher.flush();
        const all = list.flatMap(([time, keys]) => keys.map((key) => [time, key] as const));
        senders.forEach((sender, to) => {
          assert.deepEqual(
            arrived(sender),
            all.filter(([, key]) => key % peers === to),
          );
        });
      }),
    );
  });

  it('by broadcast: bring all records, in order, to every worker', () => {
    fc.assert(
      fc.property(batches, peersOf, (list, peers) => {
        const senders = Array.from({ length: peers }, () => new RecordingSender(schema, 8, Infinity));
        const pusher = (broadcast as ExchangePact<Types>).pusher(channel, senders, ROWS);
        for (const [time, keys] of list) pusher.push(batchOf(time, keys));
        pusher.flush();
        const all = list.flatMap(([time, keys]) => keys.map((key) => [time, key]));
        for (const sender of senders) assert.deepEqual(arrived(sender), all);
      }),
    );
  });

  it('say of a flush whether any worker was sent something, and hold the earliest time that waits', () => {
    const senders = [new RecordingSender(schema, 8, 0), new RecordingSender(schema, 8, 9)] as const;
    const pusher: Pusher<Types> = byKey(senders.length).pusher(channel, senders, ROWS);
    assert.equal(pusher.flush(), false);
    pusher.push(batchOf(4, [0, 2]));
    assert.deepEqual([pusher.flush(), pusher.heldTime(), pusher.queuedBytes()], [false, 4, 18]);
    pusher.push(batchOf(3, [1]));
    assert.deepEqual([pusher.flush(), pusher.flush(), pusher.heldTime()], [true, false, 4]);
    // Published while a batch at another time was opened, and nothing is left for the flush itself.
    pusher.push(batchOf(5, [1]));
    senders[1].room = 1;
    pusher.push(batchOf(6, [3]));
    assert.equal(pusher.flush(), true);
    assert.equal(senders[1].sent.length, 2);
    senders[0].room = 1;
    assert.deepEqual([pusher.retry(), pusher.retry(), pusher.heldTime()], [true, false, 6]);
  });
});

describe('pushers of a pipeline', () => {
  it('hand over batches of a pool by reference, and slots of a ring as copies', () => {
    const lane = new PipelineLane<Types>();
    const pusher = new PipelinePusher(lane, schema, 8);
    const pooled = batchOf(1, [7]);
    pusher.push(pooled);
    const slot = new Batch(schema, 8, Buffer.alloc(schema.blockBytes(8)), 0);
    slot.time = 2;
    slot.columns.key[0] = 8;
    slot.length = 1;
    pusher.push(slot);
    slot.columns.key[0] = 0;
    assert.equal(lane.at(0), pooled);
    assert.deepEqual([lane.at(1).time, lane.at(1).length, lane.at(1).columns.key[0]], [2, 1, 8]);
    assert.deepEqual(
      [pusher.flush(), pusher.retry(), pusher.heldTime(), pusher.queuedBytes()],
      [false, false, CLOSED, 0],
    );
    // The lane owns a reference of its own: the pool gets the batch back after both have released it.
    pooled.release();
    assert.notEqual(pooled.pool!.take(), pooled);
    lane.release(2);
    assert.equal(pooled.pool!.take(), pooled);
  });
});
