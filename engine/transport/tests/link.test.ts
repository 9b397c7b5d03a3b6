import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { FrontierCells } from '../../progress/frontier-cells.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import type { ChannelSpec } from '../../dataflow/transport.ts';
import { Link, LinkedTransport } from '../link.ts';
import { mixedChannel } from './channels.ts';

const channels = [mixedChannel(8, 2, 0), mixedChannel(8, 4, 1)] as const;
const graph = { outputs: ['a', 'b'], channels: channels as unknown as readonly ChannelSpec[] };

function joined(): { from: LinkedTransport; to: LinkedTransport; link: Link } {
  const from = new LinkedTransport(graph, new FrontierCells(2), 0);
  const to = new LinkedTransport(graph, new FrontierCells(2), 1);
  return { from, to, link: new Link(from, to) };
}

describe('links', () => {
  it('deliver a raise only after the data that was sent ahead of it', () => {
    const { from, to, link } = joined();
    const sender = from.sender(channels[0], 1);
    const receiver = to.receiver(channels[0], 0);
    sender.reserve()!.time = 3;
    sender.publish();
    from.cells.raise(0, 0, 4);
    assert.equal(link.collect(), true);
    assert.equal(link.inFlight, 2);
    assert.equal(link.deliver(1), 1);
    assert.deepEqual([receiver.available(), to.cells.read(0, 0)], [1, 0]);
    assert.equal(link.deliver(9), 1);
    assert.equal(to.cells.read(0, 0), 4);
  });

  it('tell every raise once', () => {
    const { from, link } = joined();
    from.cells.raise(1, 0, CLOSED);
    assert.equal(link.collect(), true);
    assert.equal(link.collect(), false);
  });

  it('tell the cells of the sending worker only', () => {
    const { from, to, link } = joined();
    from.cells.raise(0, 1, 9);
    link.collect();
    link.deliver(9);
    assert.equal(to.cells.read(0, 1), 0);
  });

  it('hold back what does not fit into the ring, and everything behind it', () => {
    const { from, to, link } = joined();
    const sender = from.sender(channels[0], 1);
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 2; n++) {
        sender.reserve()!.time = 2 * round + n;
        sender.publish();
      }
      link.collect();
    }
    from.cells.raise(0, 0, 4);
    link.collect();
    assert.equal(link.deliver(9), 2);
    assert.equal(to.cells.read(0, 0), 0);
    to.receiver(channels[0], 0).release(2);
    assert.equal(link.deliver(9), 3);
    assert.equal(to.cells.read(0, 0), 4);
  });

  it('share no extents and hold up their sender, but for what a worker sends to itself', () => {
    const { from, link } = joined();
    const shares = (to: number): boolean => from.sender(channels[0], to).sharesExtents;
    assert.deepEqual([shares(0), shares(1)], [true, false]);
    assert.deepEqual([link.from, link.to], [0, 1]);
    const holdsUp = (sender: number): boolean => from.receiver(channels[0], sender).holdsUpSender;
    assert.deepEqual([holdsUp(0), holdsUp(1)], [false, true]);
  });

  it('join a worker with itself through one ring', () => {
    const { from } = joined();
    const sender = from.sender(channels[1], 0);
    sender.reserve()!.time = 7;
    sender.publish();
    assert.equal(from.receiver(channels[1], 0).at(0).time, 7);
  });

  it('keep the bound in every order of collecting and delivering', () => {
    const action = fc.constantFrom('send', 'raise', 'collect', 'deliver', 'receive');
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const { from, to, link } = joined();
        const senders = channels.map((channel) => from.sender(channel, 1));
        const receivers = channels.map((channel) => to.receiver(channel, 0));
        let sent = 0;
        let received = 0;
        actions.forEach((kind, n) => {
          if (kind === 'send') {
            const sender = senders[n % 2]!;
            const slot = sender.reserve();
            if (slot === null) return;
            // Every batch has a time of its own, and the raise below says that all of them have been sent.
            slot.time = sent++;
            sender.publish();
          } else if (kind === 'raise') {
            from.cells.raise(0, 0, sent);
          } else if (kind === 'collect') {
            link.collect();
          } else if (kind === 'deliver') {
            link.deliver(n % 4);
          } else {
            const frontier = to.cells.read(0, 0);
            for (const receiver of receivers) {
              received += receiver.available();
              receiver.release(receiver.available());
            }
            assert.ok(received >= frontier, `${received} batches arrived, but the frontier is ${frontier}`);
          }
        });
      }),
    );
  });
});
