/** Queries 5 to 8: migrations at chosen times, and state that stays bounded. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Scope } from 'megaphone-engine';
import { controlStream } from 'megaphone-engine/migration';
import { balanced, Controller } from 'megaphone-engine/planning';
import { simulate } from 'megaphone-engine/simulation';

import type { WorkloadInput } from '../../../workload.ts';
import { nexmarkWorkloads } from '../index.ts';
import {
  assertSameRows,
  atTicks,
  expectedRows,
  runMegaphone,
  seeds,
  testInput,
  TICK_NS,
  transports,
} from '../../../tests/run-workload.ts';

/** Windows end at the multiples of this; one tick is one microsecond of event time. */
const WINDOW_US = 20;

const queries = {
  q5: { q5WindowUs: 2 * WINDOW_US, q5SlideUs: WINDOW_US, hotBlock: 5 },
  q6: { inFlightAuctions: 10, closingStepTicks: 8, hotBlock: 5, activePeople: 5, q6Closings: 3 },
  q7: { q7WindowUs: WINDOW_US },
  q8: { q8WindowUs: WINDOW_US, activePeople: 5, hotBlock: 4 },
} as const;

type Query = keyof typeof queries;

const names = Object.keys(queries) as Query[];

/** All events of each `ticks` ticks come at the first of these: after it, only timers are due. */
function inBursts(input: WorkloadInput, ticks: number): WorkloadInput {
  const { total } = input.schedule;
  const eventsPerBurst = (input.ratePerSecond * TICK_NS * ticks) / 1e9;
  return {
    ...input,
    schedule: {
      total,
      intendedTick: (n) => Math.floor(n / eventsPerBurst) * ticks,
      dueAt: (tick) => Math.min(total, (Math.floor(tick / ticks) + 1) * eventsPerBurst),
    },
  };
}

/** All bins go to the next worker at each of the times. */
function checkMigrationsAt(name: Query, input: WorkloadInput, times: readonly number[]): void {
  const workload = nexmarkWorkloads[name]!;
  const expected = expectedRows(workload, input);
  for (const seed of seeds) {
    for (const peers of [2, 3]) {
      const setting = { ...transports[(peers + seed) % 2]!, peers, seed };
      const { rows, departures } = runMegaphone(workload, input, setting, atTicks(times, peers, 3));
      assertSameRows(rows, expected, `${name}, ${peers} workers, seed ${seed}`);
      for (const operator of departures) assert.ok(operator.length > 0, `${name}: nothing moved`);
    }
  }
}

/** Bytes of an operator's state on a single worker. */
interface StateBytes {
  /** The most after any step. */
  readonly peak: number;
  /** After the end of the input. */
  readonly end: number;
}

/** By operator. */
function stateBytes(name: Query, events: number): readonly StateBytes[] {
  const input = testInput(events, 5, 1, queries[name]);
  const program = (scope: Scope) => {
    const control = controlStream(scope, {
      binShift: 1,
      initial: balanced(1, 1),
      lookaheadTicks: 20,
      driver: () => new Controller({ script: [], probe: scope.probe(), endTick: 0 }),
    });
    const built = nexmarkWorkloads[name]!.megaphone(scope, input, control);
    const peaks = built.migratables.map(() => 0);
    return {
      afterStep: () =>
        built.migratables.forEach((operator, i) => (peaks[i] = Math.max(peaks[i]!, operator.stateBytes))),
      result: () => built.migratables.map((operator, i) => ({ peak: peaks[i]!, end: operator.stateBytes })),
    };
  };
  const setting = { peers: 1, seed: 1, transport: 'shared-memory', settings: { rows: 64, slots: 8 } } as const;
  return simulate(program, null, setting)[0]!;
}

describe('queries 5 to 8', () => {
  for (const name of names) {
    it(`${name}: bins move right before, at and right after the ends of windows, and come back`, () => {
      const ends = [3, 4, 7, 8].map((window) => window * WINDOW_US);
      checkMigrationsAt(
        name,
        testInput(1200, 5, 11, queries[name]),
        ends.flatMap((end) => [end - 1, end, end + 1, end + 2]),
      );
    });

    it(`${name}: bins move when nothing but timers is due`, () => {
      const burst = 3 * WINDOW_US;
      const input = inBursts(testInput(1500, 5, 12, queries[name]), burst);
      const times = [1, 2, 3].flatMap((n) => [10, WINDOW_US + 5, 2 * WINDOW_US].map((after) => n * burst + after));
      checkMigrationsAt(name, input, times);
    });

    it(`${name}: state does not grow with the length of the input, and none is left`, () => {
      const short = stateBytes(name, 2000);
      const long = stateBytes(name, 12_000);
      // The latest prices of every seller are kept for good.
      const operators = name === 'q6' ? [0] : short.keys();
      for (const i of operators) {
        // Tables double when they grow.
        const most = 2 * short[i]!.peak;
        assert.ok(long[i]!.peak <= most, `operator ${i}: ${long[i]!.peak} bytes, expected at most ${most}`);
        // The bins of the pre-reduction have a fixed size: two numbers each.
        assert.equal(long[i]!.end, name === 'q7' && i === 0 ? 2 * 2 * 8 : 0, `operator ${i}`);
      }
    });
  }
});
