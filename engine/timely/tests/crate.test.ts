/** The crate passes its own checks, where Rust is. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const crate = fileURLToPath(new URL('..', import.meta.url));
const cargo = (...args: readonly string[]) => spawnSync('cargo', args, { cwd: crate, encoding: 'utf8' });
const skip =
  cargo('--version').status !== 0 && 'needs cargo, which is not in PATH: the engine on timely dataflow is not tested';

/**
 * The tests check the crate's arithmetic, and compile it in a tenth of the time that its optimized form takes, which runs with workloads
 * are tested with. What it depends on is compiled once for both.
 */
const CHECKED = ['opt-level=0', 'overflow-checks=true', 'debug-assertions=true'].flatMap((setting) => [
  '--config',
  `profile.release.package.megaphone-timely.${setting}`,
]);

/** In the order of a build that uses what the one before has made. */
const CHECKS = [
  ['is formatted', ['fmt', '--check']],
  ['has no warnings', ['clippy', '--release', '--all-targets', '--quiet', '--', '-D', 'warnings']],
  [
    'passes its tests, those of the TypeScript generators’ vectors among them',
    ['test', '--release', '--quiet', ...CHECKED],
  ],
] as const;

describe('the crate', { skip }, () => {
  for (const [what, args] of CHECKS) {
    it(what, () => {
      const { status, stdout, stderr } = cargo(...args);
      assert.equal(status, 0, `${stdout}\n${stderr}`);
    });
  }

  it('has the vectors that the TypeScript generators make', () => {
    const made = spawnSync(process.execPath, ['vectors.ts'], { cwd: crate, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const kept = readFileSync(new URL('./vectors.json', import.meta.url), 'utf8');
    assert.deepEqual(JSON.parse(kept), JSON.parse(made.stdout));
  });
});
