/**
 * The laws of migration, over random programs, plans, rings and interleavings:
 *
 * (a) a host applies a record only after its frontiers have passed the record's time, in the order of time;
 * (b) no frontier falls, and no record arrives before a frontier that was shown;
 * (c) every bin has one owner, or is in flight once; at the end it is where the configuration wants it;
 * (d) every update is applied on configuration(time, bin);
 * (e) the results of every time are those of the single-threaded oracle;
 * (f) when the inputs close, every output closes: the simulation ends.
 *
 * (a) to (d) are checked inside the programs, which throw; (f) by the simulation, which throws when a run does not end.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { simulate } from '../../runtime/simulation.ts';
import { type Fault, interleave } from '../../runtime/tests/interleaving.ts';
import { simulations } from '../../runtime/tests/simulations.ts';
import { sorted, type TimedRow } from '../../runtime/tests/timed-rows.ts';
import { checkedProgram, Run, widest } from './checked-programs.ts';
import { oracle } from './oracle.ts';
import { type Scenario, scenarios } from './scenario.ts';

/** What can be broken: a rule of the order, or the ownership of memory. */
type BrokenEngine = Fault | 'extents freed early';

function execute(run: Run, fault: Fault): TimedRow[][] {
  const { peers, seed, rows, slots, scheduler, ringStart } = run.scenario;
  const settings = { rows, slots };
  if (scheduler === 'interruptions' || fault !== 'none') {
    return interleave(checkedProgram, run, { peers, seed, settings, fault, ringStart });
  }
  const workersPerProcess = peers % 2 === 0 && seed % 2 === 0 ? 2 : 1;
  const options = { peers, seed, settings, transport: scheduler, workersPerProcess, limit: 400_000, ringStart };
  return simulate(checkedProgram, run, options);
}

/** Runs a scenario and checks everything; throws what is violated. */
function check(scenario: Scenario, fault: BrokenEngine = 'none'): Run {
  const run = new Run(scenario, fault === 'extents freed early');
  const results = execute(run, fault === 'extents freed early' ? 'none' : fault).flat();
  run.settle();
  assert.deepEqual(sorted(results), sorted(oracle(scenario, widest[scenario.program])));
  return run;
}

/** A scenario in which much is in flight between three workers. */
const busy = (seed: number): Scenario => ({
  program: (['reminders', 'join', 'chain'] as const)[seed % 3]!,
  peers: 3,
  binShift: 4,
  scheduler: 'interruptions',
  seed,
  rows: 8,
  slots: 2,
  ringStart: -3,
  lookahead: 4,
  handoff: 'copy',
  control: { kind: 'wild', moves: 40, ahead: 5, seed },
  input: { records: 300, span: 60, domain: 20, burst: 8, seed },
});

describe('migration', () => {
  it('keeps its laws in every interleaving', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        check(scenario);
      }),
      simulations(100),
    );
  });

  it('moves bins in the runs that are checked', () => {
    const departures = [0, 1, 2].map((seed) => check(busy(seed)).operator(0).departures);
    for (const count of departures) assert.ok(count >= 10, `${count} departures; expected at least 10`);
  });

  it('replays a run exactly from its seeds', () => {
    for (const scheduler of ['shared-memory', 'links', 'interruptions'] as const) {
      const scenario = { ...busy(1), scheduler };
      assert.deepEqual(execute(new Run(scenario), 'none'), execute(new Run(scenario), 'none'));
    }
  });
});

describe('the checks', () => {
  for (const fault of [
    'cells before data',
    'channels before cells',
    'raises before frames',
    'slots released early',
    'wake-ups forgotten',
    'waiting batches forgotten',
    'extents freed early',
  ] as const) {
    it(`notice an engine with ${fault}`, () => {
      const seeds = Array.from({ length: 12 }, (_, seed) => seed);
      const noticed = seeds.filter((seed) => {
        try {
          check(busy(seed), fault);
          return false;
        } catch {
          return true;
        }
      });
      assert.ok(noticed.length > 0, `${seeds.length} runs with a broken order looked right`);
    });
  }
});
