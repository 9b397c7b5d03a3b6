/** Processes that are started by hand or by a cluster's scheduler: they find each other, and nobody else gets in. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { readExperiment } from '../../results/run-reader.ts';
import { findCargo } from '../timely/build.ts';
import { isDone } from './is-done.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = join(root, 'experiments/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'megaphone-cluster-'));
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const token = 'a secret of the tests';
const environment = { ...process.env, NO_COLOR: '1' };
// Node warns when it finds both; a token of the caller is none of the tests'.
for (const name of ['FORCE_COLOR', 'MEGAPHONE_TOKEN']) Reflect.deleteProperty(environment, name);

let networks = 0;

/** Hosts on the loopback that no other test has; all ports are free there. */
function hosts(count: number): string[] {
  networks += 1;
  return Array.from({ length: count }, (_, i) => `127.${64 + (process.pid % 64)}.${networks}.${i + 1}`);
}

function config(name: string, changes: Readonly<Record<string, string>> = {}): string {
  const file = join(folder, `${name}.yaml`);
  const settings = {
    figure: 'timeline',
    warmUp: '0',
    initial: 'balanced',
    bins: '2^6',
    workload: '{ name: key-count, variant: megaphone, domain: 2^14 }',
    topology: '{ workers: 1 }',
    strategy: 'fluid',
    rate: '20000 records/s',
    duration: '0.6 s',
    migrations: '[{ at: 0.2 s, to: imbalanced }, { at: 0.4 s, to: balanced }]',
    ...changes,
  };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  return file;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Settles when the output so far matches. */
  says(what: RegExp): Promise<void>;
}

/** Starts a command in the root of the project. */
function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(command, args, { cwd: root, env: { ...environment, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const says = async (what: RegExp): Promise<void> => {
    while (!what.test(stdout + stderr)) {
      const said = [once(child.stdout, 'data'), once(child.stderr, 'data')];
      if ((await Promise.race([...said, ended.then(() => 'ended')])) !== 'ended') continue;
      assert.match(stdout + stderr, what);
    }
  };
  return { child, ended, says };
}

const megaphone = (args: readonly string[], env?: NodeJS.ProcessEnv) => start(process.execPath, [main, ...args], env);

const worker = (index: number, list: readonly string[], ...more: readonly string[]) =>
  megaphone(['worker', '--process', String(index), '--hosts', list.join(','), ...more]);

const runs = (name: string) => readExperiment(join(folder, 'out', name), assert.fail);

/** Runs a config with the processes that are there. */
const joined = (file: string, list: readonly string[], ...more: readonly string[]) =>
  megaphone(['run', file, '--out', join(folder, 'out'), '--verify', '--hosts', list.join(','), '--join', ...more]);

describe('processes started by hand', () => {
  it('take part in all runs, whoever starts first, and end after the last', async () => {
    const list = hosts(3);
    const first = joined(config('by-hand', { strategy: '[all-at-once, fluid]' }), list, '--wait', '60 s');
    await first.says(/waiting for the other hosts/u);
    const workers = [worker(2, list), worker(1, list)];
    const { code, stderr, stdout } = await first.ended;
    assert.ok(isDone(code), stderr);
    assert.match(stdout, /^Clocks against that of 127\.\S+: 127\.\S+ [+-]\d+\.\d\d ms \(± \d+\.\d\d\), 127/mu);
    for (const { ended } of workers) assert.equal((await ended).code, 0);
    const made = runs('by-hand');
    assert.deepEqual(
      made.map(({ summary, spec }) => [summary.verified, spec.topology]),
      Array.from({ length: 2 }, () => [true, { processes: 3, workers: 1, hosts: list }]),
    );
    for (const { summary, processMemory } of made) {
      assert.deepEqual(
        summary.clocks!.map(({ process }) => process),
        [1, 2],
      );
      assert.deepEqual([...new Set(processMemory!.map(({ process }) => process))], [0, 1, 2]);
    }
  });

  it('refuse who has another token, other hosts, or is nobody, and go on', async () => {
    const list = hosts(2);
    const hostFile = join(folder, 'hosts');
    writeFileSync(hostFile, `# two\n${list[0]!}\n\n${list[1]!} # the second\n`);
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, `${token}\n`);
    const file = config('refusing');
    const serving = megaphone(['worker', '--process', '1', '--host-file', hostFile, '--token-file', tokenFile]);
    await serving.says(/waits for runs/u);
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', 'x'.repeat(5000), '{"type":"hello","version":99}\n', '{}\n']) {
      const socket = connect(7701, list[1], () => socket.end(bytes));
      socket.resume().on('error', () => {});
      await once(socket, 'close');
    }
    const other = await joined(file, list, '--wait', '20 s').ended;
    assert.equal(other.code, 1);
    assert.match(other.stderr, /process 1 at 127\S+:7701 cannot be reached: .*does not know the token/u);
    const elsewhere = joined(
      file,
      [list[0]!, `${list[1]!}:7701`, '127.0.0.9'],
      '--wait',
      '1 s',
      '--token-file',
      tokenFile,
    );
    assert.match((await elsewhere.ended).stderr, /process 1 at \S+ cannot be reached: .*runs something else/u);
    const right = ['run', file, '--out', join(folder, 'out'), '--host-file', hostFile, '--join'];
    const { code, stderr } = await megaphone(right, { MEGAPHONE_TOKEN: token }).ended;
    assert.ok(isDone(code), stderr);
    const { code: served, stdout } = await serving.ended;
    assert.equal(served, 0);
    const refusals = stdout.split('\n').filter((line) => line.startsWith('refused a connection from 127.'));
    assert.deepEqual(
      new Set(refusals.map((line) => line.replace(/^refused a connection from [\d.]+: /u, ''))),
      new Set([
        'said something else',
        'protocol version 99; expected 4',
        // Who connects notices first that the token is another.
        'closed the connection',
        'the other end runs something else: hosts, configs, code or graphs differ',
      ]),
    );
  });

  it('go on when a run is given up, and end it when they are stopped themselves', async () => {
    const list = hosts(2);
    const file = config('given-up', { duration: '60 s' });
    const serving = worker(1, list);
    const first = joined(file, list);
    await first.says(/running 0 of/u);
    first.child.kill('SIGKILL');
    await serving.says(/the run is over/u);
    const second = joined(file, list);
    await second.says(/running 0 of/u);
    serving.child.kill('SIGINT');
    const { code, stderr } = await second.ended;
    assert.equal(code, 1);
    assert.match(stderr, /failed \(.*\.failed\): process 1 /u);
    assert.equal((await serving.ended).code, 130);
  });

  it('are not waited for for ever, and do not wait for ever', async () => {
    const list = hosts(2);
    const { code, stderr } = await joined(config('alone'), list, '--wait', '0.3 s').ended;
    assert.equal(code, 1);
    assert.match(stderr, /process 1 at 127\S+:7701 cannot be reached: ECONNREFUSED/u);
    const lonely = await worker(1, list, '--wait', '0.3 s').ended;
    assert.deepEqual(
      [lonely.code, lonely.stderr],
      [1, 'megaphone: nobody has come for 0.3 s; process 0 is megaphone run --join\n'],
    );
    const busy = worker(1, list);
    await busy.says(/waits for runs/u);
    const late = await worker(1, list).ended;
    assert.equal(late.code, 2);
    assert.match(
      late.stderr,
      /^megaphone: 127\S+:7701 is in use; expected the address of process 1, with a free port\n$/u,
    );
    const strange = await worker(1, ['10.0.0.1', '192.0.2.1'], '--token-file', join(folder, 'token')).ended;
    assert.match(strange.stderr, /^megaphone: 192\.0\.2\.1:7701 is no address of this machine; /u);
    busy.child.kill('SIGTERM');
    assert.equal((await busy.ended).code, 143);
  });

  it('are refused in one line when the command line does not fit', () => {
    const file = config('refused');
    const refuses = (args: readonly string[], line: RegExp) => {
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env: environment });
      assert.equal(status, 2, stderr);
      assert.match(stderr, line);
    };
    refuses(['run', file, '--join'], /^megaphone: --join: there is nobody to join; expected two or more hosts/u);
    refuses(
      ['run', file, '--join', '--hosts', 'node1,node2'],
      /^megaphone: node1 is not the loopback; expected a token/u,
    );
    refuses(['worker', '--process', '1'], /^megaphone: worker needs --hosts or --host-file/u);
    refuses(['worker', '--hosts', 'a,b'], /^megaphone: --process is missing/u);
    refuses(
      ['worker', '--process', '2', '--hosts', '127.0.0.1,127.0.0.2'],
      /^megaphone: --process: 2 of 2 hosts; expected 1 to 1/u,
    );
    refuses(
      ['worker', '--process', '1', '--hosts', 'a b'],
      /^megaphone: --hosts: expected hosts such as .*found "a b"/u,
    );
    const bad = join(folder, 'bad-hosts');
    writeFileSync(bad, 'node1\nnode 2\n');
    refuses(
      ['run', file, '--host-file', bad],
      /bad-hosts:2: expected a host such as node1 or node1:7700, found "node 2"/u,
    );
    refuses(['run', file, '--host-file', join(folder, 'none')], /none: cannot be read \(ENOENT\)/u);
  });
});

/** An executable in a folder that stands first in PATH. */
function tool(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const withTools = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };

describe('the files for clusters', () => {
  it('start a process on every node of a Slurm allocation', async () => {
    const list = hosts(2);
    tool('scontrol', `[ "$*" = "show hostnames node[1-2]" ] && printf '%s\\n' ${list.join(' ')}`);
    // Stands for srun: its own options first, then the command, once per node.
    tool(
      'srun',
      'shift\nfor task in 0 1; do SLURM_PROCID=$task "$@" & tasks="$tasks $!"; done\nfor task in $tasks; do wait $task || exit; done',
    );
    const script = join(root, 'experiments/cluster/slurm.sh');
    const args = [config('slurm'), '--verify', '--out', join(folder, 'out')];
    const { code, stderr } = await start(script, args, { ...withTools, SLURM_JOB_NODELIST: 'node[1-2]' }).ended;
    assert.ok(isDone(code), stderr);
    assert.deepEqual(
      runs('slurm').map(({ summary, spec }) => [summary.verified, spec.topology.hosts]),
      [[true, list]],
    );
  });

  it('start a process in every pod of a Kubernetes job', async () => {
    const text = readFileSync(join(root, 'experiments/cluster/kubernetes.yaml'), 'utf8');
    const [service, claim, job] = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
    const { template, completions, parallelism } = job!.spec;
    const [container] = template!.spec.containers;
    const { env, command } = container!;
    const valueOf = (name: string) => env.find((variable) => variable.name === name)?.value ?? '';
    const names = Array.from(
      { length: completions! },
      (_, i) => `${job!.metadata.name}-${i}.${service!.metadata.name}`,
    );
    assert.deepEqual([parallelism, valueOf('HOSTS').split(',')], [completions, names]);
    assert.deepEqual(service!.spec.selector, { 'job-name': job!.metadata.name });
    assert.equal(template!.spec.subdomain, service!.metadata.name);
    assert.equal(template!.spec.volumes[0]!.persistentVolumeClaim.claimName, claim!.metadata.name);
    assert.ok(valueOf('RUN').endsWith(`--out ${container!.volumeMounts[0]!.mountPath}`));
    const list = hosts(completions!);
    const pods = list.map((_, index) =>
      start(command[0]!, command.slice(1), {
        JOB_COMPLETION_INDEX: String(index),
        RUN: `${config('kubernetes')} --verify --out ${join(folder, 'out')}`,
        HOSTS: list.join(','),
        MEGAPHONE_TOKEN: token,
      }),
    );
    for (const { ended } of pods) {
      const { code, stderr } = await ended;
      assert.ok(isDone(code), stderr);
    }
    assert.deepEqual(
      runs('kubernetes').map(({ summary, spec }) => [summary.verified, spec.topology.processes]),
      [[true, completions]],
    );
  });
});

describe('the commands of the README for several hosts', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```sh\n([^]*?)```/gu)]
    .map(([, text = '']) => text.split('\n').filter((line) => /^npx megaphone .*--hosts node1,node2/u.test(line)))
    .filter((lines) => lines.length > 0);
  // Stands for ssh: the command is the last word.
  tool('here', 'for word; do :; done; exec sh -c "$word"');
  for (const [index, lines] of blocks.entries()) {
    const engine = lines.join().includes('--engine timely') ? 'timely' : 'typescript';
    const skip = engine === 'timely' && findCargo() === undefined && 'needs cargo, which is not found';
    const what = lines.some((line) => line.includes('--join')) ? 'started by hand' : 'over ssh';
    it(`make a run on the engine ${engine}, ${what}`, { skip }, async () => {
      const list = hosts(2).join(',');
      const file = config(`readme-${index}`);
      const processes = lines.map((line) => {
        const words = line.replace(/#.*/u, '').trim().split(/ +/u).slice(2);
        const args = words.map((word) => word.replace('node1,node2', list).replace('fig1', file));
        const more = args[0] === 'run' ? ['--verify', '--out', join(folder, 'out')] : [];
        return megaphone([...args, ...more], { MEGAPHONE_TOKEN: token, MEGAPHONE_SSH: join(folder, 'here') });
      });
      for (const { ended } of processes) {
        const { code, stderr } = await ended;
        // On a busy machine a run may not have kept up (exit code 4).
        assert.ok(code === 0 || code === 4, stderr);
      }
      assert.deepEqual(
        runs(`readme-${index}${engine === 'timely' ? '-timely' : ''}`).map(({ summary }) => summary.verified),
        [true],
      );
    });
  }

  it('are four', () => {
    assert.equal(blocks.length, 4);
  });
});

/** What is read of the manifest. */
interface Manifest {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly template?: {
      readonly spec: {
        readonly subdomain: string;
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly env: readonly { readonly name: string; readonly value?: string }[];
          readonly volumeMounts: readonly { readonly mountPath: string }[];
        }[];
        readonly volumes: readonly { readonly persistentVolumeClaim: { readonly claimName: string } }[];
      };
    };
  };
}
