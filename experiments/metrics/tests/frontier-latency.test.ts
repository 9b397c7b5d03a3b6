import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CLOSED, FIRST_TICK } from 'megaphone-engine';
import { RateSchedule } from '../../load/schedule.ts';
import { EpochHistograms, type WorkerEpochs } from '../epoch-histograms.ts';
import { FrontierLatency } from '../frontier-latency.ts';

const NS_PER_S = 1_000_000_000n;
const DURATION_S = 0.02;

/** A rise of the frontier by some ticks, observed so long after the tick that the frontier reaches. */
interface Rise {
  readonly ticks: number;
  readonly delayNs: number;
}

interface Scenario {
  readonly ratePerSecond: number;
  readonly tickNs: number;
  readonly worker: number;
  readonly peers: number;
  readonly epochNs: number;
  readonly rises: readonly Rise[];
}

const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    ratePerSecond: fc.oneof(
      fc.integer({ min: 50, max: 1000 }),
      fc.integer({ min: 1000, max: 3_000_000 }),
      fc.constantFrom(1e5, 1e6, 999_983, 2_500_000),
    ),
    tickNs: fc.constantFrom(1000, 100, 1_000_000, 64),
    peers: fc.integer({ min: 1, max: 5 }),
    worker: fc.nat(4),
    epochNs: fc.constantFrom(250_000_000, 1_000_000, 77_777),
    rises: fc.array(
      fc.record({
        ticks: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 30_000 })),
        delayNs: fc.oneof(
          fc.double({ min: -2000, max: 2e5, noNaN: true }),
          fc.double({ min: 0, max: 1e10, noNaN: true }),
          // Beyond the last bucket.
          fc.constantFrom(2.2e12, 3e12),
        ),
      }),
      { maxLength: 25 },
    ),
  })
  .map((scenario) => ({ ...scenario, worker: scenario.worker % scenario.peers }));

/** When the frontier stands where, with CLOSED at the end. */
function frontiers({ rises, tickNs }: Scenario): { readonly frontier: number; readonly nowMs: number }[] {
  let frontier = FIRST_TICK;
  const all = rises.map(({ ticks, delayNs }) => {
    frontier += ticks;
    return { frontier, nowMs: ((frontier - FIRST_TICK) * tickNs + delayNs) / 1e6 };
  });
  return [...all, { frontier: CLOSED, nowMs: 1e4 }];
}

/** What the definition says, record by record. */
function plainly(scenario: Scenario, schedule: RateSchedule): WorkerEpochs {
  const epochs = new EpochHistograms(scenario.epochNs);
  let next = scenario.worker;
  for (const { frontier, nowMs } of frontiers(scenario)) {
    for (; next < schedule.total && FIRST_TICK + schedule.intendedTick(next) < frontier; next += scenario.peers) {
      const intendedNs = Number((BigInt(next) * NS_PER_S) / BigInt(scenario.ratePerSecond));
      epochs.record(intendedNs, nowMs * 1e6 - intendedNs);
    }
  }
  return epochs.finish();
}

function measured(scenario: Scenario, schedule: RateSchedule): WorkerEpochs {
  let frontier = FIRST_TICK;
  let now = 0;
  const latency = new FrontierLatency(
    schedule,
    { frontier: () => frontier },
    scenario.worker,
    scenario.peers,
    () => now,
    new EpochHistograms(scenario.epochNs),
  );
  latency.start(0);
  latency.update();
  for (const seen of frontiers(scenario)) {
    frontier = seen.frontier;
    now = seen.nowMs;
    latency.update();
  }
  return latency.finish();
}

describe('FrontierLatency', () => {
  it('counts every record in the bucket and the epoch of its own, with exact extremes', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const schedule = new RateSchedule(scenario.ratePerSecond, DURATION_S, scenario.tickNs);
        assert.deepEqual(measured(scenario, schedule), plainly(scenario, schedule));
      }),
      { numRuns: 300 },
    );
  });

  it('stays exact over millions of records at a rate without a common factor with a second', () => {
    const scenario = { ratePerSecond: 49_999_991, tickNs: 1000, worker: 1, peers: 3, epochNs: 3_000_000, rises: [] };
    const schedule = new RateSchedule(scenario.ratePerSecond, DURATION_S, 1000);
    assert.deepEqual(measured(scenario, schedule), plainly(scenario, schedule));
  });

  it('counts nothing before the frontier has passed a record', () => {
    const schedule = new RateSchedule(1000, 1, 1000);
    const latency = new FrontierLatency(schedule, { frontier: () => FIRST_TICK }, 0, 1, () => 5);
    latency.update();
    assert.deepEqual(latency.finish().epochs, []);
  });
});
