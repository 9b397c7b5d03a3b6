import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FrontierCells } from '../../progress/frontier-cells.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import { type Batch, BatchPool } from '../batch.ts';
import { type InputChannel, InputPort, PipelineInput } from '../input-port.ts';
import { Schema } from '../schema.ts';

const schema = new Schema({ key: 'float64' });
type Types = (typeof schema)['columns'];

function portOver(channel: InputChannel<Types>): InputPort<Types> {
  const port = new InputPort<Types>('join#1.input[0]');
  port.schema = schema;
  port.bind(channel, 8);
  return port;
}

describe('input ports', () => {
  it('read the frontier before the channel', () => {
    const calls: string[] = [];
    const port = portOver({
      frontier: () => calls.push('frontier'),
      collect: () => calls.push('collect'),
      finish: () => calls.push('finish'),
    });
    port.poll();
    assert.deepEqual(calls, ['frontier', 'collect']);
  });

  it('tell whether a poll brought a batch or a frontier', () => {
    const cells = new FrontierCells(new ArrayBuffer(FrontierCells.byteLength(1, 1)), 1, 1);
    const channel = new PipelineInput<Types>(cells, 0, 0);
    const port = portOver(channel);
    assert.equal(port.poll(), false);
    channel.queue.push(new BatchPool(schema, 8).take());
    assert.equal(port.poll(), true);
    port.finish();
    assert.equal(port.poll(), false);
    cells.raise(0, 0, CLOSED);
    assert.equal(port.closed, false);
    assert.equal(port.poll(), true);
    assert.equal(port.closed, true);
  });

  it('return batches to their pool after the run, unless they are retained', () => {
    const cells = new FrontierCells(new ArrayBuffer(FrontierCells.byteLength(1, 1)), 1, 1);
    const channel = new PipelineInput<Types>(cells, 0, 0);
    const port = portOver(channel);
    const pool = new BatchPool(schema, 8);
    const [kept, gone] = [pool.take(), pool.take()];
    channel.queue.push(kept, gone);
    port.poll();
    assert.equal(port.retain(kept), kept);
    port.finish();
    assert.equal(pool.take(), gone);
    kept.release();
    assert.equal(pool.take(), kept);
  });

  it('retain a copy of what lies in a ring', () => {
    const slots = new BatchPool(schema, 8).take();
    const slot = Object.assign(Object.create(slots) as Batch<Types>, { pool: null, time: 4, length: 2 });
    slot.columns.key.set([5, 6]);
    const port = portOver({ frontier: () => 0, collect: () => {}, finish: () => {} });
    const copy = port.retain(slot);
    slot.columns.key.fill(0);
    assert.deepEqual([copy.time, [...copy.columns.key.subarray(0, copy.length)]], [4, [5, 6]]);
    assert.notEqual(copy.pool, null);
  });
});
