import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runDirectory } from '../../experiments/results/run-id.ts';
import { beginRun, completeRun } from '../../experiments/results/run-writer.ts';
import { drawables } from '../results-folder.ts';
import { fixtureRun, fixtureSpec } from './fixture-runs.ts';

const program = fileURLToPath(new URL('../draw.ts', import.meta.url));
const results = mkdtempSync(join(tmpdir(), 'megaphone-plots-'));

after(() => rmSync(results, { recursive: true }));

function draw(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, written: stdout.trim().split('\n'), complaint: stderr.trim() };
}

describe('the drawing program', () => {
  const done = { ...fixtureSpec, experiment: 'done' };
  const cut = { ...fixtureSpec, experiment: 'cut' };
  const run = fixtureRun({ spec: done });
  beginRun(runDirectory(results, done), done, run.provenance);
  completeRun(runDirectory(results, done), { ...run, histograms: () => undefined });
  beginRun(runDirectory(results, cut), cut, run.provenance);
  writeFileSync(join(results, 'file'), '');

  it('writes the charts of an experiment, and their specification with the data', () => {
    const directory = join(results, 'done');
    const { status, written, complaint } = draw(directory);
    const names = ['svg', 'png', 'vl.json'].map((extension) =>
      join(directory, 'figures', `done-timeline-laptop.${extension}`),
    );
    assert.deepEqual({ status, written, complaint }, { status: 0, written: names, complaint: '' });
    assert.ok(names.every(existsSync));
    assert.match(readFileSync(names[2] ?? '', 'utf8'), /"\$schema":"https:\/\/vega/);
  });

  it('takes one run, or all experiments', () => {
    const directory = runDirectory(results, done);
    assert.equal(draw(directory).written[0], join(directory, 'figures', 'done-timeline-laptop.svg'));
    assert.equal(draw(results).written[0], join(results, 'done', 'figures', 'done-timeline-laptop.svg'));
  });

  it('refuses in one line what is no folder of complete runs', () => {
    const faults: [folder: string, complaint: RegExp][] = [
      [join(results, 'absent'), /absent: no such folder; expected/],
      [join(results, 'file'), /file: a file; expected/],
      [join(results, 'done', 'figures'), /figures: no runs/],
      [join(results, 'cut'), /cut: no complete run/],
      [runDirectory(results, cut), /not complete/],
    ];
    for (const [folder, complaint] of faults) assert.throws(() => drawables(folder), complaint);
    const { status, complaint } = draw(join(results, 'absent'));
    assert.equal(status, 2);
    assert.match(complaint, /^[^\n]*absent: no such folder[^\n]*$/);
    assert.deepEqual(draw().status, 2);
  });
});
