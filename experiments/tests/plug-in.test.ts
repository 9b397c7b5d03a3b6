/** A workload of one's own, from a folder outside of the project, end to end: verified, migrated, in several processes, edited. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readExperiment } from '../results/run-reader.ts';
import { isDone } from '../run/tests/is-done.ts';

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../workloads/examples/', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'megaphone-my-workload-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const workload = join(folder, 'stamp-cards.ts');
copyFileSync(join(EXAMPLES, 'stamp-cards.ts'), workload);

const CONFIG = `
workload: { name: ./stamp-cards.ts, domain: 2^12, parameters: { stampsPerCard: 3 } }
bins: 2^4
rate: 20000 records/s
duration: 2 s
warmUp: 250 ms
topology: { workers: 2 }
`;

/** Runs a config, in the folder or another one, and checks the outputs. */
function run(name: string, lines: string, cwd = folder) {
  const config = join(folder, `${name}.yaml`);
  writeFileSync(config, `${CONFIG}${lines}\n`);
  const args = [MAIN, 'run', config, '--verify', '--out', join(folder, 'out')];
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
}

const runsOf = (name: string) => readExperiment(join(folder, 'out', name), assert.fail);

describe('a workload from a folder outside of the project', () => {
  it('is verified natively, and while it migrates between threads and between processes', () => {
    const { status, stderr } = run(
      'mine',
      `cases:
  - workload: { variant: native }
  - topology: [{ workers: 2 }, { processes: 2, workers: 1 }]
    migrations: [imbalanced, balanced]
    strategy: fluid`,
      tmpdir(),
    );
    assert.ok(isDone(status), stderr);
    assert.doesNotMatch(stderr, /Warning/u);
    const runs = runsOf('mine');
    assert.equal(runs.length, 3);
    for (const { spec, summary } of runs) {
      assert.equal(spec.workload.plugIn?.file, workload);
      assert.equal(summary.verified, true);
      assert.equal(summary.loadedRecords, 2 ** 12);
      if (spec.workload.variant === 'megaphone') assert.ok(summary.migrations.every(({ bytes }) => bytes > 0));
    }
  });

  it('is run again where its file was edited, and fails where its outputs are not the oracle’s', () => {
    const ids = () => runsOf('edited').map(({ id }) => id);
    assert.ok(isDone(run('edited', '').status));
    const [before] = ids();
    const text = readFileSync(workload, 'utf8');
    writeFileSync(workload, `${text}\n// the same otherwise\n`);
    const again = run('edited', '');
    assert.ok(isDone(again.status), again.stderr);
    assert.equal(ids().length, 2);
    assert.ok(ids().includes(before!));
    assert.doesNotMatch(again.stdout, /skipped/u);
    writeFileSync(workload, text.replace('stamps.add(customer, 1)', 'stamps.add(customer, 2)'));
    const wrong = run('edited', '');
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /failed .*: the outputs differ from the oracle's/u);
    writeFileSync(workload, text);
  });

  it('is refused in one line where it cannot be used', () => {
    writeFileSync(workload, 'export const native = 3;');
    const { status, stderr } = run('refused', '');
    assert.equal(status, 2);
    assert.equal(
      stderr,
      `megaphone: refused.yaml:2:19 workload.name: ${workload}: exports native; expected a workload as its default export (export default)\n`,
    );
  });
});
