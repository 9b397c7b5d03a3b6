/** Runs over a real sshd, as a user starts them: the outputs are the oracle's, what goes wrong is one line, and nothing is left there. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readExperiment } from '../../results/run-reader.ts';
import { findCargo } from '../timely/build.ts';
import { startSshd } from './sshd.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = join(root, 'experiments/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'megaphone-ssh-'));
const mark = `MEGAPHONE_TEST=${process.pid}`;
const network = `127.${128 + (process.pid % 64)}`;
const host = `${network}.0.2`;
const sshd = await startSshd(folder, host);
const skip = typeof sshd === 'string' && sshd;
const noCargo = findCargo() === undefined && 'needs cargo, which is not found: runs on timely dataflow are not tested';

/** Between two looks whether a process that is no child has ended. */
const POLL_MS = 20;

const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  if (typeof sshd !== 'string') sshd.process.kill();
  rmSync(folder, { recursive: true, force: true });
});

const environment = { ...process.env, NO_COLOR: '1' };
// Node warns when it finds both.
Reflect.deleteProperty(environment, 'FORCE_COLOR');

/** What a shell of ssh has when nobody has set it up, and a greeting. */
const BARE = `echo welcome; exec env -i HOME=$HOME PATH=/usr/bin:/bin ${mark} sh -c`;
const AS_TOLD = `${BARE} "$SSH_ORIGINAL_COMMAND"`;

/** The same where a path is another one. */
const elsewhere = (from: string, to: string): string =>
  `${BARE} "$(printf %s "$SSH_ORIGINAL_COMMAND" | sed "s,${from},${to},g")"`;

let ports = 7000;

/** Hosts of a run: the other one is reached over ssh. */
function hosts(other = host): string {
  ports += 2;
  return `["${network}.0.1:${ports}", "${other}:${ports + 1}"]`;
}

function config(name: string, settings: Readonly<Record<string, string>>): string {
  const file = join(folder, `${name}.yaml`);
  const all = {
    figure: 'timeline',
    warmUp: '0',
    initial: 'balanced',
    bins: '2^6',
    rate: '20000 records/s',
    workload: '{ name: key-count, variant: megaphone, domain: 2^14 }',
    topology: `{ hosts: ${hosts()}, workers: 1 }`,
    duration: '0.6 s',
    migrations: '[{ at: 0.2 s, to: imbalanced }, { at: 0.4 s, to: balanced }]',
    strategy: 'fluid',
    ...settings,
  };
  writeFileSync(
    file,
    Object.entries(all)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  return file;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** Settles when the run is on its way. */
  readonly runs: Promise<void>;
}

function start(file: string, ssh: string, ...more: readonly string[]): Started {
  const args = [main, 'run', file, '--out', join(folder, 'out'), ...more];
  const env = { ...environment, MEGAPHONE_SSH: ssh };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  started.push(child);
  let stderr = '';
  const runs = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (/running 0 of/u.test(stderr)) resolve();
    });
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  return { child, ended, runs };
}

const client = (name: string, command: string, options?: readonly string[]): string =>
  typeof sshd === 'string' ? '' : sshd.client(name, command, options);

/** Processes that ssh has started, by what they run. */
function processesThere(what: RegExp): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return ids.map(Number).filter((id) => {
    try {
      if (!readFileSync(`/proc/${id}/environ`, 'latin1').split('\0').includes(mark)) return false;
      return what.test(readFileSync(`/proc/${id}/cmdline`, 'latin1'));
    } catch {
      // It has ended meanwhile, or is somebody else's.
      return false;
    }
  });
}

/** Settles when ssh has left no process behind. */
async function nobodyThere(): Promise<void> {
  while (processesThere(/./u).length > 0) await pause(POLL_MS);
}

/** The process of the run that a command line has started: its child. */
const runProcess = ({ child: { pid } }: Started): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ', 1)[0]);

for (const engine of ['typescript', 'timely'] as const) {
  describe(`runs over ssh on the engine ${engine}`, { skip: skip || (engine === 'timely' && noCargo) }, () => {
    const program = engine === 'timely' ? /megaphone-timely/u : /peer-process/u;
    const endless = (name: string): string => config(`${name}-${engine}`, { engine, duration: '600 s' });

    it('have the oracle’s outputs, with the few paths that a shell of ssh has', async () => {
      const ssh = client(`there-${engine}`, AS_TOLD);
      for (const [name, domain, strategy] of [
        ['key-count', ', domain: 2^14', '[all-at-once, fluid]'],
        ['q4', '', '[fluid]'],
      ] as const) {
        const workload = `{ name: ${name}, variant: megaphone${domain} }`;
        const file = config(`${name}-${engine}`, { engine, strategy, workload });
        const { code, stderr } = await start(file, ssh, '--verify').ended;
        // On a busy machine a run may not have kept up (exit code 4).
        assert.ok(code === 0 || code === 4, stderr);
        const made = readExperiment(join(folder, 'out', `${name}-${engine}`), assert.fail);
        assert.deepEqual(
          made.map(({ summary, spec }) => [summary.verified, spec.topology.processes]),
          Array.from(strategy.split(','), () => [true, 2]),
        );
      }
      await nobodyThere();
    });

    it('leave nothing there when they are interrupted', async () => {
      const run = start(endless('interrupted'), client(`interrupted-${engine}`, AS_TOLD));
      await run.runs;
      assert.equal(processesThere(program).length, 1);
      run.child.kill('SIGINT');
      assert.equal((await run.ended).code, 130);
      await nobodyThere();
    });

    it('leave nothing there when their process is killed', async () => {
      const run = start(endless('killed-here'), client(`killed-here-${engine}`, AS_TOLD));
      await run.runs;
      process.kill(runProcess(run), 'SIGKILL');
      const { code, stderr } = await run.ended;
      assert.equal(code, 1);
      assert.match(stderr, /the process of the run was killed \(SIGKILL\)/u);
      await nobodyThere();
    });

    for (const [what, where] of [
      ['program', program],
      ['process', /peer-process/u],
    ] as const) {
      if (engine === 'typescript' && what === 'program') continue;
      it(`fail soon, and leave nothing there, when the ${what} there is stopped`, async () => {
        const run = start(endless(`stopped-${what}`), client(`stopped-${what}-${engine}`, AS_TOLD));
        await run.runs;
        const stopped = processesThere(where);
        assert.ok(stopped.length > 0);
        const sinceMs = performance.now();
        for (const id of stopped) process.kill(id, 'SIGSTOP');
        const { code, stderr } = await run.ended;
        assert.equal(code, 1);
        assert.match(stderr, /failed \(.*\.failed\): .*(?:lost: nothing came from it for|stopped)/u);
        // 5 s, and what it takes on a busy machine to see and say it.
        assert.ok(performance.now() - sinceMs < 10_000);
        for (const id of stopped.filter((each) => processesThere(where).includes(each))) process.kill(id, 'SIGCONT');
        await nobodyThere();
      });
    }

    it('leave nothing there when their process is stopped, which closes no connection', async () => {
      const run = start(endless('stopped-here'), client(`stopped-here-${engine}`, AS_TOLD));
      await run.runs;
      const here = runProcess(run);
      process.kill(here, 'SIGSTOP');
      while (processesThere(/node/u).length > 0) await pause(POLL_MS);
      process.kill(here, 'SIGCONT');
      assert.equal((await run.ended).code, 1);
      await nobodyThere();
    });

    it('fail in one line when the process there is killed', async () => {
      const run = start(endless('killed-there'), client(`killed-there-${engine}`, AS_TOLD));
      await run.runs;
      for (const id of processesThere(program)) process.kill(id, 'SIGKILL');
      const { code, stderr } = await run.ended;
      assert.equal(code, 1);
      assert.match(stderr, /failed \(.*\.failed\): (?:process 1 |the program on timely dataflow |megaphone-timely: )/u);
      await nobodyThere();
    });
  });
}

describe('runs over ssh', { skip }, () => {
  const refused = async (name: string, ssh: string, line: RegExp, settings: Readonly<Record<string, string>> = {}) => {
    const { code, stderr } = await start(config(name, settings), ssh).ended;
    assert.equal(code, 1, stderr);
    assert.match(stderr, line);
  };

  it('say in one line why ssh does not come through', async () => {
    const ssh = client('through', AS_TOLD);
    const unknown = client('unknown', AS_TOLD, ['UserKnownHostsFile=/dev/null']);
    const wrong = client('wrong', AS_TOLD);
    rmSync(`${wrong}.key`);
    const to = (other: string) => ({ topology: `{ hosts: ${hosts(other)}, workers: 1 }` });
    const why = (other: string, text: string): RegExp =>
      new RegExp(
        String.raw`failed \(.*\.failed\): process 1: no ssh to ${other}: .*${text}; expected "ssh -o BatchMode=yes ${other} true" to succeed$`,
        'mu',
      );
    await Promise.all([
      refused('nobody', ssh, why(`${network}.0.3`, 'Connection refused'), to(`${network}.0.3`)),
      refused('no-name', ssh, why('nobody.invalid', 'Could not resolve hostname.*'), to('nobody.invalid')),
      refused('host-key', unknown, why(host, 'Host key verification failed')),
      refused('wrong-key', wrong, why(host, String.raw`Permission denied \(publickey\)`)),
      refused('no-ssh', join(folder, 'none'), /process 1: no ssh to \S+: \S+none cannot be run \(ENOENT\)$/mu),
    ]);
  });

  it('say in one line what is missing there, or is not the same', async () => {
    const away = client('away', elsewhere(join(root, 'experiments'), '/nowhere'));
    const noNode = client('no-node', elsewhere(process.execPath, '/nowhere/node'));
    const other = join(folder, 'clone');
    for (const name of ['engine', 'experiments', 'plots', 'workloads']) {
      const filter = (path: string) => path !== join(root, 'engine/timely/target');
      cpSync(join(root, name), join(other, name), { recursive: true, filter });
    }
    cpSync(join(root, 'package.json'), join(other, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'));
    writeFileSync(join(other, 'experiments/load/schedule.ts'), '// Changed.\n', { flag: 'a' });
    const changed = client('changed', elsewhere(join(root, 'experiments'), join(other, 'experiments')));
    const there = /; expected there, as here, the project with its packages in \/.*/u.source;
    await Promise.all([
      refused('away', away, new RegExp(`process 1 on ${host}: Error: Cannot find module '/nowhere/.*'${there}$`, 'mu')),
      refused('no-node', noNode, new RegExp(`process 1 on ${host}: .*/nowhere/node.*${there}$`, 'mu')),
      refused(
        'changed',
        changed,
        new RegExp(`process 1 on ${host}: has other code than process 0 .*same clone$`, 'mu'),
      ),
    ]);
  });

  it('take a workload of one’s own where the same file lies there, and refuse another', async () => {
    const mine = join(folder, 'mine');
    const theirs = join(folder, 'theirs');
    for (const place of [mine, theirs]) mkdirSync(place);
    const source = readFileSync(join(root, 'workloads/examples/stamp-cards.ts'), 'utf8');
    writeFileSync(join(mine, 'cards.ts'), source);
    const workload = '{ name: ./mine/cards.ts, domain: 2^12 }';
    const made = await start(config('cards', { workload }), client('same', AS_TOLD), '--verify').ended;
    assert.ok(made.code === 0 || made.code === 4, made.stderr);
    assert.deepEqual(
      readExperiment(join(folder, 'out/cards'), assert.fail).map(({ summary }) => summary.verified),
      [true],
    );
    // The path stands in what the process is told.
    const order = `exec sed -u s,${mine},${theirs},g 2>/dev/null`;
    const there = client('there', `exec bash -c '${AS_TOLD} < <(${order})'`);
    await refused('cards-missing', there, new RegExp(`process 1 on ${host}: .*theirs/cards.ts: no such file; `, 'u'), {
      workload,
    });
    writeFileSync(join(theirs, 'cards.ts'), `${source}\n// Changed.\n`);
    await refused(
      'cards-changed',
      there,
      new RegExp(
        String.raw`process 1 on ${host}: .*theirs/cards.ts: has changed since the run was planned \(digest`,
        'u',
      ),
      { workload },
    );
  });
});
