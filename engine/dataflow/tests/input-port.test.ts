import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FrontierCells } from '../../progress/frontier-cells.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import { type Batch, BatchPool } from '../batch.ts';
import { ArrivalsPort } from '../input-port.ts';
import { PipelineLane } from '../pipeline-lane.ts';
import { Schema } from '../schema.ts';

const schema = new Schema({ key: 'float64' });
type Types = (typeof schema)['columns'];

function portOver(cells: FrontierCells, worker: number | null = null): ArrivalsPort<Types> {
  return new ArrivalsPort<Types>({ where: 'join#1.input[0]', schema, cells, output: 0, worker });
}

describe('arrivals ports', () => {
  it('read the frontier before the lanes', () => {
    const cells = new FrontierCells(1);
    const port = portOver(cells);
    const arrived: Batch<Types>[] = [];
    port.lanes.push({
      capacity: 2,
      holdsUpSender: false,
      // A sender that publishes a batch and raises its cell after the port has begun to poll.
      available() {
        if (arrived.length === 0) arrived.push(new BatchPool(schema, 8).take());
        cells.raise(0, 0, 5);
        return arrived.length;
      },
      at: (i) => arrived[i]!,
      release: () => {},
    });
    port.poll();
    assert.deepEqual([port.frontier, port.arrivals.length], [0, 1]);
  });

  it('tell whether a poll brought a batch or a frontier', () => {
    const cells = new FrontierCells(1);
    const lane = new PipelineLane<Types>();
    const port = portOver(cells);
    port.lanes.push(lane);
    assert.equal(port.poll(), false);
    lane.push(new BatchPool(schema, 8).take());
    assert.equal(port.poll(), true);
    port.finish();
    assert.equal(port.poll(), false);
    cells.raise(0, 0, CLOSED);
    assert.equal(port.closed, false);
    assert.equal(port.poll(), true);
    assert.equal(port.closed, true);
  });

  it('follow one worker, or all of them', () => {
    const cells = new FrontierCells(2);
    const [own, all] = [portOver(cells, 1), portOver(cells)];
    cells.raise(0, 1, 7);
    own.poll();
    all.poll();
    assert.deepEqual([own.frontier, all.frontier], [7, 0]);
  });

  it('take what is in every lane, and release exactly that after the run', () => {
    const port = portOver(new FrontierCells(1));
    const lanes = [new PipelineLane<Types>(), new PipelineLane<Types>()] as const;
    port.lanes.push(...lanes);
    const pool = new BatchPool(schema, 8);
    const batches = [pool.take(), pool.take(), pool.take()];
    lanes[0].push(batches[0]!);
    lanes[1].push(batches[1]!);
    port.poll();
    assert.deepEqual(port.arrivals, [batches[0], batches[1]]);
    batches[2]!.time = 9;
    lanes[1].push(batches[2]!);
    port.finish();
    assert.deepEqual([port.arrivals.length, lanes[0].available(), lanes[1].available()], [0, 0, 1]);
    assert.deepEqual(new Set([pool.take(), pool.take()]), new Set([batches[0], batches[1]]));
    assert.equal(port.waiting(), false);
  });
});
