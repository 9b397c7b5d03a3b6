import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RateSchedule, ScheduleError } from '../schedule.ts';

const rates = [1, 3, 7, 999, 1000, 3001, 250_000, 700_001, 1_000_003, 4_000_000, 32_000_000, 32_000_001];

/** Rate, duration and tick of schedules that are representable. */
const schedules = fc
  .record({
    rate: fc.oneof(fc.constantFrom(...rates), fc.integer({ min: 1, max: 40_000_000 })),
    durationS: fc.oneof(fc.constantFrom(0.25, 1, 12, 30, 1200), fc.double({ min: 0.001, max: 2000, noNaN: true })),
    tickNs: fc.constantFrom(1000, 10_000, 1_000_000),
  })
  .map(({ rate, durationS, tickNs }) => new RateSchedule(rate, durationS, tickNs));

/** The definition in exact arithmetic. */
function exactTick(schedule: RateSchedule, n: number): number {
  const perTick = BigInt(schedule.tickNs) * BigInt(schedule.ratePerSecond);
  return Number((BigInt(n) * 1_000_000_000n) / perTick);
}

/** A record number and the total; numbers cluster at both ends. */
function recordOf(schedule: RateSchedule, share: number): number {
  return Math.min(schedule.total - 1, Math.floor(share * schedule.total));
}

const shares = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));

describe('RateSchedule', () => {
  it('puts record n at n / rate', () => {
    const schedule = new RateSchedule(4, 2, 1000);
    assert.equal(schedule.total, 8);
    assert.equal(schedule.endTick, 2_000_000);
    assert.deepEqual(
      [0, 1, 4, 7].map((n) => schedule.intendedTick(n)),
      [0, 250_000, 1_000_000, 1_750_000],
    );
    assert.deepEqual(
      [-1, 0, 249_999, 250_000, 1_749_999, 1_750_000, 9e8].map((tick) => schedule.dueAt(tick)),
      [0, 1, 1, 2, 7, 8, 8],
    );
  });

  it('offers the whole of a fractional duration in spite of rounding', () => {
    assert.equal(new RateSchedule(3_000_000, 0.1, 1000).total, 300_000);
    assert.equal(new RateSchedule(3, 1.1, 1000).total, 3);
  });

  it('has intended ticks equal to exact arithmetic', () => {
    fc.assert(
      fc.property(schedules, shares, (schedule, share) => {
        fc.pre(schedule.total > 0);
        const n = recordOf(schedule, share);
        assert.equal(schedule.intendedTick(n), exactTick(schedule, n));
      }),
      { numRuns: 2000 },
    );
  });

  it('has dueAt as the exact inverse of intendedTick', () => {
    fc.assert(
      fc.property(schedules, shares, fc.integer({ min: -2, max: 2 }), (schedule, share, offset) => {
        fc.pre(schedule.total > 0);
        const tick = schedule.intendedTick(recordOf(schedule, share)) + offset;
        const due = schedule.dueAt(tick);
        assert.ok(due === 0 || schedule.intendedTick(due - 1) <= tick);
        assert.ok(due === schedule.total || schedule.intendedTick(due) > tick);
      }),
      { numRuns: 2000 },
    );
  });

  it('has everything due before its end, and nothing before its start', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        assert.equal(schedule.dueAt(schedule.endTick - 1), schedule.total);
        assert.equal(schedule.dueAt(-1), 0);
        assert.ok(schedule.endTick < 2 ** 31 - 1);
      }),
    );
  });

  it('refuses a run longer than the range of timestamps and says which tick fits', () => {
    assert.throws(() => new RateSchedule(1000, 3000, 1000), {
      name: 'ScheduleError',
      message: /3000 s in ticks of 1000 ns ends at tick 3000000000.*at least 1408 ns/,
    });
    assert.equal(new RateSchedule(1000, 3000, 2000).endTick, 1_500_000_000);
  });

  it('refuses rates, durations and ticks that make no schedule', () => {
    for (const [rate, durationS, tickNs] of [
      [0, 1, 1000],
      [2.5, 1, 1000],
      [Number.NaN, 1, 1000],
      [1000, 0, 1000],
      [1000, Number.NaN, 1000],
      [1000, 1, 0],
      [1_999_993, 1, 999_983],
    ] as const) {
      assert.throws(() => new RateSchedule(rate, durationS, tickNs), ScheduleError);
    }
  });
});
