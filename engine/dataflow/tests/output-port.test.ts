import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CapabilityError } from '../../progress/capability.ts';
import { FrontierCells } from '../../progress/frontier-cells.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import type { Batch } from '../batch.ts';
import { OutputPort } from '../output-port.ts';
import type { Pusher } from '../pushers.ts';
import { exchange } from '../pact.ts';
import { Schema } from '../schema.ts';
import { RecordingSender } from './recording-sender.ts';

const schema = new Schema({ key: 'float64' });
type Types = (typeof schema)['columns'];

class RecordingPusher implements Pusher<Types> {
  readonly pushed: { time: number; keys: number[] }[] = [];
  held = CLOSED;
  flushes = 0;
  /** What `flush` says next, once. */
  published = false;

  push(batch: Batch<Types>): void {
    this.pushed.push({ time: batch.time, keys: [...batch.columns.key.subarray(0, batch.length)] });
  }

  flush(): boolean {
    this.flushes += 1;
    const { published } = this;
    this.published = false;
    return published;
  }

  retry(): boolean {
    return false;
  }

  heldTime(): number {
    return this.held;
  }

  queuedBytes(): number {
    return 7;
  }
}

function portWith(): { port: OutputPort<Types>; pusher: RecordingPusher; cells: FrontierCells } {
  const cells = new FrontierCells(1);
  const port = new OutputPort(cells, 1, 0, 'count#3.output[0]', schema, 8);
  const pusher = new RecordingPusher();
  port.pushers.push(pusher);
  return { port, pusher, cells };
}

function send(port: OutputPort<Types>, time: number, ...keys: number[]): void {
  port.at(time);
  for (const key of keys) {
    const row = port.append();
    port.columns.key[row] = key;
  }
}

describe('output ports', () => {
  it('send a batch per time, and a new one when a batch is full', () => {
    const { port, pusher } = portWith();
    send(port, 1, 1, 2);
    send(port, 2, ...Array.from({ length: 9 }, (_, key) => key));
    assert.deepEqual(
      pusher.pushed.map(({ time, keys }) => [time, keys.length]),
      [
        [1, 2],
        [2, 8],
      ],
    );
    port.flush();
    assert.deepEqual(pusher.pushed.at(-1), { time: 2, keys: [8] });
    assert.equal(pusher.flushes, 1);
    assert.equal(port.queuedBytes(), 7);
  });

  it('refuse to send before their frontier, and name the time, the frontier and the place', () => {
    const { port } = portWith();
    port.advance(5);
    assert.throws(() => port.at(4), {
      name: 'CapabilityError',
      message:
        'count#3.output[0] (worker 0): cannot send at time 4; ' +
        `expected an integer of at least 5 (the output's frontier) and below ${CLOSED} (closed)`,
    });
    send(port, 5, 1);
  });

  it('refuse so even when nothing was sent at another time meanwhile', () => {
    const { port } = portWith();
    send(port, 3, 1);
    port.flush();
    port.advance(4);
    assert.throws(() => port.at(3), CapabilityError);
    const fresh = portWith().port;
    fresh.advance(1);
    assert.throws(() => fresh.at(0), CapabilityError);
  });

  it('refuse records that are appended at the old time after the frontier has passed it', () => {
    const { port, pusher } = portWith();
    send(port, 3, 1);
    port.flush();
    port.advance(4);
    port.append();
    assert.throws(() => port.flush(), CapabilityError);
    assert.equal(pusher.pushed.length, 1);
  });

  it('refuse what is no timestamp', () => {
    const { port } = portWith();
    for (const time of [-1, 1.5, NaN, CLOSED, 2 ** 32]) {
      assert.throws(() => port.at(time), CapabilityError);
      assert.throws(() => port.hold(time), CapabilityError);
    }
  });

  it('refuse everything once closed', () => {
    const { port } = portWith();
    port.advance(CLOSED);
    assert.throws(() => port.at(2 ** 31 - 2), CapabilityError);
  });

  it('raise their cell to the bound, to what is held, or to what waits, whichever is earliest', () => {
    const { port, pusher, cells } = portWith();
    assert.equal(port.advance(3), true);
    assert.equal(port.advance(3), false);
    const capability = port.hold(5);
    port.advance(9);
    assert.deepEqual([port.frontier, cells.read(1, 0)], [5, 5]);
    pusher.held = 6;
    capability.downgrade(8);
    port.advance(9);
    assert.equal(cells.read(1, 0), 6);
    pusher.held = CLOSED;
    port.advance(9);
    assert.equal(cells.read(1, 0), 8);
    capability.drop();
    port.advance(CLOSED);
    assert.equal(cells.read(1, 0), CLOSED);
  });

  it('never let their frontier fall: the error names the place and both times', () => {
    const { port, cells } = portWith();
    port.advance(7);
    assert.throws(() => port.advance(6), {
      name: 'FrontierError',
      message: 'count#3.output[0] (worker 0): the frontier would fall from 7 to 6',
    });
    assert.deepEqual([port.frontier, cells.read(1, 0)], [7, 7]);
  });

  it('begin many records at once, in a batch of their own when the open one has no room', () => {
    const { port, pusher } = portWith();
    send(port, 1, 10, 11, 12);
    const row = port.appendMany(6);
    port.columns.key.set([20, 21, 22, 23, 24, 25], row);
    port.flush();
    assert.deepEqual(
      pusher.pushed.map(({ keys }) => keys),
      [
        [10, 11, 12],
        [20, 21, 22, 23, 24, 25],
      ],
    );
    assert.throws(() => port.appendMany(9), {
      name: 'EngineError',
      message: 'count#3.output[0]: 9 records at once; expected at most 8',
    });
  });

  it('say of a flush whether any of their channels published something', () => {
    const { port, pusher } = portWith();
    const second = new RecordingPusher();
    port.pushers.push(second);
    assert.equal(port.flush(), false);
    pusher.published = true;
    assert.equal(port.flush(), true);
    assert.equal(port.flush(), false);
    assert.deepEqual([pusher.flushes, second.flushes], [3, 3]);
  });

  it('say so also when everything was published at another time, before the flush', () => {
    const { port } = portWith();
    const channel = { id: 0, name: 'a -> b', schema, rows: 8, slots: 2, output: 0, namesExtents: false };
    const sender = new RecordingSender(schema, 8, 1);
    port.pushers.push(exchange<Types>('key').pusher(channel, [sender], 8));
    send(port, 1, 10);
    // The record at 2 finds no slot, but publishes the one at 1.
    send(port, 2, 20);
    assert.equal(port.flush(), true);
    assert.deepEqual(sender.sent, [{ time: 1, values: [10] }]);
    assert.equal(port.flush(), false);
    port.advance(9);
    assert.equal(port.frontier, 2);
  });

  it('forward a batch at its own time, behind what was appended before', () => {
    const { port, pusher } = portWith();
    const other = portWith();
    send(other.port, 2, 20);
    other.port.batch().time = 2;
    send(port, 1, 10);
    port.forward(other.port.batch());
    assert.deepEqual(pusher.pushed, [
      { time: 1, keys: [10] },
      { time: 2, keys: [20] },
    ]);
    port.advance(3);
    assert.throws(() => port.forward(other.port.batch()), CapabilityError);
  });
});
