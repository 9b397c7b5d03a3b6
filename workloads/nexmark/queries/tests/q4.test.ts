import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { tickOf } from 'megaphone-engine';

import { nexmarkWorkloads } from '../index.ts';
import { countEntries } from './count-entries.ts';
import {
  assertSameRows,
  atTicks,
  byStrategy,
  checkAgainstOracle,
  expectedRows,
  runMegaphone,
  runNative,
  seeds,
  testInput,
  transports,
} from '../../../tests/run-workload.ts';

const q4 = nexmarkWorkloads['q4']!;

/** Auctions that are open for about 170 events on average, and hot ones among those that are open. */
const closing = { inFlightAuctions: 10, hotBlock: 5, closingStepTicks: 64 };

describe('query 4', () => {
  for (const timeDilation of [1, 79]) {
    it(`averages in the order of closing, while bins move (time dilation ${timeDilation})`, () => {
      checkAgainstOracle(q4, testInput(1500, 1, 4, { ...closing, timeDilation }), [1, 5, 8]);
    });
  }

  it('applies early bids and equal closing times when many events share a tick and a microsecond', () => {
    checkAgainstOracle(q4, testInput(1500, 12, 5, closing), [3]);
  });

  it('applies early bids whose time is far from that of their timestamp', () => {
    // 60 s of event time pass in a tick, and 5 s from one event to the next.
    checkAgainstOracle(q4, testInput(1500, 12, 5, { ...closing, timeDilation: 60e6 }), [3]);
  });

  it('refuses more event time in a tick than early bids can tell apart', () => {
    const input = testInput(100, 1, 5, { timeDilation: 68e6 });
    for (const run of [runNative, runMegaphone]) {
      assert.throws(
        () => run(q4, input, { ...transports[0], peers: 1, seed: 1 }, atTicks([], 1, 3)),
        (error: Error) => /68000000 us of event time pass in a tick/.test(`${error.message} ${String(error.cause)}`),
      );
    }
  });

  it('gives the same rows when all bins move just before, at and just after the times at which auctions close', () => {
    const input = testInput(1000, 1, 6, closing);
    const expected = expectedRows(q4, input);
    const times = [256, 257, 319, 320, 321, 383, 384, 385, 640];
    for (const seed of seeds) {
      for (const transport of transports) {
        const run = runMegaphone(q4, input, { ...transport, peers: 3, seed }, atTicks(times, 3, 4));
        assertSameRows(run.rows, expected, `${transport.transport}, seed ${seed}`);
        for (const departures of run.departures) {
          assert.deepEqual(new Set(departures.map(({ time }) => tickOf(time))), new Set(times));
        }
      }
    }
  });

  it('closes auctions whose bins move after the last event, away and back', () => {
    // The bins hold open auctions and pending entries; no record reaches them any more.
    const input = testInput(300, 1, 7, { ...closing, inFlightAuctions: 40 });
    const times = [301, 305, 310, 315, 400];
    const run = runMegaphone(q4, input, { ...transports[1], peers: 2, seed: 1 }, atTicks(times, 2, 6));
    assertSameRows(run.rows, expectedRows(q4, input), 'after the last event');
    assert.ok(run.departures[0]!.some(({ time, bytes }) => tickOf(time) === 315 && bytes > 0));
  });

  it('keeps no more than the open auctions, and nothing at the end', (t) => {
    const most = [1000, 4000].map((events) => {
      const entries = countEntries(t);
      let highest = 0;
      const input = testInput(events, 1, 8, closing);
      const migrations = byStrategy(input, 2, 4, { name: 'batched', binsPerStep: 3, gapTicks: 0 });
      runMegaphone(q4, input, { ...transports[2], peers: 2, seed: 1 }, migrations, () => {
        highest = Math.max(highest, entries());
      });
      t.mock.restoreAll();
      assert.equal(entries(), 5, 'the totals of the categories remain');
      return highest;
    });
    assert.ok(most[1]! < 2 * most[0]!, `at most ${most[1]} entries for 4000 events, ${most[0]} for 1000`);
  });
});
