import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measurementLabels } from '../../experiments/report/labels.ts';
import { groupRuns, markedNames } from '../run-group.ts';
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

  it('stand in the order of their runs, if that is wanted', () => {
    const specs = (['fluid', 'all-at-once'] as const).map((name) => ({ strategy: fixtureStrategy(name) }));
    const runs = [2, 1].flatMap((repeat) => specs.map((spec) => fixtureRun({ spec: { ...spec, repeat } })));
    const names = (groups: ReturnType<typeof groupRuns>) => groups.map(({ spec }) => spec.strategy.name);
    assert.deepEqual(names(groupRuns(runs, 'given')), ['fluid', 'all-at-once']);
    assert.deepEqual(names(groupRuns(runs)), ['all-at-once', 'fluid']);
    assert.deepEqual(groupRuns(runs, 'given')[0]?.repeats.map(({ spec }) => spec.repeat), [1, 2]); // prettier-ignore
  });

  it('stand in the order of the paper', () => {
    const native = fixtureRun({ spec: { migrations: [], workload: { ...fixtureSpec.workload, variant: 'native' } } });
    const still = fixtureRun({ spec: { migrations: [] } });
    const moving = (['optimized', 'fluid', 'all-at-once'] as const).map((name) =>
      fixtureRun({ spec: { strategy: fixtureStrategy(name) } }),
    );
    assert.deepEqual(measurementLabels(groupRuns([native, still, ...moving]).map(({ spec }) => spec)), [
      'all-at-once',
      'fluid',
      'optimized (16 bins per pair)',
      'no migration',
      'native',
    ]);
  });

  it('say when a repeat was overloaded', () => {
    assert.deepEqual(markedNames(groupRuns([fixtureRun({ valid: false })])), ['all-at-once: overload']);
  });
});
