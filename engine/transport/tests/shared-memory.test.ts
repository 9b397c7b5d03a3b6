import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { allocateShared, SharedMemoryTransport, sharedSizes } from '../shared-memory.ts';
import { mixedChannel } from './channels.ts';

const graph = { outputs: 3, channels: [mixedChannel(8, 2, 0), mixedChannel(16, 4, 1)] };

describe('shared memory', () => {
  it('joins every worker with every worker by a ring of its own', () => {
    const peers = 3;
    const buffers = allocateShared(sharedSizes(graph, peers));
    const workers = Array.from({ length: peers }, (_, w) => new SharedMemoryTransport(buffers, 3, w, peers));
    for (const channel of graph.channels) {
      for (let from = 0; from < peers; from++) {
        for (let to = 0; to < peers; to++) {
          const sender = workers[from]!.sender(channel, to);
          const slot = sender.reserve()!;
          slot.time = 100 * channel.id + 10 * from + to;
          slot.columns.key.fill(slot.time);
          slot.length = channel.rows;
          sender.publish();
        }
      }
    }
    for (const channel of graph.channels) {
      for (let from = 0; from < peers; from++) {
        for (let to = 0; to < peers; to++) {
          const receiver = workers[to]!.receiver(channel, from);
          assert.equal(receiver.available(), 1);
          const batch = receiver.at(0);
          assert.equal(batch.time, 100 * channel.id + 10 * from + to);
          assert.ok(batch.columns.key.every((key) => key === batch.time));
        }
      }
    }
  });

  it('has one set of cells', () => {
    const buffers = allocateShared(sharedSizes(graph, 2));
    new SharedMemoryTransport(buffers, 3, 0, 2).cells.raise(2, 0, 5);
    assert.equal(new SharedMemoryTransport(buffers, 3, 1, 2).cells.read(2, 0), 5);
  });
});
