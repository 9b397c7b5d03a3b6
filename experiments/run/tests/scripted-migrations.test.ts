import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { applyStep, type Configuration, type Plan } from 'megaphone-engine/planning';

import { ownersOf } from '../../config/owners.ts';
import type { MigrationSpec, RunSpec, StrategySpec } from '../../config/run-spec.ts';
import { sampleSpec } from '../../report/tests/sample-run.ts';
import { scriptedMigrations } from '../scripted-migrations.ts';

const FLUID: StrategySpec = { name: 'fluid', gapMs: 0 };
const THERE: MigrationSpec = { atS: 1, to: { name: 'one-worker', worker: 1 } };
const SWAP: MigrationSpec = { atS: 1.5, to: { name: 'one-worker', worker: 0 } };
const BACK: MigrationSpec = { atS: 2, to: { name: 'balanced' } };

const specOf = (changes: Partial<RunSpec>): RunSpec =>
  sampleSpec({ topology: { processes: 1, workers: 2 }, initial: { name: 'balanced' }, ...changes });

const stepsOf = (plans: readonly Plan[]): number => plans.reduce((sum, { steps }) => sum + steps.length, 0);

/** Where bins are after plans, whose moves must all start where the bins are. */
function after(initial: Configuration, plans: readonly Plan[]): Configuration {
  const owners = initial.slice();
  for (const { steps } of plans) for (const step of steps) applyStep(owners, step);
  return owners;
}

describe('scripted migrations', () => {
  it('lead through the configurations of the run, at their ticks', () => {
    const spec = specOf({ binShift: 4, strategy: FLUID, migrations: [THERE, SWAP, BACK], tickNs: 1000 });
    const { initial, script } = scriptedMigrations(spec);
    assert.deepEqual(
      script.map(({ atTick }) => atTick),
      [1_000_000, 1_500_000, 2_000_000],
    );
    let owners = initial;
    for (const [i, { plan }] of script.entries()) {
      owners = after(owners, [plan]);
      assert.deepEqual(owners, ownersOf(spec.migrations[i]!.to, initial, 4, 2));
    }
  });

  it('are rehearsed in whole rounds that bring all bins home', () => {
    for (const migrations of [[THERE], [THERE, BACK], [THERE, SWAP, BACK]]) {
      const spec = specOf({ binShift: 6, strategy: FLUID, migrations, preTouch: 'all' });
      const { initial, script, rehearsal } = scriptedMigrations(spec);
      assert.deepEqual(after(initial, rehearsal), initial);
      assert.deepEqual(
        rehearsal.slice(0, migrations.length),
        script.map(({ plan }) => plan),
      );
      assert.equal(rehearsal.length, 8 * (migrations.length + 1));
    }
  });

  it('are rehearsed with few bins where their memory must not be touched', () => {
    const { initial, rehearsal } = scriptedMigrations(
      specOf({ binShift: 8, strategy: FLUID, migrations: [THERE, BACK], preTouch: 'state' }),
    );
    assert.deepEqual(after(initial, rehearsal), initial);
    assert.equal(new Set(rehearsal.flatMap(({ steps }) => steps.flat().map(({ bin }) => bin))).size, 16);
    assert.ok(rehearsal.every(({ steps }) => steps.length === 1));
  });

  it('are not rehearsed beyond 2^16 steps, and bins come home all the same', () => {
    for (const migrations of [
      [THERE, BACK],
      [THERE, SWAP, BACK],
    ]) {
      const spec = specOf({ binShift: 17, strategy: FLUID, migrations, preTouch: 'all' });
      const { initial, script, rehearsal } = scriptedMigrations(spec);
      assert.ok(stepsOf(script.map(({ plan }) => plan)) > 2 ** 16);
      assert.equal(stepsOf(rehearsal), 2 ** 16);
      assert.deepEqual(after(initial, rehearsal), initial);
      assert.equal(
        rehearsal.reduce((sum, { bins }) => sum + bins, 0),
        2 ** 16,
      );
    }
  });

  it('have nothing to rehearse when nothing moves', () => {
    assert.deepEqual(scriptedMigrations(specOf({ migrations: [] })).rehearsal, []);
    const still = specOf({ migrations: [BACK], strategy: FLUID, preTouch: 'state' });
    assert.equal(stepsOf(scriptedMigrations(still).rehearsal), 0);
  });
});
