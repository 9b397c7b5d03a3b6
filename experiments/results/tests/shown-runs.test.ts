import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runId } from '../../config/run-id.ts';
import type { Run } from '../run-reader.ts';
import { parseShownRuns, selectRuns, shownRun } from '../shown-runs.ts';
import { provenance, results, spec } from './example-run.ts';

const run = (repeat: number): Run => {
  const repeated = { ...spec, repeat };
  return { ...results, directory: '', id: runId(repeated), spec: repeated, provenance };
};

describe('the runs that a command draws', () => {
  it('are those that it names, in its order, under its title', () => {
    const called = { title: 'Another title', figure: 'memory', scale: 'laptop' } as const;
    const shown = [3, 1, 7].map((repeat) => shownRun({ ...spec, ...called, repeat }));
    const selected = selectRuns([run(1), run(2), run(3)], parseShownRuns(JSON.stringify(shown)));
    assert.deepEqual(
      selected.map((each) => each.spec),
      [3, 1].map((repeat) => ({ ...spec, ...called, repeat })),
    );
  });

  it('are refused in one line when they cannot be read', () => {
    for (const text of ['', '{}', '[{"id": "a"}]']) {
      assert.throws(() => parseShownRuns(text), { name: 'ResultsError', message: /^the list of runs to draw[^\n]*$/ });
    }
  });
});
