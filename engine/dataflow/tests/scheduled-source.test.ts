import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { FrontierCells } from '../../progress/frontier-cells.ts';
import { CLOSED, FIRST_TICK } from '../../progress/timestamp.ts';
import { simulate } from '../../runtime/simulation.ts';
import { keepRows, sorted, type TimedRow } from '../../runtime/tests/timed-rows.ts';
import { type ScheduledInput, scheduledSource, ScheduledSource } from '../operators/scheduled-source.ts';
import { OutputPort } from '../output-port.ts';
import { Schema } from '../schema.ts';
import type { Scope } from '../scope.ts';

const schema = new Schema({ n: 'float64' });
type Types = (typeof schema)['columns'];

/** `perTick` records in each tick. */
const steady = (total: number, perTick: number) => ({
  total,
  intendedTick: (n: number) => Math.floor(n / perTick),
  dueAt: (tick: number) => Math.min(total, (tick + 1) * perTick),
});

const numbers = {
  fill(columns: { readonly n: Float64Array }, row: number, n: number, stride: number, count: number): void {
    for (let i = 0; i < count; i++) columns.n[row + i] = n + i * stride;
  },
};

function part(input: ScheduledInput<Types>, worker = 0, peers = 1) {
  const port = new OutputPort(new FrontierCells(peers), 0, worker, 'here', schema, 8);
  const sent: { time: number; n: number[] }[] = [];
  port.pushers.push({
    push: (batch) => sent.push({ time: batch.time, n: [...batch.columns.n.subarray(0, batch.length)] }),
    flush: () => false,
    retry: () => false,
    heldTime: () => CLOSED,
    queuedBytes: () => 0,
  });
  const logic = new ScheduledSource(port, input, worker, peers);
  const step = (now: number, paused = false): number => {
    const bound = logic.step(now, paused);
    port.flush();
    return bound;
  };
  return { logic, step, sent };
}

describe('scheduled sources', () => {
  it('send nothing before a record is due, and then bound what follows', () => {
    const { step, sent, logic } = part({ schedule: steady(6, 2), records: numbers });
    assert.equal(step(0), FIRST_TICK);
    assert.equal(step(FIRST_TICK), FIRST_TICK);
    assert.deepEqual(sent, []);
    assert.equal(step(FIRST_TICK + 1), FIRST_TICK + 1);
    assert.deepEqual(sent, [{ time: FIRST_TICK, n: [0, 1] }]);
    assert.deepEqual([logic.sent, logic.next], [2, 2]);
    assert.equal(step(FIRST_TICK + 9), CLOSED);
    assert.deepEqual(sent.at(-1), { time: FIRST_TICK + 1, n: [2, 3, 4, 5] });
  });

  it('send nothing while paused, and make up for it', () => {
    const { step, sent, logic } = part({ schedule: steady(100, 1), records: numbers });
    step(FIRST_TICK + 50, true);
    assert.equal(logic.sent, 0);
    step(FIRST_TICK + 50);
    assert.ok(logic.sent > 0);
    assert.equal(sent[0]!.time, FIRST_TICK);
  });

  it('are done at once when there is nothing to send', () => {
    assert.equal(part({ schedule: steady(0, 1), records: numbers }).step(0), CLOSED);
  });

  it('load before the first tick, on every worker its part', () => {
    const { step, sent, logic } = part(
      { schedule: steady(2, 1), records: numbers, load: { total: 100, records: numbers } },
      1,
      3,
    );
    while (!logic.loaded) step(0);
    assert.deepEqual(
      sent.flatMap(({ n }) => n),
      Array.from({ length: 33 }, (_, i) => 1 + 3 * i),
    );
    assert.ok(sent.every(({ time }) => time < FIRST_TICK));
    assert.equal(step(0), FIRST_TICK + 1);
  });

  it('send every record once, at or before its intended time, on the worker whose turn it is', () => {
    const shapes = fc.record({
      peers: fc.integer({ min: 1, max: 4 }),
      total: fc.nat(300),
      perTick: fc.integer({ min: 1, max: 30 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, ({ peers, total, perTick, seed }) => {
        const schedule = steady(total, perTick);
        const program = (scope: Scope) => {
          const { stream, source } = scheduledSource(scope, 'numbers', schema, { schedule, records: numbers });
          const rows: TimedRow[] = [];
          keepRows(stream, rows);
          return { result: () => ({ rows, sent: source.sent }) };
        };
        const results = simulate(program, null, { peers, seed, transport: 'links', settings: { rows: 8, slots: 2 } });
        results.forEach(({ rows, sent }, worker) => {
          assert.equal(sent, rows.length);
          for (const { time, values } of rows) {
            assert.equal(values[0]! % peers, worker);
            assert.ok(time <= FIRST_TICK + schedule.intendedTick(values[0]!));
          }
        });
        const all = sorted(results.flatMap(({ rows }) => rows.map(({ values }) => ({ time: 0, values }))));
        assert.deepEqual(
          all.map(({ values }) => values[0]),
          Array.from({ length: total }, (_, n) => n),
        );
      }),
      { numRuns: 40 },
    );
  });
});
