import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { beginRun, failRun, publishRun } from '../../results/run-attempt.ts';
import { runDirectory } from '../../results/run-folders.ts';
import { provenance, results, spec } from '../../results/tests/example-run.ts';
import { writeResults } from '../../results/run-writer.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'megaphone-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const environment = { ...process.env, NO_COLOR: '1' };
// Node warns when it finds both.
Reflect.deleteProperty(environment, 'FORCE_COLOR');

/** Runs the command line in an empty folder. */
function megaphone(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
  });
  return { status, stdout, stderr };
}

const refuses = (args: readonly string[], line: string) =>
  assert.deepEqual(megaphone(...args), { status: 2, stdout: '', stderr: `megaphone: ${line}\n` });

describe('bad input ends with one line and exit code 2', () => {
  it('a command that does not exist', () => refuses(['rn', 'fig1'], 'unknown command rn; did you mean run?'));

  it('a setting that does not exist', () => {
    refuses(['run', 'fig1', '--set', 'topology.wokers=1'], '--set topology.wokers: unknown key; did you mean workers?');
  });

  it('names file, line and column of a bad config', () => {
    writeFileSync(join(folder, 'bad.yaml'), 'workload: { name: key-count, domain: 5 }\ntopology: { wokers: 2 }\n');
    refuses(['run', 'bad.yaml'], 'bad.yaml:2:13 topology.wokers: unknown key; did you mean workers?');
    assert.equal(existsSync(join(folder, 'results')), false);
  });

  it('a comparison without a second folder, or in two forms', () => {
    refuses(['compare', 'a'], 'compare needs two folders of results, for instance results/fig1 ../other/results/fig1');
    refuses(['compare', 'a', 'b', '--json', '--csv'], '--json and --csv exclude each other; expected one of them');
    refuses(['compare', 'a', 'b'], 'a: no such folder; expected a folder of results, for instance results/fig1');
  });

  it('a folder without a run that can be plotted', () => {
    mkdirSync(join(folder, 'all/fig1/0123456789-1'), { recursive: true });
    writeFileSync(join(folder, 'all/fig1/0123456789-1/run.json'), '{}');
    const { status, stdout, stderr } = megaphone('plot', 'all');
    assert.deepEqual([status, stdout], [2, '']);
    assert.deepEqual(stderr.split('\n'), [
      'megaphone: all/fig1/0123456789-1/run.json: has no format, expected format 2: another version wrote it; the run counts as not made',
      'megaphone: all: none of its runs can be read; run the experiment again',
      '',
    ]);
    mkdirSync(join(folder, 'none'));
    refuses(
      ['plot', 'none'],
      'none: holds no complete runs, here or one level below; expected a folder of results, for instance results/fig1',
    );
  });
});

describe('megaphone run', () => {
  it('only says what would be run, under --dry-run', () => {
    const { status, stdout, stderr } = megaphone('run', 'fig1', '--scale', 'smoke', '--set', 'rate=5000', '--dry-run');
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(stdout.split('\n'), [
      'fig1 (smoke): Service latency while a quarter of the state migrates, per strategy',
      '  key-count, 65 536 keys, 2^6 bins, 1 x 2 workers, 5 000 records/s for 3 s, imbalanced at 1 s, balanced at 2 s',
      '  1. all-at-once: about 6 s',
      '  2. fluid: about 6 s',
      '  3. optimized (4 bins per pair): about 6 s',
      `3 runs to make, about 17 s in all; results in ${join('results', 'fig1')}`,
      '',
    ]);
    assert.equal(existsSync(join(folder, 'results')), false);
  });

  it('refuses to write below a file', () => {
    writeFileSync(join(folder, 'file'), '');
    const { status, stderr } = megaphone('run', 'fig1', '--scale', 'smoke', '--out', 'file');
    assert.equal(status, 2);
    assert.match(
      stderr.split('\n').at(-2) ?? '',
      /^megaphone: file\/fig1\/\w+-1: a file stands where a folder is needed/,
    );
  });
});

describe('megaphone plan', () => {
  it('prints the steps of a migration', () => {
    assert.deepEqual(megaphone('plan', '--workers', '2', '--bins', '2^3', '--strategy', 'fluid'), {
      status: 0,
      stdout: [
        'balanced to imbalanced, fluid, 2 workers: 2 of 8 bins move in 2 steps',
        'step 0: bin 1 (1 -> 0)',
        'step 1: bin 5 (1 -> 0)',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('prints those of a config, migration by migration', () => {
    const lines = megaphone('plan', 'fig1', '--scale', 'smoke').stdout.split('\n');
    assert.deepEqual(lines.slice(0, 2), [
      'all-at-once',
      'migration 1 at 1 s: balanced to imbalanced, all-at-once, 2 workers: 16 of 64 bins move in 1 step',
    ]);
    assert.ok(lines.includes('fluid') && lines.includes('optimized (4 bins per pair)'));
    assert.equal(lines.filter((line) => line.startsWith('migration 2 at 2 s: imbalanced to balanced')).length, 3);
    refuses(['plan', 'fig13', '--scale', 'smoke'], 'fig13: no run of it migrates; expected migrations');
    refuses(['plan'], 'plan needs --workers, or a config; see megaphone plan --help');
    refuses(['plan', 'fig1', '--workers', '2'], '--workers: the config says how many; expected one of the two');
  });

  it('takes configurations with an argument', () => {
    const plan = ['plan', '--workers', '2', '--bins', '2', '--strategy', 'all-at-once'];
    const { stdout } = megaphone(...plan, '--from', 'explicit:0,1', '--to', 'one-worker:1');
    assert.equal(stdout.split('\n')[1], 'step 0: bin 0 (0 -> 1)');
  });
});

describe('megaphone', () => {
  it('has help with examples, a version, and a completion script', () => {
    assert.match(megaphone('--help').stdout, /megaphone run <config>/);
    assert.match(megaphone('run', '--help').stdout, /Examples:\n\s+megaphone run fig1 /);
    assert.match(megaphone('--version').stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match(megaphone('completion').stdout, /^complete .* megaphone npx$/m);
  });
});

describe('finished runs', () => {
  const directory = runDirectory(join(folder, 'kept'), spec);
  const attempt = beginRun(directory, spec, provenance);
  writeResults(attempt, results);
  publishRun(attempt, directory, () => false);
  const failing = { ...spec, repeat: 2 };
  const failed = runDirectory(join(folder, 'kept'), failing);
  failRun(beginRun(failed, failing, provenance), failed, 'Error: why\n  at somewhere');
  const id = basename(directory);

  it('are listed', () => {
    const { status, stdout, stderr } = megaphone('list', 'kept');
    assert.deepEqual([status, stderr], [0, '']);
    const [heading, columns, first, second] = stdout.split('\n');
    assert.equal(heading, 'fig1: 1 run');
    assert.match(columns ?? '', /^setting +id +when \(UTC\) +commit +code +valid +size$/);
    assert.match(first ?? '', new RegExp(`${id} +2026-01-02 03:04 +0123456789 +other +yes +[\\d.]+ KiB$`));
    assert.match(second ?? '', /-2 .* failed +[\d.]+ KiB$/);
  });

  it('are shown, by folder and by the beginning of the id', () => {
    const shown = megaphone('show', join('kept', 'fig1', id));
    assert.deepEqual([shown.status, shown.stderr], [0, '']);
    assert.match(shown.stdout, /^ {2}workload\.domain: 1 000 000$/m);
    assert.match(shown.stdout, /^ {2}cpu: A processor$/m);
    assert.match(shown.stdout, /^ {2}offeredRecords: 600 000$/m);
    assert.match(shown.stdout, /^ {2}timeline\.csv: \d+ B$/m);
    assert.equal(
      megaphone('show', id.slice(0, 6), '--out', 'kept').stdout.replace(join(folder, 'kept'), 'kept'),
      shown.stdout,
    );
    assert.match(megaphone('show', `${join('kept', 'fig1', basename(failed))}.failed`).stdout, /^Error: why$/m);
  });

  it('that cannot be found or read are said in one line', () => {
    refuses(['show', 'abc', '--out', 'kept'], 'abc: no run in kept has this id; megaphone list shows them');
    refuses(['show', 'kept'], "kept: not a run's folder; expected one such as results/fig1/0123456789-1");
  });

  it('are removed by clean when that is asked for, and not under --dry-run', () => {
    const before = readdirSync(join(folder, 'kept', 'fig1'));
    assert.match(
      megaphone('clean', 'kept', '--failed', '--dry-run').stdout,
      /^would remove kept.*-2\.failed \(.*\): a failed attempt\nwould remove 1 folder, [\d.]+ KiB\n$/,
    );
    assert.deepEqual(readdirSync(join(folder, 'kept', 'fig1')), before);
    assert.match(megaphone('clean', 'kept', '--failed', '--other-code').stdout, /removed 2 folders, [\d.]+ KiB\n$/);
    assert.deepEqual(readdirSync(join(folder, 'kept', 'fig1')), []);
  });
});

describe('the standard output', () => {
  const planned = ['run', 'fig1', '--scale', 'smoke', '--dry-run'];

  it('is one JSON document under --json', () => {
    const { status, stdout, stderr } = megaphone(...planned, '--json');
    const document = JSON.parse(stdout) as { status: string; runs: { label: string; summary: unknown }[] };
    assert.deepEqual([status, document.status], [0, 'planned']);
    assert.deepEqual(
      document.runs.map(({ label, summary }) => [label, summary]),
      [
        ['all-at-once', null],
        ['fluid', null],
        ['optimized (4 bins per pair)', null],
      ],
    );
    assert.match(stderr, /^fig1 \(smoke\): /);
  });

  it('that cannot be written is said in one line, with exit code 1', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [main, 'loc'], {
      cwd: folder,
      encoding: 'utf8',
      env: environment,
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    assert.deepEqual([status, stderr], [1, 'megaphone: the standard output cannot be written (ENOSPC)\n']);
  });

  it('that nobody reads does not cut off a run silently', () => {
    const script = `"${process.execPath}" "${main}" ${planned.join(' ')} | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8', env: environment });
    assert.deepEqual(
      [stdout, stderr],
      ['0\n', 'megaphone: nobody reads the standard output any more; the runs go on without it\n'],
    );
  });
});
