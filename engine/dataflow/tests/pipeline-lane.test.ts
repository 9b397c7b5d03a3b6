import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { BatchPool } from '../batch.ts';
import { PipelineLane } from '../pipeline-lane.ts';
import { Schema } from '../schema.ts';

const schema = new Schema({ key: 'float64' });

describe('pipeline lanes', () => {
  it('ascend by time, keep the order of pushing within a time, and release from the front', () => {
    const times = fc.array(fc.nat(9), { maxLength: 30 });
    fc.assert(
      fc.property(times, fc.nat(30), times, (before, count, after) => {
        const lane = new PipelineLane<(typeof schema)['columns']>();
        const pool = new BatchPool(schema, 8);
        let model: { time: number; key: number }[] = [];
        let pushed = 0;
        const push = (time: number): void => {
          const batch = pool.take();
          batch.time = time;
          batch.length = 1;
          batch.columns.key[0] = pushed;
          lane.push(batch);
          model.push({ time, key: pushed++ });
          model.sort((a, b) => a.time - b.time);
        };
        const check = (): void => {
          const found = Array.from({ length: lane.available() }, (_, i) => lane.at(i));
          assert.deepEqual(
            found.map(({ time, columns }) => ({ time, key: columns.key[0] })),
            model,
          );
        };
        before.forEach(push);
        check();
        const released = Math.min(count, model.length);
        const gone = Array.from({ length: released }, (_, i) => lane.at(i));
        lane.release(released);
        model = model.slice(released);
        check();
        assert.ok(gone.every((batch) => batch.pool === pool));
        const reused = gone.map(() => pool.take());
        assert.deepEqual(new Set(reused), new Set(gone));
        after.forEach(push);
        check();
      }),
    );
  });
});
