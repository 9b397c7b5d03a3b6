import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RunSpec } from '../../config/run-spec.ts';
import { sampleSpec, sampleSummary } from '../../report/tests/sample-run.ts';
import { beginRun, publishRun } from '../../results/run-attempt.ts';
import { runDirectory } from '../../results/run-folders.ts';
import { writeResults } from '../../results/run-writer.ts';
import { provenance } from '../../results/tests/example-run.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

it('megaphone claims reads the runs of a results folder, of one scale', () => {
  const out = mkdtempSync(join(tmpdir(), 'megaphone-claims-'));
  const write = (changes: Partial<RunSpec>, maxMs: number): void => {
    const spec = sampleSpec({ experiment: 'fig1', ...changes });
    const migrations = sampleSummary().migrations.map((migration) => ({ ...migration, maxNs: maxMs * 1e6 }));
    const directory = runDirectory(out, spec);
    const attempt = beginRun(directory, spec, provenance);
    const none = { timeline: [], ccdf: [], migrations: [], memory: [], scheduler: [], histograms: () => {} };
    writeResults(attempt, { ...none, summary: sampleSummary({ migrations }) });
    publishRun(attempt, directory, () => false);
  };
  try {
    write({ scale: 'laptop' }, 300);
    write({ scale: 'laptop', strategy: { name: 'fluid', gapMs: 0 } }, 10);
    write({ scale: 'smoke', repeat: 2 }, 1);
    const text = execFileSync(process.execPath, [MAIN, 'claims', '--out', out, '--json'], { encoding: 'utf8' });
    const judged = JSON.parse(text) as { claim: { id: string }; verdict: string; value?: number; repeats?: number }[];
    const measured = judged.filter(({ verdict }) => verdict !== 'not measured');
    assert.deepEqual(
      measured.map(({ claim, verdict, value, repeats }) => [claim.id, verdict, value, repeats]),
      [['fig1-fluid', 'holds', 30, 1]],
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

it('megaphone claims --markdown prints the table of the README, from results that were kept without distributions', () => {
  const args = [MAIN, 'claims', '--out', join(ROOT, 'results/reference'), '--markdown'];
  const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
  // As the formatter lays it out, columns have a width.
  const rows = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
      .map((line) => line.replaceAll(/ +/gu, ' '));
  const inReadme = new Set(rows(readFileSync(join(ROOT, 'README.md'), 'utf8')));
  assert.ok(rows(printed).length > 20);
  assert.deepEqual(
    rows(printed).filter((row) => !inReadme.has(row)),
    [],
  );
});
