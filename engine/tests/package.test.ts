/** The package, installed in an empty folder: no network, no sources, JavaScript with types. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packedCopy } from '../../.config/packed-copy.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

describe('the package', () => {
  let folder = '';
  let user = '';
  let installed = '';

  before(() => {
    const packed = packedCopy('engine');
    folder = packed.folder;
    user = join(folder, 'user');
    installed = join(user, 'node_modules/megaphone-engine');
    mkdirSync(user);
    writeFileSync(join(user, 'package.json'), '{ "type": "module" }');
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', packed.tarball], { cwd: user });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (file: string): string => execFileSync(process.execPath, [file], { cwd: user, encoding: 'utf8' });

  it('has compiled JavaScript with types, a README, a license and examples, and depends on nothing', () => {
    assert.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'dist', 'examples', 'package.json']);
    const sources = globSync('**/*.ts', { cwd: installed }).filter((name) => !name.endsWith('.d.ts'));
    assert.ok(sources.length > 0 && sources.every((name) => name.startsWith('examples/')), sources.join());
    assert.deepEqual(globSync('**/tests', { cwd: installed }), []);
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
    for (const field of ['dependencies', 'devDependencies', 'scripts']) assert.equal(manifest[field], undefined);
    assert.deepEqual(manifest['engines'], { node: '>=22' });
  });

  it('names no file that it lacks', () => {
    for (const name of globSync('dist/**/*.js', { cwd: installed })) {
      assert.doesNotMatch(
        readFileSync(join(installed, name), 'utf8'),
        /^(?!\s*(?:\*|\/\/)).*['"]\.{1,2}\/[^'"]*\.ts['"]/mu,
        name,
      );
    }
  });

  it('runs its examples as JavaScript', () => {
    assert.match(run(join(installed, 'dist/examples/word-count.js')), /worker 1: \d+ words .*; 8 bins left it\n$/);
  });

  it('runs a program in TypeScript outside of it, and its types are complete', () => {
    for (const name of ['word-count.ts', 'windowed-join.ts', 'open-loop.ts']) {
      copyFileSync(join(installed, 'examples', name), join(user, name));
    }
    assert.match(run('windowed-join.ts'), /^\d+ clicks matched/);
    const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes'];
    const target = [
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--typeRoots',
      join(MODULES, '@types'),
      '--types',
      'node',
    ];
    const args = [join(MODULES, 'typescript/bin/tsc'), ...options, ...target, ...globSync('*.ts', { cwd: user })];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: user, encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });

  it('has every import that the source tree has', async () => {
    const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      exports: Record<string, string>;
    };
    for (const [name, file] of Object.entries(exports)) {
      const from = name.replace('.', 'megaphone-engine');
      const program = `console.log(Object.keys(await import('${from}')).sort().join());`;
      const args = ['--input-type=module', '--eval', program];
      const found = execFileSync(process.execPath, args, { cwd: user, encoding: 'utf8' }).trim();
      const source = (await import(new URL(`../${file}`, import.meta.url).href)) as object;
      assert.equal(found, Object.keys(source).sort().join());
    }
  });
});
