import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { FrontierCells } from '../../progress/frontier-cells.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import { ringBytes, RingReceiver, RingSender } from '../../transport/ring.ts';
import { OrderedPort } from '../input-port.ts';
import { Schema } from '../schema.ts';
import type { ChannelSpec } from '../transport.ts';

const schema = new Schema({ key: 'float64' });
type Types = (typeof schema)['columns'];

/** Sends batches of one record through a ring, and raises its cell as an output does. */
class Sending {
  readonly #sender: RingSender<Types>;
  readonly #cells: FrontierCells;
  readonly #worker: number;

  constructor(sender: RingSender<Types>, cells: FrontierCells, worker: number) {
    this.#sender = sender;
    this.#cells = cells;
    this.#worker = worker;
  }

  /** Whether there was a slot. */
  send(time: number, key: number): boolean {
    const slot = this.#sender.reserve();
    if (slot === null) return false;
    slot.time = time;
    slot.columns.key[0] = key;
    slot.length = 1;
    this.#sender.publish();
    return true;
  }

  full(): boolean {
    return this.#sender.reserve() === null;
  }

  raise(time: number): void {
    this.#cells.raise(0, this.#worker, time);
  }
}

function joined(peers: number, slots: number, holdsUpSender = false): { port: OrderedPort<Types>; senders: Sending[] } {
  const channel: ChannelSpec<Types> = { id: 0, name: 'a -> b', schema, rows: 8, slots, output: 0, namesExtents: false };
  const cells = new FrontierCells(peers);
  const port = new OrderedPort<Types>({ where: 'b#1.input[0]', schema, cells, output: 0, worker: null }, 8);
  const senders = Array.from({ length: peers }, (_, worker) => {
    const ring = new SharedArrayBuffer(ringBytes(channel));
    port.lanes.push(new RingReceiver(channel, ring, 0, holdsUpSender));
    return new Sending(new RingSender(channel, ring, 0, true), cells, worker);
  });
  return { port, senders };
}

/** One run of an operator that handles what is due: the taken records. */
function run(port: OrderedPort<Types>, bound?: number): { time: number; key: number }[] {
  port.poll();
  const taken: { time: number; key: number }[] = [];
  for (;;) {
    const before = port.earliest();
    const batch = port.take(bound ?? port.frontier);
    if (batch === null) {
      assert.ok(before >= (bound ?? port.frontier));
      break;
    }
    assert.equal(batch.time, before);
    for (const key of batch.columns.key.subarray(0, batch.length)) taken.push({ time: batch.time, key });
  }
  port.finish();
  return taken;
}

describe('ordered ports', () => {
  it('hand out the batches of all senders in the order of time', () => {
    const { port, senders } = joined(2, 4);
    for (const [worker, time] of [
      [0, 1],
      [0, 4],
      [1, 2],
      [1, 3],
      [1, 5],
    ] as const) {
      assert.ok(senders[worker]!.send(time, time));
    }
    for (const sender of senders) sender.raise(CLOSED);
    assert.deepEqual(
      run(port).map(({ time }) => time),
      [1, 2, 3, 4, 5],
    );
    assert.deepEqual([port.closed, port.waiting(), port.earliest()], [true, false, CLOSED]);
  });

  it('leave what is not due in the ring, where it takes the sender its slots', () => {
    const { port, senders } = joined(1, 4);
    const sender = senders[0]!;
    for (const time of [1, 2, 5, 6]) sender.send(time, time);
    sender.raise(6);
    assert.equal(sender.full(), true);
    assert.deepEqual(
      run(port, 4).map(({ time }) => time),
      [1, 2],
    );
    // Only the prefix that was taken has been released.
    assert.ok(sender.send(7, 7) && sender.send(8, 8));
    assert.equal(sender.full(), true);
    sender.raise(9);
    assert.deepEqual([port.waiting(), port.earliest(), run(port, 4)], [true, 5, []]);
    assert.equal(sender.full(), true);
    assert.deepEqual(
      run(port).map(({ time }) => time),
      [5, 6, 7, 8],
    );
    assert.deepEqual([sender.full(), port.waiting()], [false, false]);
  });

  it('tell whether a poll brought a batch or a frontier, and see the frontier of all workers', () => {
    const { port, senders } = joined(2, 2);
    assert.equal(port.poll(), false);
    senders[0]!.send(3, 1);
    assert.equal(port.poll(), true);
    port.finish();
    assert.equal(port.poll(), false);
    senders[0]!.raise(4);
    assert.deepEqual([port.poll(), port.frontier], [false, 0]);
    senders[1]!.raise(9);
    assert.deepEqual([port.poll(), port.frontier], [true, 4]);
  });

  it('make room for a sender with more batches of one time than its ring has slots', () => {
    const { port, senders } = joined(2, 2);
    const [crowded, other] = senders as [Sending, Sending];
    const keys: number[] = [];
    for (let key = 0; key < 7; key++) {
      if (!crowded.send(3, key)) {
        assert.deepEqual(run(port), []);
        assert.ok(crowded.send(3, key), 'the sender cannot go on');
      }
      keys.push(key);
    }
    other.send(2, 99);
    other.raise(5);
    crowded.raise(3);
    assert.deepEqual(run(port), [{ time: 2, key: 99 }]);
    crowded.raise(4);
    assert.equal(port.waiting(), true);
    assert.deepEqual(
      run(port),
      keys.map((key) => ({ time: 3, key })),
    );
    assert.equal(port.waiting(), false);
  });

  it('make no room while a full ring holds only times that its sender has completed', () => {
    const { port, senders } = joined(2, 2);
    const [ahead, behind] = senders as [Sending, Sending];
    ahead.send(3, 0);
    ahead.send(4, 1);
    ahead.raise(4);
    assert.deepEqual(run(port), []);
    assert.equal(ahead.full(), true);
    behind.raise(4);
    assert.deepEqual(run(port), [{ time: 3, key: 0 }]);
    assert.equal(ahead.full(), false);
  });

  it('keep no full ring that holds up all else of its sender, whatever the times', () => {
    const { port, senders } = joined(2, 2, true);
    const [sender, behind] = senders as [Sending, Sending];
    for (let time = 3; time < 9; time++) {
      assert.ok(sender.send(time, time));
      sender.raise(time + 1);
      assert.deepEqual(run(port), []);
      assert.equal(sender.full(), false);
    }
    behind.raise(6);
    assert.deepEqual(
      run(port).map(({ time }) => time),
      [3, 4, 5],
    );
    assert.equal(port.earliest(), 6);
  });

  it('lose, double and reorder nothing, whatever the senders and the frontier do', () => {
    const part = fc.array(fc.nat(4), { maxLength: 40 });
    const turns = fc.array(fc.nat(3), { maxLength: 200 });
    const rings = fc.tuple(fc.constantFrom(2, 4), fc.boolean());
    fc.assert(
      fc.property(fc.array(part, { minLength: 3, maxLength: 3 }), rings, turns, (gaps, [slots, holdsUp], order) => {
        const { port, senders } = joined(3, slots, holdsUp);
        // Times ascend at every sender; many are equal.
        const plans = gaps.map((list) => {
          let time = 0;
          return list.map((gap) => (time += Math.max(0, gap - 2)));
        });
        const next = [0, 0, 0];
        const taken: { time: number; key: number }[] = [];
        const turn = (who: number): boolean => {
          if (who === 3) {
            const found = run(port);
            taken.push(...found);
            return found.length > 0;
          }
          const plan = plans[who]!;
          const sent = next[who]! < plan.length && senders[who]!.send(plan[next[who]!]!, 1000 * who + next[who]!);
          if (sent) next[who]! += 1;
          senders[who]!.raise(plan[next[who]!] ?? CLOSED);
          return sent;
        };
        for (const who of order) turn(who);
        const total = plans.reduce((sum, { length }) => sum + length, 0);
        // Each round moves something: the ports never hold a sender back for ever.
        for (let rounds = 0; taken.length < total; rounds++) {
          assert.ok(rounds <= 2 * total + 2, 'the senders are stuck');
          for (const who of [0, 1, 2, 3]) turn(who);
        }
        assert.deepEqual(run(port), []);
        for (let i = 1; i < taken.length; i++) assert.ok(taken[i - 1]!.time <= taken[i]!.time);
        plans.forEach((plan, who) => {
          const found = taken.filter(({ key }) => Math.floor(key / 1000) === who);
          assert.deepEqual(
            found,
            plan.map((time, n) => ({ time, key: 1000 * who + n })),
          );
        });
      }),
    );
  });
});
