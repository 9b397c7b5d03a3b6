import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { groupNames, groupRuns, markedNames, strategyLabel, varyingDimensions } from '../run-group.ts';
import { fixtureRun, fixtureSpec, fixtureStrategy } from './fixture-runs.ts';

describe('groups of runs', () => {
  it('hold the repeats of one run in order, whatever the order of the runs', () => {
    const runs = [3, 1, 2].map((repeat) => fixtureRun({ spec: { repeat } }));
    const [group, ...others] = groupRuns(runs);
    assert.deepEqual(others, []);
    assert.deepEqual(
      group?.repeats.map(({ spec }) => spec.repeat),
      [1, 2, 3],
    );
  });

  it('stand in the order of the paper', () => {
    const native = fixtureRun({ spec: { migrations: [], workload: { ...fixtureSpec.workload, variant: 'native' } } });
    const still = fixtureRun({ spec: { migrations: [] } });
    const moving = (['optimized', 'fluid', 'all-at-once'] as const).map((name) =>
      fixtureRun({ spec: { strategy: fixtureStrategy(name) } }),
    );
    assert.deepEqual(groupNames(groupRuns([native, still, ...moving]).map(({ spec }) => spec)), [
      'all-at-once',
      'fluid',
      'optimized (16 bins per pair)',
      'no migration',
      'native',
    ]);
  });

  it('are named by what differs', () => {
    const specs = [4, 12].map((binShift) => ({ ...fixtureSpec, binShift }));
    assert.deepEqual(groupNames(specs), ['16 bins (2⁴)', '4096 bins (2¹²)']);
    assert.deepEqual(
      varyingDimensions(specs).map(({ name }) => name),
      ['number of bins'],
    );
    assert.deepEqual(groupNames([fixtureSpec, { ...fixtureSpec, workload: { ...fixtureSpec.workload, name: 'q3' } }]), [
      'key-count',
      'Q3',
    ]);
  });

  it('have different names in any case', () => {
    const later = { ...fixtureSpec, migrations: fixtureSpec.migrations.map(({ atS, to }) => ({ atS: atS + 1, to })) };
    assert.deepEqual(groupNames([fixtureSpec, later]), ['all-at-once', 'all-at-once [2]']);
  });

  it('say when a repeat was overloaded', () => {
    assert.deepEqual(markedNames(groupRuns([fixtureRun({ valid: false })])), ['all-at-once: overload']);
  });

  it('name a strategy with its parameters', () => {
    const strategy = { name: 'batched', binsPerStep: 1, gapMs: 100 } as const;
    assert.equal(strategyLabel({ ...fixtureSpec, strategy }), 'batched (1 bin per step, gap 100 ms)');
  });
});
