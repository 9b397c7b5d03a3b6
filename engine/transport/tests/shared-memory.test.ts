import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { ChannelSpec } from '../../dataflow/transport.ts';
import { allocateRings, ringSizes, SharedMemoryTransport, startRingsAt } from '../shared-memory.ts';
import { mixedChannel } from './channels.ts';

const channels = [mixedChannel(8, 2, 0), mixedChannel(16, 4, 1)] as const;
const graph = { channels: channels as unknown as readonly ChannelSpec[] };
const PEERS = 3;
const WORKERS = [0, 1, 2] as const;

describe('shared memory', () => {
  for (const start of [0, -1, 2 ** 31 - 1]) {
    it(`joins every worker with every worker by a ring of its own, whose counters start at ${start}`, () => {
      const rings = allocateRings(ringSizes(graph, PEERS));
      startRingsAt(start, rings, graph);
      const transports = WORKERS.map((worker) => new SharedMemoryTransport(rings, worker, PEERS));
      const pairs = channels.flatMap((channel) =>
        WORKERS.flatMap((from) => WORKERS.map((to) => ({ channel, from, to }))),
      );
      const ends = pairs.map(({ channel, from, to }) => ({
        sender: transports[from]!.sender(channel, to),
        receiver: transports[to]!.receiver(channel, from),
        rows: channel.rows,
        mark: 100 * channel.id + 10 * from + to,
      }));
      for (let round = 0; round < 3; round++) {
        for (const { sender, rows, mark } of ends) {
          const slot = sender.reserve()!;
          slot.time = mark + round;
          slot.columns.key.fill(slot.time);
          slot.length = rows;
          sender.publish();
        }
        for (const { receiver, mark } of ends) {
          assert.equal(receiver.available(), 1);
          const batch = receiver.at(0);
          assert.equal(batch.time, mark + round);
          assert.ok(batch.columns.key.every((key) => key === batch.time));
          receiver.release(1);
        }
      }
    });
  }

  it('shares the extents of state', () => {
    const rings = allocateRings(ringSizes(graph, PEERS));
    assert.equal(new SharedMemoryTransport(rings, 0, PEERS).sender(channels[0], 1).sharesExtents, true);
  });
});
