/**
 * Record latencies:
 * 1. each runs from the intended time of the very record to the reading of the clock at its batch;
 * 2. each counts in the epoch of its intended time, in whichever order results come;
 * 3. what was loaded has none.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { CLOSED, FIRST_TICK } from 'megaphone-engine';
import { RateSchedule } from '../../load/schedule.ts';
import { LogLinearHistogram } from '../log-linear-histogram.ts';
import { RecordLatency } from '../record-latency.ts';

const START_MS = 5000;
const EPOCH_NS = 1e6;

/** A recorder with a clock and a frontier that the test moves. */
function recorder(ratePerSecond: number, tickNs = 1000) {
  const state = { nowMs: START_MS, frontier: FIRST_TICK };
  const probe = { frontier: () => state.frontier };
  const schedule = new RateSchedule(ratePerSecond, 1, tickNs);
  const latency = new RecordLatency(schedule, probe, () => state.nowMs, EPOCH_NS);
  latency.start(START_MS);
  const observe = (numbers: readonly number[], time = FIRST_TICK): void => {
    latency.observe({ time, length: numbers.length, list: [[], Float64Array.from(numbers)] });
  };
  return { state, latency, observe };
}

describe('RecordLatency', () => {
  it('counts from the intended time of each record of a batch, not from the time of the batch', () => {
    const { state, latency, observe } = recorder(10_000);
    state.nowMs = START_MS + 2;
    observe([0, 3, 7]);
    const { epochs, epochNs } = latency.finish();
    assert.equal(epochNs, EPOCH_NS);
    assert.equal(epochs.length, 1);
    // Records 0, 3 and 7 are intended at 0, 0.3 and 0.7 ms.
    assert.equal(epochs[0]!.records, 3);
    assert.equal(epochs[0]!.maxNs, 2e6);
    assert.equal(epochs[0]!.minNs, 1.3e6);
  });

  it('does not count what was loaded', () => {
    const { latency, observe } = recorder(10_000);
    observe([0, 1, 2], FIRST_TICK - 1);
    assert.deepEqual(latency.finish().epochs, []);
  });

  it('closes an epoch when the frontier has passed its end, and not before', () => {
    const { state, latency, observe } = recorder(10_000);
    state.nowMs = START_MS + 3;
    observe([12, 5]);
    state.frontier = FIRST_TICK + 999;
    latency.update();
    observe([6]);
    state.frontier = FIRST_TICK + 1000;
    latency.update();
    observe([13]);
    state.frontier = CLOSED;
    latency.update();
    const { epochs } = latency.finish();
    assert.deepEqual(
      epochs.map(({ epoch, records }) => [epoch, records]),
      [
        [0, 2],
        [1, 2],
      ],
    );
  });

  it('agrees with one histogram per epoch, in any order of results', () => {
    const rates = fc.constantFrom(7, 999, 10_000, 123_457, 5_000_000);
    const batches = fc.array(
      fc.record({
        numbers: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
          minLength: 1,
          maxLength: 20,
        }),
        afterMs: fc.double({ min: 0, max: 50, noNaN: true }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(rates, batches, (rate, all) => {
        const { state, latency, observe } = recorder(rate);
        const expected = new Map<number, LogLinearHistogram>();
        for (const { numbers, afterMs } of all) {
          state.nowMs += afterMs;
          const records = numbers.map((share) => Math.floor(share * rate));
          observe(records);
          const nowNs = (state.nowMs - START_MS) * 1e6;
          for (const n of records) {
            const intendedNs = Number((BigInt(n) * 1_000_000_000n) / BigInt(rate));
            const epoch = Math.floor(intendedNs / EPOCH_NS);
            if (!expected.has(epoch)) expected.set(epoch, new LogLinearHistogram());
            expected.get(epoch)!.record(nowNs - intendedNs);
          }
        }
        const ascending = [...expected].sort(([a], [b]) => a - b);
        assert.deepEqual(
          latency.finish().epochs,
          ascending.map(([epoch, histogram]) => ({ epoch, ...histogram.drain() })),
        );
      }),
    );
  });
});
