/** Every workload between processes, as a user runs it: the outputs are the oracle's, and what goes wrong is said in one line. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readExperiment } from '../../results/run-reader.ts';
import { freePorts } from '../free-ports.ts';
import { isDone } from './is-done.ts';

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

/** Runs a config, and compares with the oracle; `ssh` is what stands for ssh, `before` what stands before the command. */
function run(file: string, ssh = 'false', before: readonly string[] = []) {
  const out = join(folder, 'out');
  const [command = '', ...args] = [...before, process.execPath, main, 'run', file, '--verify', '--out', out];
  const env = { ...environment, MEGAPHONE_SSH: ssh };
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', env });
  return { status, stderr };
}

/** A shell script in the test's folder. */
function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

/** Two hosts of a network. */
interface Network {
  /** Their namespaces; their addresses are 10.77.0.1 and 10.77.0.2. */
  readonly names: readonly [string, string];
  /** Whether it delays by 1 ms each way and loses some packets. */
  readonly delays: boolean;
}

/** Undefined where it is not permitted. */
function networkNamespaces(): Network | undefined {
  const names = [`megaphone-${process.pid}-a`, `megaphone-${process.pid}-b`] as const;
  const ok = (command: string): boolean => {
    const [name = '', ...args] = command.split(' ');
    return spawnSync(name, args).status === 0;
  };
  const [a, b] = names;
  const ends = [
    [a, 'mp0', 1],
    [b, 'mp1', 2],
  ] as const;
  const isMade =
    ok(`ip netns add ${a}`) &&
    ok(`ip netns add ${b}`) &&
    ok(`ip link add mp0 netns ${a} type veth peer name mp1 netns ${b}`) &&
    ends.every(
      ([netns, device, number]) =>
        ok(`ip -n ${netns} address add 10.77.0.${number}/24 dev ${device}`) &&
        ok(`ip -n ${netns} link set ${device} up`) &&
        ok(`ip -n ${netns} link set lo up`),
    );
  if (isMade) {
    const delaying = ends.map(([netns, device]) =>
      ok(`ip netns exec ${netns} tc qdisc add dev ${device} root netem delay 1ms loss 0.1%`),
    );
    return { names, delays: delaying.every(Boolean) };
  }
  for (const name of names) spawnSync('ip', ['netns', 'delete', name]);
  return undefined;
}

const runsOf = (name: string) => readExperiment(join(folder, 'out', name), assert.fail);

/** Stands for ssh to the second host: takes its options and a host, and runs the command, which is the last word, there. */
function overNetwork(names: Network['names']): string {
  return program('over', `for word; do :; done; exec ip netns exec ${names[1]} sh -c "$word"`);
}

/** What stands before a command that runs on a host. */
function within(name: string): string[] {
  return ['ip', 'netns', 'exec', name];
}

describe('runs with several processes', () => {
  const network = networkNamespaces();
  const skip = network === undefined && 'needs the right to make network namespaces, and ip';
  after(() => {
    for (const name of network?.names ?? []) spawnSync('ip', ['netns', 'delete', name]);
  });

  it('have the oracle’s outputs for every query', () => {
    const file = config('queries', [
      'workload: { name: [q1, q2, q3, q4, q5, q6, q7, q8], variant: megaphone }',
      'topology: { processes: 2, workers: 1 }',
      'strategy: { name: optimized, binsPerPair: 4 }',
      ...brief,
    ]);
    const { status, stderr } = run(file);
    assert.ok(isDone(status), stderr);
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
    assert.ok(isDone(status), stderr);
    for (const { summary, memory, processMemory, scheduler, migrations } of runsOf('words')) {
      assert.equal(summary.verified, true);
      assert.deepEqual([...new Set(processMemory!.map(({ process }) => process))], [0, 1]);
      const first = processMemory!.filter(({ timeS }) => timeS === 0).map(({ rssBytes }) => rssBytes);
      assert.equal(memory[0]!.rssBytes, first[0]! + first[1]!);
      assert.deepEqual([...new Set(scheduler.map(({ worker }) => worker))].sort(), [0, 1, 2, 3]);
      assert.ok(migrations.every(({ bytes }) => bytes > 0));
    }
  });

  it('start over ssh where they have hosts, and say in one line what ssh says', async () => {
    const ports = await freePorts(2);
    const lines = [
      'workload: { name: key-count, variant: megaphone, domain: 2^14 }',
      `topology: { hosts: [${ports.map((port) => `"127.0.0.1:${port}"`).join(', ')}], workers: 1 }`,
      'strategy: fluid',
      ...brief,
    ];
    // Stands for ssh: takes its options and a host, and runs the command, which is the last word, here.
    const { status, stderr } = run(config('hosts', lines), program('here', 'for word; do :; done; exec sh -c "$word"'));
    assert.ok(isDone(status), stderr);
    assert.deepEqual(
      runsOf('hosts').map(({ summary, spec }) => [summary.verified, spec.topology.hosts?.length]),
      [[true, 2]],
    );
    const refused = run(
      config('refused', lines),
      program('refusing', 'echo "Permission denied (publickey)." >&2; exit 255'),
    );
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /process 1: no ssh to 127\.0\.0\.1: Permission denied \(publickey\); expected "ssh -o BatchMode=yes 127\.0\.0\.1 true"/u,
    );
  });

  it(
    `cross a network${network?.delays === true ? ' that delays and loses' : ' (the kernel has no netem: without delay)'}`,
    { skip },
    () => {
      const { names, delays } = network!;
      const lines = [
        'workload: { name: key-count, variant: megaphone, domain: 2^16 }',
        'topology: { hosts: [10.77.0.1, 10.77.0.2], workers: 1 }',
        'strategy: [all-at-once, fluid]',
        ...brief,
      ];
      const { status, stderr } = run(config('network', lines), overNetwork(names), within(names[0]));
      assert.ok(isDone(status), stderr);
      for (const { summary } of runsOf('network')) {
        assert.equal(summary.verified, true);
        // The way there takes 1 ms, and the frontier as much to come back.
        if (delays) assert.ok(summary.total.p50Ns > 2e6, String(summary.total.p50Ns));
      }
    },
  );

  it('fail when the network between two hosts is cut, and say which is lost', { skip }, async () => {
    const { names } = network!;
    const file = config('cut', [
      'workload: { name: key-count, variant: megaphone, domain: 2^20 }',
      'topology: { hosts: [10.77.0.1, 10.77.0.2], workers: 1 }',
      'strategy: fluid',
      ...brief.map((line) => line.replace('duration: 0.6 s', 'duration: 60 s')),
    ]);
    const [command = '', ...args] = [...within(names[0]), process.execPath, main, 'run', file];
    const env = { ...environment, MEGAPHONE_SSH: overNetwork(names) };
    const child = spawn(command, [...args, '--out', join(folder, 'out')], { stdio: 'pipe', env });
    let errors = '';
    let isCut = false;
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
      if (isCut || !/running 0 of/u.test(errors)) return;
      isCut = true;
      spawnSync('ip', ['-n', names[1], 'link', 'set', 'mp1', 'down']);
    });
    assert.equal(await ended, 1);
    assert.match(errors, /failed \(.*\.failed\): process 1 was lost: nothing came from it for 3 s/u);
    assert.ok(isCut);
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
