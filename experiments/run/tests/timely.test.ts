/** The same runs on timely dataflow: their outputs are the oracle's, for every workload, in threads and processes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readExperiment } from '../../results/run-reader.ts';
import { findCargo } from '../timely/build.ts';
import { isDone } from './is-done.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'megaphone-timely-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Between two looks whether a process that is no child has ended. */
const POLL_MS = 20;

const skip = findCargo() === undefined && 'needs cargo, which is not found: runs on timely dataflow are not tested';

const environment = { ...process.env, NO_COLOR: '1' };
// Node warns when it finds both.
Reflect.deleteProperty(environment, 'FORCE_COLOR');

function config(name: string, lines: readonly string[]): string {
  const file = join(folder, `${name}.yaml`);
  const common = ['figure: timeline', 'warmUp: 0', 'initial: balanced', 'bins: 2^6', 'rate: 20000 records/s'];
  writeFileSync(file, [...common, ...lines, ''].join('\n'));
  return file;
}

const migrations = ['duration: 0.6 s', 'migrations: [{ at: 0.2 s, to: imbalanced }, { at: 0.4 s, to: balanced }]'];

/** Runs a config, and compares with the oracle. */
function verified(file: string, ...more: readonly string[]) {
  const args = [main, 'run', file, '--verify', '--out', join(folder, 'out'), ...more];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: environment });
  assert.ok(isDone(status), stderr);
}

const runs = (name: string) => readExperiment(join(folder, 'out', name), assert.fail);

describe('runs on timely dataflow', { skip }, () => {
  it('have the oracle’s outputs for word counts of both engines, however bins move', () => {
    const lines = [
      'workload: { name: [key-count, hash-count], variant: megaphone, domain: 2^14 }',
      'topology: { workers: 2 }',
      'engine: [typescript, timely, { name: timely, progressMode: demand }]',
      'strategy: [all-at-once, { name: optimized, binsPerPair: 4 }]',
    ];
    verified(config('words', [...lines, ...migrations]));
    const made = runs('words');
    assert.equal(made.length, 12);
    for (const { summary, spec, migrations: steps } of made) {
      assert.equal(summary.verified, true, JSON.stringify(spec));
      assert.equal(summary.completedRecords, summary.offeredRecords);
      assert.deepEqual([...new Set(steps.map(({ migration }) => migration))], [0, 1]);
      assert.ok(steps.every(({ bytes, completedS, issuedS }) => bytes > 0 && completedS >= issuedS && issuedS >= 0.2));
      assert.ok(summary.rssPeakBytes > 2 ** 20);
    }
  });

  it('have the oracle’s outputs for every query, between processes and without migration', () => {
    const queries = 'name: [q1, q2, q3, q4, q5, q6, q7, q8]';
    verified(
      config('queries', [
        `workload: { ${queries}, variant: megaphone }`,
        'topology: { processes: 2, workers: 2 }',
        'strategy: fluid',
        ...migrations,
      ]),
      '--engine',
      'timely',
    );
    verified(
      config('native', [`workload: { ${queries}, variant: native }`, 'topology: { workers: 2 }', 'duration: 0.5 s']),
      '--engine',
      'timely',
    );
    for (const name of ['queries-timely', 'native-timely']) {
      const made = runs(name);
      assert.equal(made.length, 8);
      for (const { summary, spec } of made) {
        assert.deepEqual(spec.engine, { name: 'timely', progressMode: 'eager' });
        assert.equal(summary.verified, true, spec.workload.name);
      }
    }
  });

  it('refuse what they cannot do in one line, and end when their program is killed', async () => {
    const lines = ['workload: { name: key-count, variant: megaphone, domain: 2^14 }', 'topology: { workers: 2 }'];
    const file = config('killed', [...lines, 'engine: timely', 'duration: 60 s']);
    const refuses = (setting: string, line: RegExp) => {
      const args = [main, 'run', file, '--out', join(folder, 'out'), '--set', setting];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: environment });
      assert.equal(status, 2, stderr);
      assert.match(stderr, line);
    };
    refuses(
      'latency=[frontier,record]',
      /latency: there are no record latencies on engine: timely; expected frontier$/mu,
    );
    refuses('handoff=share', /handoff: nothing is shared on engine: timely; expected copy$/mu);
    refuses('engine=timly', /engine: unknown engine "timly"; did you mean timely\?$/mu);
    refuses('engine={name: typescript, progressMode: eager}', /progressMode: does not belong to typescript$/mu);
    const { child, closed, errors } = await running(file);
    const [program] = programsBelow(child.pid!);
    process.kill(program!, 'SIGKILL');
    assert.equal(await closed, 1);
    assert.match(errors(), /failed \(.*\.failed\): the program on timely dataflow ended with SIGKILL/u);
  });

  it('leave no program behind when their process is killed', async () => {
    const lines = ['workload: { name: key-count, variant: megaphone, domain: 2^14 }', 'duration: 600 s'];
    const file = config('orphans', [...lines, 'engine: timely', 'topology: { processes: 2, workers: 1 }']);
    const { child, closed, errors } = await running(file);
    const [runProcess] = childrenOf(child.pid!);
    const programs = programsBelow(child.pid!);
    assert.equal(programs.length, 2);
    process.kill(runProcess!, 'SIGKILL');
    assert.equal(await closed, 1);
    assert.match(errors(), /the process of the run was killed \(SIGKILL\)/u);
    while (programs.some((id) => existsSync(`/proc/${id}`))) await pause(POLL_MS);
  });
});

/** Starts a run that lasts, and waits until it is on its way. */
async function running(file: string) {
  const args = [main, 'run', file, '--out', join(folder, 'out')];
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  const closed = once(child, 'close').then(([code]) => code as number | null);
  await new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      if (/running 0 of/u.test(errors)) resolve();
    });
  });
  return { child, closed, errors: () => errors };
}

function childrenOf(id: number): number[] {
  return readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** The programs on timely dataflow that a process has started, directly or not. */
function programsBelow(id: number): number[] {
  const isProgram = readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('/megaphone-timely\0');
  return [...(isProgram ? [id] : []), ...childrenOf(id).flatMap(programsBelow)];
}
