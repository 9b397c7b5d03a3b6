/** The program that runs experiments on timely dataflow: built by cargo when it is first needed, and kept for as long as its sources are the same. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../config/input-error.ts';

/** The crate. */
export const CRATE = fileURLToPath(new URL('../../../engine/timely', import.meta.url));

/** Where cargo builds. */
const TARGET = join(CRATE, 'target');

const PROGRAM = `megaphone-timely${process.platform === 'win32' ? '.exe' : ''}`;

/** The cargo of this machine; undefined when there is none. */
export function findCargo(): string | undefined {
  const candidates = ['cargo', join(homedir(), '.cargo/bin/cargo')];
  return candidates.find((cargo) => spawnSync(cargo, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** Where the program of the present sources is, once it is built. */
export function timelyProgram(): string {
  const hash = createHash('sha256');
  for (const file of globSync(['Cargo.toml', 'src/**/*.rs'], { cwd: CRATE }).sort()) {
    const content = readFileSync(join(CRATE, file));
    // Lengths keep the end of one file from passing for the beginning of the next.
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return join(TARGET, 'built', hash.digest('hex').slice(0, 16), PROGRAM);
}

/**
 * Builds the program if that is not done; cargo tells on the standard error how far it is.
 *
 * @param signal - stops cargo
 * @throws {InputError} when there is no cargo, or no crate
 * @throws {Error} when it cannot be built
 */
export async function buildTimely(signal: AbortSignal): Promise<void> {
  if (!existsSync(join(CRATE, 'Cargo.toml'))) {
    throw new InputError('engine: timely needs a clone of the project: its package does not have the Rust sources');
  }
  const program = timelyProgram();
  if (existsSync(program)) return;
  const cargo = findCargo();
  if (cargo === undefined) {
    throw new InputError('engine: timely needs Rust 1.86 or later, and cargo is not found; install Rust (rustup.rs)');
  }
  process.stderr.write('building engine/timely with cargo, which takes some minutes; this is done once\n');
  const args = ['build', '--release', '--manifest-path', join(CRATE, 'Cargo.toml'), '--target-dir', TARGET];
  const child: ChildProcess = spawn(cargo, args, { stdio: ['ignore', 2, 2] });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop);
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', stop);
  if (signal.aborted) return;
  if (code !== 0) throw new Error('engine/timely cannot be built: cargo says why on the standard error');
  mkdirSync(dirname(program), { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  copyFileSync(join(TARGET, 'release', PROGRAM), unfinished);
  renameSync(unfinished, program);
}
