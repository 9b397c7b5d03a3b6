/**
 * What `npm pack` makes of a source tree, in the engine's folder or at the top: compiled JavaScript with types, since Node does not strip
 * types below node_modules. Everything compiled is in `dist/`, in folders as in the source tree; package.json names it while the
 * package is made, and is restored afterwards. The package of the harness brings the engine's along.
 *
 *     node .config/package.ts prepack     # npm calls both, in the folder of the package
 *     node .config/package.ts postpack
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { browserModules, SCRIPTED_PAGES } from '../plots/report/browser-code.ts';
import { readProvenance } from '../experiments/results/provenance.ts';

const ROOT = dirname(import.meta.dirname);
const ENGINE = join(ROOT, 'engine');

/** Where package.json is kept while that of the package stands in its place. */
const KEPT = '.package.json.kept';

/** Files of the harness that are read, not run; the queries' sources are counted by `megaphone loc`. */
const ASSETS = [
  'experiments/*.yaml',
  'experiments/config.schema.json',
  'experiments/claims/claims.yaml',
  'workloads/nexmark/queries/*.ts',
  'plots/report/page.css',
  'plots/live/live.css',
];

/** A package.json, as far as it is changed. */
interface Manifest {
  exports?: Record<string, unknown>;
  bin?: Record<string, string>;
  [field: string]: unknown;
}

/** What a source tree says that a package does not need. */
const UNPACKED = ['workspaces', 'scripts', 'devDependencies', 'prettier'];

function compile(project: string, out: string): void {
  rmSync(out, { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', join(ROOT, `.config/tsconfig.${project}.json`)], { stdio: 'inherit' });
  for (const file of globSync('**/*.js', { cwd: out }).map((name) => join(out, name))) nameCompiled(file);
}

/** Programs and threads are named by URLs, which the compiler leaves as they are. */
function nameCompiled(file: string): void {
  const text = readFileSync(file, 'utf8');
  const named = text.replaceAll(/new URL\('(\.[^']*)\.ts', import\.meta\.url\)/gu, (_, name: string) => {
    if (!existsSync(join(dirname(file), `${name}.js`)))
      throw new Error(`${file} names ${name}.ts, which is not compiled`);
    return `new URL('${name}.js', import.meta.url)`;
  });
  if (named !== text) writeFileSync(file, named);
}

/** Puts the package's package.json, with what is added, in the place of the source tree's. */
function nameDist(folder: string, added: Manifest): void {
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const compiled = (file: string, extension: string) => file.replace(/^(?:\.\/)?(.*)\.ts$/u, `./dist/$1${extension}`);
  for (const [name, file] of Object.entries(manifest.exports ?? {})) {
    if (typeof file !== 'string' || !file.endsWith('.ts')) continue;
    manifest.exports![name] = { types: compiled(file, '.d.ts'), default: compiled(file, '.js') };
  }
  for (const [name, file] of Object.entries(manifest.bin ?? {})) manifest.bin![name] = compiled(file, '.js').slice(2);
  for (const field of UNPACKED) delete manifest[field];
  renameSync(path, join(folder, KEPT));
  writeFileSync(path, `${JSON.stringify({ ...manifest, ...added }, null, 2)}\n`);
}

/** Puts the source tree's package.json back, also after a `prepack` that was stopped. */
function restore(folder: string): void {
  if (existsSync(join(folder, KEPT))) renameSync(join(folder, KEPT), join(folder, 'package.json'));
}

/** The engine is for Node 22 and later; the harness, which brings it along, brings a Node of its own, too. */
function prepareEngine(isAlone: boolean): void {
  compile('engine', join(ENGINE, 'dist'));
  nameDist(ENGINE, isAlone ? { engines: { node: '>=22' } } : {});
}

function prepareHarness(): void {
  // Results of a package say what it was made of: nobody has its sources beside it.
  const { commit, dirty, code } = readProvenance(new Date());
  prepareEngine(false);
  const out = join(ROOT, 'dist');
  compile('harness', out);
  // What pages carry into browsers is stripped of its types when they are made.
  const scripts = SCRIPTED_PAGES.flatMap((page) => [...browserModules(page).keys()]);
  for (const name of [...globSync(ASSETS, { cwd: ROOT }), ...scripts]) cpSync(join(ROOT, name), join(out, name));
  writeFileSync(join(out, 'built.json'), `${JSON.stringify({ commit, dirty, code })}\n`);
  nameDist(ROOT, { bundleDependencies: ['megaphone-engine'] });
}

const folders = process.cwd() === ENGINE ? [ENGINE] : [ENGINE, ROOT];
folders.forEach(restore);
if (process.argv[2] === 'prepack') {
  try {
    if (folders.length === 1) prepareEngine(true);
    else prepareHarness();
  } catch (error) {
    folders.forEach(restore);
    throw error;
  }
}
