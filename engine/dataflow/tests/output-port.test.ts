import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CapabilityError } from '../../progress/capability.ts';
import { FrontierCells } from '../../progress/frontier-cells.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import type { Batch } from '../batch.ts';
import { type Consumer, OutputPort } from '../output-port.ts';
import { Schema } from '../schema.ts';

const schema = new Schema({ key: 'float64' });
type Types = (typeof schema)['columns'];

class RecordingConsumer implements Consumer<Types> {
  readonly pushed: { time: number; keys: number[] }[] = [];
  held = CLOSED;
  flushes = 0;

  push(batch: Batch<Types>): void {
    this.pushed.push({ time: batch.time, keys: [...batch.columns.key.subarray(0, batch.length)] });
  }

  flush(): void {
    this.flushes += 1;
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

function portWith(): { port: OutputPort<Types>; consumer: RecordingConsumer; cells: FrontierCells } {
  const port = new OutputPort(1, 0, 'count#3.output[0]', schema, 8);
  const cells = new FrontierCells(new ArrayBuffer(FrontierCells.byteLength(2, 1)), 2, 1);
  port.bind(cells);
  const consumer = new RecordingConsumer();
  port.consumers.push(consumer);
  return { port, consumer, cells };
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
    const { port, consumer } = portWith();
    send(port, 1, 1, 2);
    send(port, 2, ...Array.from({ length: 9 }, (_, key) => key));
    assert.deepEqual(
      consumer.pushed.map(({ time, keys }) => [time, keys.length]),
      [
        [1, 2],
        [2, 8],
      ],
    );
    port.flush();
    assert.deepEqual(consumer.pushed.at(-1), { time: 2, keys: [8] });
    assert.equal(consumer.flushes, 1);
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
    const { port, consumer } = portWith();
    send(port, 3, 1);
    port.flush();
    port.advance(4);
    port.append();
    assert.throws(() => port.flush(), CapabilityError);
    assert.equal(consumer.pushed.length, 1);
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
    const { port, consumer, cells } = portWith();
    assert.equal(port.advance(3), true);
    assert.equal(port.advance(3), false);
    const capability = port.hold(5);
    port.advance(9);
    assert.deepEqual([port.frontier, cells.read(1, 0)], [5, 5]);
    consumer.held = 6;
    capability.downgrade(8);
    port.advance(9);
    assert.equal(cells.read(1, 0), 6);
    consumer.held = CLOSED;
    port.advance(9);
    assert.equal(cells.read(1, 0), 8);
    capability.drop();
    port.advance(CLOSED);
    assert.equal(cells.read(1, 0), CLOSED);
  });

  it('forward a batch at its own time, behind what was appended before', () => {
    const { port, consumer } = portWith();
    const other = portWith();
    send(other.port, 2, 20);
    other.port.batch().time = 2;
    send(port, 1, 10);
    port.forward(other.port.batch());
    assert.deepEqual(consumer.pushed, [
      { time: 1, keys: [10] },
      { time: 2, keys: [20] },
    ]);
    port.advance(3);
    assert.throws(() => port.forward(other.port.batch()), CapabilityError);
  });
});
