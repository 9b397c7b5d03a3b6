import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CLOSED, FIRST_TICK, inspect, probe, type Scope } from 'megaphone-engine';
import { simulate } from 'megaphone-engine/simulation';

import { NexmarkGenerator } from '../generator.ts';
import { resolveNexmarkParameters } from '../parameters.ts';
import { nexmarkSource } from '../source.ts';

const TOTAL = 500;
const EVENTS_PER_TICK = 5;
const END = FIRST_TICK + TOTAL / EVENTS_PER_TICK;

const schedule = {
  total: TOTAL,
  intendedTick: (n: number) => Math.floor(n / EVENTS_PER_TICK),
  dueAt: (tick: number) => Math.max(0, Math.min(TOTAL, (tick + 1) * EVENTS_PER_TICK)),
};

/** Frontiers of the bids that each worker saw with the ticks at which it saw them first, and the times of its bids. */
function run(
  peers: number,
  tickNs = 1000,
): { readonly frontiers: ReadonlyMap<number, number>; readonly times: readonly number[] }[] {
  const program = (scope: Scope) => {
    const generator = new NexmarkGenerator(resolveNexmarkParameters(5e6), 1);
    const { streams, source } = nexmarkSource(scope, schedule, generator, tickNs);
    const times: number[] = [];
    const frontiers = new Map<number, number>();
    const done = probe(
      inspect(streams.bids, ({ columns, length }) => times.push(...columns.dateTime.subarray(0, length))),
    );
    return {
      ready: () => source.loaded,
      afterStep() {
        const frontier = done.frontier();
        if (!frontiers.has(frontier)) frontiers.set(frontier, scope.clock.now());
      },
      result: () => ({ frontiers, times }),
    };
  };
  return simulate(program, null, { peers, seed: 1, transport: 'shared-memory', settings: { rows: 64, slots: 4 } });
}

describe('the NEXMark source', () => {
  for (const peers of [1, 3]) {
    it(`makes every event once, and ends after the last ones are through (${peers} workers)`, () => {
      const results = run(peers);
      const times = results.flatMap((result) => result.times).sort((a, b) => a - b);
      // An event per fifth of a microsecond; 46 of 50 are bids.
      const expected = Array.from({ length: TOTAL }, (_, n) => n).filter((n) => n % 50 >= 4);
      assert.deepEqual(
        times,
        expected.map((n) => Math.floor(n / EVENTS_PER_TICK)),
      );
      for (const { frontiers } of results) assert.ok(frontiers.has(END), 'the frontier stops behind the last event');
      assert.ok(
        results.some(({ frontiers }) => frontiers.has(CLOSED)),
        'the input ends',
      );
    });
  }

  it('ends 20 ms after its last event, whatever the tick', () => {
    for (const tickNs of [1000, 7000, 1e6]) {
      const [{ frontiers }] = run(1, tickNs) as [ReturnType<typeof run>[number]];
      const ticks = frontiers.get(CLOSED)! - frontiers.get(END)!;
      // The virtual clock goes on by up to five ticks per step.
      assert.ok(Math.abs(ticks - 20e6 / tickNs) <= 10, `${ticks} ticks of ${tickNs} ns`);
    }
  });
});
