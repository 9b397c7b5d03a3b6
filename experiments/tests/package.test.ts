/** The package of the harness, outside of the clone: a config and a workload of one's own, and those that it brings along. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { linkPackages, packedCopy } from '../../.config/packed-copy.ts';
import { readExperiment } from '../results/run-reader.ts';
import { isDone } from '../run/tests/is-done.ts';

const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url));

const BRIEF = ['--set', 'duration=2 s', '--set', 'warmUp=250 ms', '--set', 'migrations=[imbalanced]'];

describe('the package of the harness', () => {
  let folder = '';
  let user = '';
  let installed = '';

  before(() => {
    const packed = packedCopy('.');
    folder = packed.folder;
    user = join(folder, 'user');
    // As npm would lay it, but for the packages that it would fetch.
    linkPackages(join(user, 'node_modules'));
    installed = join(user, 'node_modules/megaphone');
    execFileSync('tar', ['-xzf', packed.tarball, '-C', folder]);
    renameSync(join(folder, 'package'), installed);
    rmSync(join(folder, 'copy'), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs its command line in the user's folder. */
  function megaphone(...args: readonly string[]) {
    const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { bin: { megaphone: string } };
    return spawnSync(process.execPath, [join(installed, bin.megaphone), ...args], { cwd: user, encoding: 'utf8' });
  }

  it('brings the engine along', () => {
    assert.ok(existsSync(join(installed, 'node_modules/megaphone-engine/dist/index.js')));
    assert.ok(!existsSync(join(installed, 'engine')) && !existsSync(join(installed, 'dist/engine')));
  });

  it('runs a config and a workload of one’s own, verified, and draws the charts', () => {
    for (const name of ['stamp-cards.ts', 'stamp-cards.yaml']) {
      copyFileSync(join(installed, 'workloads/examples', name), join(user, name));
    }
    const args = ['--scale', 'smoke', '--verify', '--set', 'strategy=fluid', ...BRIEF];
    const { status, stdout, stderr } = megaphone('run', './stamp-cards.yaml', ...args);
    assert.ok(isDone(status), stderr);
    assert.match(stdout, /^results\/stamp-cards\/figures\/stamp-cards-timeline-smoke\.svg$/m);
    const [run] = readExperiment(join(user, 'results/stamp-cards'), assert.fail);
    assert.equal(run?.summary.verified, true);
    assert.equal(run.spec.workload.plugIn?.file, join(user, 'stamp-cards.ts'));
  });

  it('runs the configs that it brings along, between processes, too', () => {
    const { status, stderr } = megaphone(
      'run',
      'fig1-processes',
      '--scale',
      'smoke',
      '--set',
      'strategy=fluid',
      ...BRIEF,
      '--verify',
    );
    assert.ok(isDone(status), stderr);
    assert.equal(megaphone('claims').status, 0);
    assert.equal(megaphone('loc').status, 0);
    const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
    assert.equal(megaphone('--version').stdout.trim(), version);
  });

  it('serves the live page', async () => {
    const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { bin: { megaphone: string } };
    const watch = spawn(process.execPath, [join(installed, bin.megaphone), 'watch'], {
      cwd: user,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: watch.stdout }), 'line')) as [string];
    const page = await (await fetch(line.replace('live page: ', ''))).text();
    watch.kill('SIGINT');
    const [code] = (await once(watch, 'close')) as [number | null];
    assert.equal(code, 130);
    assert.match(page, /import 'plots\/live\/browser\/main.ts';/u);
    assert.match(page, /\.live-chart/u);
  });

  it('gives a workload its types, by the tsconfig.json of the README', () => {
    const engine = './node_modules/megaphone/node_modules/megaphone-engine/dist';
    const compilerOptions = {
      noEmit: true,
      strict: true,
      module: 'nodenext',
      target: 'es2024',
      types: ['node'],
      skipLibCheck: true,
      paths: { 'megaphone-engine': [`${engine}/index.d.ts`], 'megaphone-engine/*': [`${engine}/*/index.d.ts`] },
    };
    writeFileSync(join(user, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
    const check = () => spawnSync(process.execPath, [tsc], { cwd: user, encoding: 'utf8' });
    const { status, stdout } = check();
    assert.equal(status, 0, stdout);
    const file = join(user, 'stamp-cards.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('hasDomain: true', 'hasDomain: 1'));
    assert.match(check().stdout, /Type 'number' is not assignable to type 'boolean'/);
  });
});
