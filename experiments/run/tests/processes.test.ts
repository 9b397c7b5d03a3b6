/** Every workload between processes, as a user runs it: the outputs are the oracle's, and what goes wrong is said in one line. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readExperiment } from '../../results/run-reader.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'megaphone-processes-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function config(name: string, lines: readonly string[]): string {
  const file = join(folder, `${name}.yaml`);
  const common = ['figure: timeline', 'warmUp: 0', 'initial: balanced', 'bins: 2^6'];
  writeFileSync(file, [...common, ...lines, ''].join('\n'));
  return file;
}

const brief = [
  'rate: 20000 records/s',
  'duration: 0.6 s',
  'migrations:',
  '  - { at: 0.2 s, to: imbalanced }',
  '  - { at: 0.4 s, to: balanced }',
];

const environment = { ...process.env, NO_COLOR: '1' };
// Node warns when it finds both.
Reflect.deleteProperty(environment, 'FORCE_COLOR');

function run(file: string) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [main, 'run', file, '--verify', '--out', join(folder, 'out')],
    {
      encoding: 'utf8',
      env: environment,
    },
  );
  return { status, stderr };
}

const runsOf = (name: string) => readExperiment(join(folder, 'out', name), assert.fail);

describe('runs with several processes', () => {
  it('have the oracle’s outputs for every query', () => {
    const file = config('queries', [
      'workload: { name: [q1, q2, q3, q4, q5, q6, q7, q8], variant: megaphone }',
      'topology: { processes: 2, workers: 1 }',
      'strategy: { name: optimized, binsPerPair: 4 }',
      ...brief,
    ]);
    const { status, stderr } = run(file);
    assert.equal(status, 0, stderr);
    const runs = runsOf('queries');
    assert.equal(runs.length, 8);
    for (const { summary, spec } of runs) assert.equal(summary.verified, true, spec.workload.name);
  });

  it('have the oracle’s outputs for word counts, and memory of each process', () => {
    const file = config('words', [
      'workload: { name: [key-count, hash-count], variant: megaphone, domain: 2^14 }',
      'topology: { processes: 2, workers: 2 }',
      'strategy: all-at-once',
      ...brief,
    ]);
    const { status, stderr } = run(file);
    assert.equal(status, 0, stderr);
    for (const { summary, memory, processMemory, scheduler, migrations } of runsOf('words')) {
      assert.equal(summary.verified, true);
      assert.deepEqual([...new Set(processMemory!.map(({ process }) => process))], [0, 1]);
      const first = processMemory!.filter(({ timeS }) => timeS === 0).map(({ rssBytes }) => rssBytes);
      assert.equal(memory[0]!.rssBytes, first[0]! + first[1]!);
      assert.deepEqual([...new Set(scheduler.map(({ worker }) => worker))].sort(), [0, 1, 2, 3]);
      assert.ok(migrations.every(({ bytes }) => bytes > 0));
    }
  });

  it('fail in one line when a process is killed, and leave nothing running', async () => {
    const file = config('killed', [
      'workload: { name: key-count, variant: megaphone, domain: 2^14 }',
      'topology: { processes: 2, workers: 1 }',
      'strategy: fluid',
      ...brief.map((line) => line.replace('duration: 0.6 s', 'duration: 60 s')),
    ]);
    const child = spawn(process.execPath, [main, 'run', file, '--out', join(folder, 'out')], { stdio: 'pipe' });
    let errors = '';
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const peer = await new Promise<number>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        errors += chunk;
        const found = /running 0 of/u.test(errors) ? peerProcesses(child.pid!) : [];
        if (found[0] !== undefined) resolve(found[0]);
      });
    });
    process.kill(peer, 'SIGKILL');
    assert.equal(await ended, 1);
    assert.match(errors, /failed \(.*\.failed\): process 1 (?:of the run ended with SIGKILL|was lost)/u);
    assert.throws(() => process.kill(peer, 0), { code: 'ESRCH' });
  });
});

/** Processes that run `peer-process.ts` for the run that `root` has started: its child's children. */
function peerProcesses(root: number): number[] {
  const childrenOf = (id: number): number[] => {
    const path = `/proc/${id}/task/${id}/children`;
    return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
  };
  return childrenOf(root)
    .flatMap(childrenOf)
    .filter((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('peer-process.ts'));
}
