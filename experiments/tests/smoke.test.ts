/** One experiment end to end, as a user runs it: files, counts, verification, chart, continuing, stopping. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isRunId } from '../config/run-id.ts';
import { readExperiment, type Run } from '../results/run-reader.ts';
import { isDone } from '../run/tests/is-done.ts';

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const RECORDS = 60_000;
const LOADED = 2 ** 16;
/** A quarter of 64 bins, each with 1024 counts of 8 bytes. */
const MOVED_BINS = 16;
const MOVED_BYTES = MOVED_BINS * 1024 * 8;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command line; `onLine` sees every line of progress and may stop it. */
function megaphone(args: readonly string[], onLine?: (line: string, stop: () => void) => void): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  let errors = '';
  let partial = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
    const lines = (partial + chunk.toString()).split('\n');
    partial = lines.pop() ?? '';
    // Ctrl-C reaches the whole process group.
    for (const line of lines) onLine?.(line, () => process.kill(-child.pid!, 'SIGINT'));
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output, errors })));
}

function assertFinished({ code, errors, output }: Ended): void {
  assert.ok(isDone(code), `exit code ${code}\n${errors}${output}`);
}

describe('fig1 at smoke scale', () => {
  const out = mkdtempSync(join(tmpdir(), 'megaphone-smoke-'));
  const directory = join(out, 'fig1');
  let ended: Ended;
  let runs: Run[];

  before(async () => {
    ended = await megaphone(['run', 'fig1', '--scale', 'smoke', '--verify', '--out', out]);
    assertFinished(ended);
    runs = readExperiment(directory, assert.fail);
  });
  after(() => rmSync(out, { recursive: true, force: true }));

  it('makes one verified run per strategy', () => {
    assert.deepEqual(runs.map(({ spec }) => spec.strategy.name).sort(), ['all-at-once', 'fluid', 'optimized']);
    for (const { summary } of runs) assert.equal(summary.verified, true);
  });

  it('completes every offered record and puts out one count for each, and for each loaded key', () => {
    for (const { summary } of runs) {
      assert.equal(summary.offeredRecords, RECORDS);
      assert.equal(summary.completedRecords, RECORDS);
      assert.equal(summary.loadedRecords, LOADED);
      assert.equal(summary.digest.records, RECORDS + LOADED);
      assert.deepEqual(summary.digest, runs[0]!.summary.digest);
    }
  });

  it('moves a quarter of the bins out and back, in as many steps as the strategy says', () => {
    const steps = { 'all-at-once': 1, fluid: MOVED_BINS, batched: Number.NaN, optimized: MOVED_BINS / 4 };
    for (const { spec, summary, migrations } of runs) {
      assert.equal(summary.migrations.length, 2);
      for (const migration of summary.migrations) {
        assert.equal(migration.steps, steps[spec.strategy.name]);
        assert.equal(migration.bins, MOVED_BINS);
        assert.ok(migration.bytes >= MOVED_BYTES && migration.bytes < 1.1 * MOVED_BYTES, `${migration.bytes} bytes`);
      }
      for (const row of migrations) assert.ok(row.completedS >= row.issuedS);
    }
  });

  it('accounts for every record in timeline and distribution', () => {
    for (const { summary, timeline, ccdf } of runs) {
      const sum = (rows: readonly { readonly records: number }[]): number =>
        rows.reduce((total, { records }) => total + records, 0);
      assert.equal(sum(timeline), RECORDS);
      assert.equal(sum(ccdf), summary.total.records);
      assert.equal(ccdf.at(-1)!.fractionAbove, 0);
    }
  });

  it('counts the state of all workers from the first sample of memory on', () => {
    for (const { spec, memory } of runs) {
      const stateBytes = memory.map((sample) => sample.stateBytes);
      assert.deepEqual([stateBytes[0], stateBytes.at(-1)], [8 * spec.workload.domain, 8 * spec.workload.domain]);
    }
  });

  it('draws the chart as SVG and PNG', () => {
    const figures = readdirSync(join(directory, 'figures'));
    const png = figures.find((name) => name.endsWith('.png'));
    const svg = figures.find((name) => name.endsWith('.svg'));
    assert.ok(png !== undefined && svg !== undefined, figures.join(', '));
    assert.deepEqual([...readFileSync(join(directory, 'figures', png)).subarray(1, 4)], [...Buffer.from('PNG')]);
    const text = readFileSync(join(directory, 'figures', svg), 'utf8');
    for (const words of ['latency (ms)', 'time since start (s)', 'all-at-once', 'fluid']) {
      assert.ok(text.includes(words), words);
    }
  });

  it('ends with a table of all strategies', () => {
    for (const words of ['p99.9', 'all-at-once', 'fluid', 'optimized', 'of all-at-once', '100 %']) {
      assert.ok(ended.output.includes(words), words);
    }
  });

  it('skips what is done when it is called again', async () => {
    const before = runs.map(({ provenance }) => provenance.startedAt);
    const again = await megaphone(['run', 'fig1', '--scale', 'smoke', '--verify', '--out', out]);
    assertFinished(again);
    assert.deepEqual(
      readExperiment(directory, assert.fail).map(({ provenance }) => provenance.startedAt),
      before,
    );
  });

  it('judges what is done by other expectations, without new runs', async () => {
    const settings = ['--set', 'expect={ p99: 1 ns, migrationMax: 1 ns }'];
    const judged = await megaphone(['run', 'fig1', '--scale', 'smoke', '--verify', '--out', out, ...settings]);
    const areValid = runs.every(({ summary }) => summary.valid);
    assert.equal(judged.code, areValid ? 3 : 4, judged.errors);
    assert.match(judged.errors, areValid ? /6 expectations are not met/ : /could not keep up/);
    assert.match(judged.output, /migrationMax .* not /);
    assert.equal(readExperiment(directory, assert.fail).length, runs.length);
  });
});

describe('a NEXMark query at smoke scale', () => {
  it('gives the oracle’s results under every strategy', async () => {
    const out = mkdtempSync(join(tmpdir(), 'megaphone-nexmark-'));
    try {
      const ended = await megaphone(['run', 'fig8', '--query', 'q6', '--scale', 'smoke', '--verify', '--out', out]);
      assertFinished(ended);
      const runs = readExperiment(join(out, 'fig8-q6'), assert.fail);
      assert.equal(runs.length, 2);
      for (const { spec, summary } of runs) {
        assert.equal(spec.workload.name, 'q6');
        assert.equal(summary.verified, true);
        assert.equal(summary.completedRecords, spec.ratePerSecond * spec.durationS);
        assert.ok(summary.digest.records > 0);
      }
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});

describe('a stopped sweep', () => {
  it('keeps finished runs, leaves nothing of the stopped one, and says how to go on', async () => {
    const out = mkdtempSync(join(tmpdir(), 'megaphone-stopped-'));
    try {
      const args = ['run', 'fig1', '--scale', 'smoke', '--out', out];
      const ended = await megaphone(args, (line, stop) => {
        if (line.includes('[2/3]') && line.includes('running')) stop();
      });
      assert.equal(ended.code, 130, ended.errors + ended.output);
      const folders = readdirSync(join(out, 'fig1')).filter((name) => name !== 'figures');
      assert.equal(folders.length, 1);
      assert.ok(isRunId(folders[0]!));
      assert.match(ended.errors, /1 of 3 runs done; run the same command again to continue/);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});
