import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { sampleSpec } from '../../report/tests/sample-run.ts';
import { failedDirectory, runDirectory } from '../../results/run-folders.ts';
import { makeAllRuns } from '../make-all.ts';

const program = new URL('./fake-process.ts', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'megaphone-make-all-'));

/** Options for a fresh folder; `onLine` sees each line of progress. */
function options(signal = new AbortController().signal, onLine: (line: string) => void = () => {}) {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      onLine(chunk.toString());
      done();
    },
  });
  return { out: mkdtempSync(join(folder, 'out-')), force: false, signal, stream, program };
}

describe('makeAllRuns', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('makes the runs after one that failed, and names each as among all', async () => {
    const specs = ['fail', 'done', 'fail', 'done', 'fail'].map((title, index) =>
      sampleSpec({ title, seed: index + 1 }),
    );
    const where = options();
    const { finished, failed, interrupted } = await makeAllRuns(specs, where);
    assert.deepEqual(
      finished.map(({ spec }) => spec.seed),
      [2, 4],
    );
    assert.deepEqual(
      failed.map(({ label, message, directory }) => ({ label, message, directory })),
      [0, 2, 4].map((index) => ({
        label: `seed ${index + 1}`,
        message: 'worker 1: broken',
        directory: failedDirectory(runDirectory(where.out, specs[index]!)),
      })),
    );
    assert.equal(interrupted, false);
  });

  it('keeps what was done and what failed when it is interrupted', async () => {
    const stop = new AbortController();
    const specs = ['fail', 'done', 'hang', 'done'].map((title, index) => sampleSpec({ title, seed: index + 1 }));
    const { finished, failed, interrupted } = await makeAllRuns(
      specs,
      options(stop.signal, (line) => {
        if (line.includes('[2/3]') && line.includes('running')) stop.abort();
      }),
    );
    assert.deepEqual([finished.length, failed.length, interrupted], [1, 1, true]);
  });
});
