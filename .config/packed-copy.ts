/** Packs a copy of the source tree, for tests: packing replaces package.json for a moment, under which other tests would run. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const ROOT = dirname(import.meta.dirname);

/** What the copy does without, wherever it is, and at the top. */
const LEFT_OUT = ['node_modules', 'dist', 'target', '.git'];
const LEFT_OUT_AT_TOP = ['results', 'docs'].map((name) => join(ROOT, name));

/** A package that was made of the source tree. */
export interface PackedCopy {
  /** A folder for all of this; who asked for it removes it. */
  readonly folder: string;
  /** The tarball. */
  readonly tarball: string;
}

/** Packs the folder of the source tree: `engine`, or `.`. */
export function packedCopy(packed: 'engine' | '.'): PackedCopy {
  const folder = mkdtempSync(join(tmpdir(), 'megaphone-package-'));
  const copy = join(folder, 'copy');
  cpSync(ROOT, copy, { recursive: true, filter: isCopied });
  linkPackages(join(copy, 'node_modules'));
  symlinkSync('../engine', join(copy, 'node_modules/megaphone-engine'));
  const printed = execFileSync('npm', ['pack', '--json', '--loglevel', 'error', '--pack-destination', folder], {
    cwd: join(copy, packed),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const name = /^\s*"filename": "(.*)",$/mu.exec(printed)?.[1];
  if (name === undefined) throw new Error(`npm pack named no file: ${printed}`);
  return { folder, tarball: join(folder, name) };
}

function isCopied(path: string): boolean {
  return path === ROOT || !(LEFT_OUT.includes(basename(path)) || LEFT_OUT_AT_TOP.includes(path));
}

/** Makes a node_modules folder with the packages of the source tree, but for those of the project. */
export function linkPackages(modules: string): void {
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name.startsWith('megaphone')) continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}
