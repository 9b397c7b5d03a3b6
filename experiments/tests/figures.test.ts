/** All figures at smoke scale, as a user makes them: runs, files of results, charts, agreement of outputs. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { figureIds } from '../cli/figures-command.ts';
import { configFile, packageConfigs } from '../cli/config-path.ts';
import { loadExperiment } from '../config/load.ts';
import { runId } from '../config/run-id.ts';
import { runLabels } from '../report/labels.ts';
import { digestMismatches } from '../run/digests.ts';
import { findCargo } from '../run/timely/build.ts';
import { readExperiment, type Run } from '../results/run-reader.ts';

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs `megaphone figures --scale smoke`. */
function figures(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, 'figures', '--scale', 'smoke', ...args], { stdio: 'pipe' });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output, errors })));
}

describe('all figures at smoke scale', () => {
  const out = mkdtempSync(join(tmpdir(), 'megaphone-figures-'));
  const runsOf = (id: string): Run[] => readExperiment(join(out, id), assert.fail);
  const specsOf = (id: string) => loadExperiment(configFile(id), { scale: 'smoke' }).specs;
  const noCargo = findCargo() === undefined && 'needs cargo, which is not found';
  const leftOut = noCargo
    ? packageConfigs().filter((id) => specsOf(id).some(({ engine }) => engine !== undefined))
    : [];
  const skipped = (id: string) => ({ skip: leftOut.includes(id) && noCargo });

  before(async () => {
    // Two commands at a time: at this scale runs mostly start and end.
    const made = figureIds().filter((id) => !leftOut.includes(id));
    const halves = [0, 1].map((half) => made.filter((_, index) => index % 2 === half));
    for (const ended of await Promise.all(halves.map((ids) => figures(...ids, '--out', out)))) {
      assert.equal(ended.code, 0, ended.errors + ended.output);
    }
  });
  after(() => rmSync(out, { recursive: true, force: true }));

  for (const id of packageConfigs()) {
    it(`${id}: every run of its config is complete, and its files have rows`, skipped(id), () => {
      const specs = specsOf(id);
      const runs = runsOf(id);
      assert.deepEqual(runs.map(({ spec }) => runId(spec)).sort(), specs.map((spec) => runId(spec)).sort());
      for (const { spec, summary, timeline, ccdf, memory, migrations } of runs) {
        assert.equal(summary.offeredRecords, spec.ratePerSecond * spec.durationS);
        assert.equal(summary.completedRecords, summary.offeredRecords);
        for (const rows of [timeline, ccdf, memory]) assert.ok(rows.length > 0);
        assert.deepEqual(
          new Set(migrations.map(({ migration }) => migration)),
          new Set(spec.migrations.map((_, index) => index)),
        );
      }
    });

    it(`${id}: outputs agree whatever strategy, number of bins and variant`, skipped(id), () => {
      const runs = runsOf(id);
      const labels = runLabels(runs.map(({ spec }) => spec));
      const digests = runs.map(({ spec, summary }, index) => ({
        spec,
        label: labels[index] ?? '',
        digest: summary.digest,
      }));
      assert.deepEqual(digestMismatches(digests), []);
      for (const { digest, label } of digests) assert.ok(digest.records > 0, label);
    });

    it(`${id}: has its chart as picture and as specification`, skipped(id), () => {
      const { figure } = specsOf(id)[0]!;
      const chart = join(out, id, 'figures', `${id}-${figure}-smoke`);
      assert.equal(readFileSync(`${chart}.png`).subarray(1, 4).toString('latin1'), 'PNG');
      assert.match(readFileSync(`${chart}.svg`, 'utf8'), /^<svg[\s\S]*<\/svg>\s*$/u);
      assert.ok('title' in (JSON.parse(readFileSync(`${chart}.vl.json`, 'utf8')) as object));
    });
  }

  it('table1: has a row per query and variant', () => {
    const rows: Record<string, string>[] = parse(readFileSync(join(out, 'table1', 'table1.csv')), { columns: true });
    assert.equal(rows.length, 16);
    for (const { lines } of rows) assert.ok(Number(lines) > 0);
  });

  it('a second call makes nothing again', async () => {
    const runs = runsOf('fig5').map(({ spec }) => join(out, 'fig5', runId(spec), 'run.json'));
    const made = runs.map((file) => statSync(file).mtimeMs);
    const ended = await figures('fig5', '--out', out);
    assert.equal(ended.code, 0, ended.errors);
    assert.match(ended.errors, /skipped/u);
    assert.deepEqual(
      runs.map((file) => statSync(file).mtimeMs),
      made,
    );
  });

  it('the list has a line of at most 80 characters per figure, and says what is done', async () => {
    const { code, output, errors } = await figures('--list', '--out', out);
    assert.deepEqual([code, errors], [0, '']);
    const [heading, ...lines] = output.trimEnd().split('\n');
    const total = lines.pop() ?? '';
    assert.ok(heading !== undefined);
    assert.deepEqual(
      lines.map((line) => line.split(' ', 1)[0]),
      figureIds(),
    );
    for (const line of lines) assert.ok(line.length <= 80, line);
    const [, done, all] = /^(\d+) of (\d+) runs done/u.exec(total) ?? [];
    const missing = leftOut.flatMap((id) => specsOf(id)).length;
    assert.equal(Number(all) - Number(done), missing, total);
  });
});
