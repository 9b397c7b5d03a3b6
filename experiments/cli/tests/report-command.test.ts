import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { beginRun, publishRun } from '../../results/run-attempt.ts';
import { runDirectory } from '../../results/run-folders.ts';
import { writeResults } from '../../results/run-writer.ts';
import { provenance, results, spec } from '../../results/tests/example-run.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'megaphone-report-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const directory = runDirectory(join(folder, 'results'), spec);
const attempt = beginRun(directory, spec, provenance);
writeResults(attempt, { ...results, histograms: () => {} });
rmSync(join(attempt, 'histograms.hlog'));
publishRun(attempt, directory, () => false);

function report(...args: readonly string[]) {
  const env = { ...process.env, NO_COLOR: '1' };
  Reflect.deleteProperty(env, 'FORCE_COLOR');
  return spawnSync(process.execPath, [main, 'report', ...args], { cwd: folder, encoding: 'utf8', env });
}

describe('megaphone report', () => {
  it('writes a file and prints its path', () => {
    const { status, stdout, stderr } = report('results', '--out', 'page.html');
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'page.html\n', stderr: '' });
    assert.match(readFileSync(join(folder, 'page.html'), 'utf8'), /^<!doctype html>\n<html lang="en">/u);
  });

  for (const [args, complaint] of [
    [['nowhere'], 'nowhere: no such folder; expected a folder of results, for instance results/fig1'],
    [['results', 'results'], 'results: was given twice; expected different folders'],
    [['results', '--out', '.'], '--out: . is a folder; expected a file, for instance report.html'],
    [['results', '--out', 'no/page.html'], '--out: no folder no to write no/page.html into'],
    [['results', '--out', 'a', '--out', 'b'], '--out was given 2 times; expected it once'],
  ] as const) {
    it(`refuses ${args.join(' ')} in one line, with exit code 2`, () => {
      const { status, stdout, stderr } = report(...args);
      assert.deepEqual({ status, stdout, stderr }, { status: 2, stdout: '', stderr: `megaphone: ${complaint}\n` });
    });
  }
});
