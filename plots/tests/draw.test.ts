import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RunSpec } from '../../experiments/config/run-spec.ts';
import { beginRun, publishRun } from '../../experiments/results/run-attempt.ts';
import { runDirectory } from '../../experiments/results/run-folders.ts';
import { writeResults } from '../../experiments/results/run-writer.ts';
import { shownRun } from '../../experiments/results/shown-runs.ts';
import { drawables } from '../../experiments/results/results-folder.ts';
import { fixtureRun, fixtureSpec, fixtureStrategy } from './fixture-runs.ts';

const program = fileURLToPath(new URL('../draw.ts', import.meta.url));
const results = mkdtempSync(join(tmpdir(), 'megaphone-plots-'));

after(() => rmSync(results, { recursive: true }));

function draw(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', input });
  return { status, written: stdout.trim().split('\n'), complaint: stderr.trim() };
}

/** Writes a fixture run below `results`. */
function writeRun(spec: RunSpec): void {
  const run = fixtureRun({ spec });
  const directory = runDirectory(results, spec);
  const attempt = beginRun(directory, spec, run.provenance);
  writeResults(attempt, { ...run, histograms: () => undefined });
  publishRun(attempt, directory, assert.fail);
}

describe('the drawing program', () => {
  const done = { ...fixtureSpec, experiment: 'done' };
  const cut = { ...fixtureSpec, experiment: 'cut' };
  const fluid = { ...done, strategy: fixtureStrategy('fluid') };
  writeRun(done);
  beginRun(runDirectory(results, cut), cut, fixtureRun().provenance);
  const damaged = { ...fixtureSpec, experiment: 'damaged' };
  writeRun(damaged);
  writeFileSync(join(runDirectory(results, damaged), 'run.json'), '{}');
  writeFileSync(join(results, 'file'), '');

  it('writes the charts of an experiment, and their specification with the data', () => {
    const directory = join(results, 'done');
    const { status, written, complaint } = draw([directory]);
    const names = ['svg', 'png', 'vl.json'].map((extension) =>
      join(directory, 'figures', `done-timeline-laptop.${extension}`),
    );
    assert.deepEqual({ status, written, complaint }, { status: 0, written: names, complaint: '' });
    assert.ok(names.every(existsSync));
    assert.match(readFileSync(names[2] ?? '', 'utf8'), /"\$schema":"https:\/\/vega/);
  });

  it('takes one run, or all experiments', () => {
    const directory = runDirectory(results, done);
    assert.equal(draw([directory]).written[0], join(directory, 'figures', 'done-timeline-laptop.svg'));
    assert.equal(draw([results]).written[0], join(results, 'done', 'figures', 'done-timeline-laptop.svg'));
  });

  it('draws another kind of chart when asked', () => {
    const directory = join(results, 'done');
    const { written, complaint } = draw([directory, '--figure', 'ccdf']);
    assert.equal(complaint, '');
    assert.equal(written[0], join(directory, 'figures', 'done-ccdf-laptop.svg'));
    assert.match(readFileSync(join(directory, 'figures', 'done-ccdf-laptop.vl.json'), 'utf8'), /records/);
    for (const wrong of [['--figure', 'pie'], ['--figure'], ['--fig', 'ccdf']]) {
      assert.equal(draw([directory, ...wrong]).status, 2);
    }
  });

  it('draws only the runs that it is given, under their present title', () => {
    writeRun(fluid);
    const directory = join(results, 'done');
    const shown = [{ ...shownRun(fluid), title: 'Another title', scale: 'smoke' }];
    const { written, complaint } = draw([directory, '--shown'], JSON.stringify(shown));
    assert.equal(complaint, '');
    assert.equal(written.length, 3);
    const text = readFileSync(join(directory, 'figures', 'done-timeline-smoke.vl.json'), 'utf8');
    assert.match(text, /Another title/);
    assert.doesNotMatch(text, /all-at-once/);
    assert.equal(draw([directory, '--shown'], 'nonsense').status, 2);
  });

  it('draws what the files have when distributions were not kept, and says what it cannot draw', () => {
    const spec = { ...fixtureSpec, experiment: 'kept' };
    writeRun(spec);
    const kept = join(results, 'kept');
    rmSync(join(runDirectory(results, spec), 'ccdf.csv'));
    assert.deepEqual([draw([kept]).status, draw([kept]).complaint], [0, '']);
    const { status, complaint } = draw([kept, '--figure', 'ccdf']);
    rmSync(kept, { recursive: true });
    assert.equal(status, 2);
    assert.deepEqual(complaint.split('\n'), [
      `${kept}: 1 of 1 runs cannot be drawn: their ccdf.csv was not kept`,
      `${kept}: nothing to draw`,
    ]);
  });

  it('says in one line what the file system refuses', () => {
    const spec = { ...fixtureSpec, experiment: 'blocked' };
    writeRun(spec);
    const blocked = join(results, 'blocked');
    writeFileSync(join(blocked, 'figures'), '');
    const { status, complaint } = draw([blocked]);
    rmSync(blocked, { recursive: true });
    assert.equal(status, 1);
    assert.match(complaint, /^E[A-Z]+: [^\n]*figures'$/);
  });

  it('passes over a run that cannot be read, in one line', () => {
    const { status, complaint } = draw([results]);
    assert.equal(status, 0);
    assert.match(complaint, /^[^\n]*run\.json: has no format[^\n]*counts as not made$/);
  });

  it('refuses in one line what is no folder of complete runs', () => {
    const faults: [folder: string, complaint: RegExp][] = [
      [join(results, 'absent'), /absent: no such folder; expected/],
      [join(results, 'file'), /file: not a folder; expected/],
      [join(results, 'done', 'figures'), /figures: holds no complete runs/],
      [join(results, 'cut'), /cut: holds no complete runs/],
      [join(results, 'damaged'), /damaged: none of its runs can be read/],
      [runDirectory(results, cut), /no such folder/],
    ];
    for (const [folder, complaint] of faults) assert.throws(() => drawables(folder, () => {}), complaint);
    const { status, complaint } = draw([join(results, 'absent')]);
    assert.equal(status, 2);
    assert.match(complaint, /^[^\n]*absent: no such folder[^\n]*$/);
    assert.deepEqual(draw([]).status, 2);
    assert.deepEqual(draw([results, '--all']).status, 2);
  });
});
