import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, beforeEach, describe, it } from 'node:test';
import { sampleSpec } from '../../report/tests/sample-run.ts';
import { runDirectory } from '../../results/run-id.ts';
import { isComplete, readRunRecord } from '../../results/run-reader.ts';
import { makeRuns, type DriverOptions } from '../driver.ts';
import { storageError } from '../storage-error.ts';

const program = new URL('./fake-process.ts', import.meta.url);
const folders: string[] = [];
let out = '';
let shown: string[] = [];

/** Options for a fresh folder; `onLine` sees each line of progress. */
function options(changes: Partial<DriverOptions> = {}, onLine: (line: string) => void = () => {}): DriverOptions {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      shown.push(chunk.toString());
      onLine(chunk.toString());
      done();
    },
  });
  return { out, force: false, signal: new AbortController().signal, stream, program, ...changes };
}

const act = (title: string, seed = 1, verify = false) => sampleSpec({ title, seed, verify });

describe('makeRuns', () => {
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'megaphone-driver-'));
    folders.push(out);
    shown = [];
  });

  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('makes runs in order, and skips what is done the next time unless forced', async () => {
    const specs = [act('done', 1), act('done', 2)];
    const first = await makeRuns(specs, options());
    assert.deepEqual(
      first.finished.map(({ spec, summary }) => [spec.seed, summary.digest.sum]),
      [
        [1, '0000000000000001'],
        [2, '0000000000000002'],
      ],
    );
    assert.equal(first.failed, undefined);
    assert.equal(first.interrupted, false);
    shown = [];
    assert.equal((await makeRuns(specs, options())).finished.length, 2);
    assert.deepEqual(shown, [
      '[1/2] all-at-once, seed 1: done before, skipped\n',
      '[2/2] all-at-once, seed 2: done before, skipped\n',
    ]);
    shown = [];
    assert.equal((await makeRuns(specs, options({ force: true }))).finished.length, 2);
    assert.equal(shown.filter((line) => line.includes('skipped')).length, 0);
  });

  it('makes a finished run again when it has not been verified', async () => {
    await makeRuns([act('done')], options());
    shown = [];
    const { finished } = await makeRuns([act('done', 1, true)], options());
    assert.equal(finished[0]?.summary.verified, true);
    assert.equal(shown.filter((line) => line.includes('skipped')).length, 0);
  });

  it('stops at a run that fails, and keeps those before it', async () => {
    const specs = [act('done'), act('fail', 2), act('done', 3)];
    const { finished, failed } = await makeRuns(specs, options());
    assert.equal(finished.length, 1);
    assert.deepEqual(failed, {
      label: 'all-at-once, seed 2',
      directory: runDirectory(out, act('fail', 2)),
      message: 'worker 1: broken',
      stack: 'Error: worker 1: broken\n    at somewhere',
    });
    const record = readRunRecord(runDirectory(out, act('fail', 2)));
    assert.deepEqual([record.status, record.error], ['failed', 'Error: worker 1: broken\n    at somewhere']);
    assert.equal(isComplete(runDirectory(out, act('done'))), true);
    assert.equal(existsSync(runDirectory(out, act('done', 3))), false);
  });

  it('counts a process that ends without a word as a failure, and keeps its last words', async () => {
    const { failed } = await makeRuns([act('die')], options());
    assert.equal(failed?.message, 'the process of the run ended with exit code 7 before it was done');
    assert.equal(failed.stack, `${failed.message}\nout of everything`);
  });

  it('counts a program that is not there as a failure', async () => {
    const { failed } = await makeRuns([act('done')], options({ program: new URL('./no-such-program.ts', program) }));
    assert.match(failed?.stack ?? '', /Cannot find module/);
  });

  it('stops the process when interrupted, says so in run.json, and goes on the next time', async () => {
    const stop = new AbortController();
    const specs = [act('done'), act('hang', 2), act('done', 3)];
    const result = await makeRuns(
      specs,
      options({ signal: stop.signal }, (line) => {
        if (line.includes('seed 2: running')) stop.abort();
      }),
    );
    assert.deepEqual([result.finished.length, result.interrupted, result.failed], [1, true, undefined]);
    const directory = runDirectory(out, act('hang', 2));
    assert.equal(readRunRecord(directory).status, 'interrupted');
    assert.equal(isComplete(directory), false);
    assert.equal(existsSync(runDirectory(out, act('done', 3))), false);
  });

  it('tells a full disk in one line', async () => {
    const directory = runDirectory(out, act('disk full'));
    await assert.rejects(makeRuns([act('disk full')], options()), {
      name: 'StorageError',
      message: `${directory}: no space left on the disk; free some, then run the same command again (finished runs are kept)`,
    });
    assert.equal(readRunRecord(directory).status, 'failed');
  });

  it('tells in one line that a file stands in the way', async () => {
    const file = join(out, 'file');
    writeFileSync(file, '');
    await assert.rejects(makeRuns([act('done')], options({ out: file })), {
      name: 'StorageError',
      message: `${runDirectory(file, act('done'))}: a file stands where a folder is needed, see --out`,
    });
  });

  it('knows the faults of the disk by either form of the message', () => {
    assert.equal(storageError('EROFS, Read-only file system', 'x')?.message.startsWith('x: cannot be made'), true);
    assert.equal(storageError('ENOSPC: no space left on device, write', 'x')?.message.startsWith('x: no space'), true);
    assert.equal(storageError('Error: broken', 'x'), undefined);
  });

  it('tells an unwritable folder in one line', { skip: process.getuid?.() === 0 }, async () => {
    chmodSync(out, 0o500);
    await assert.rejects(makeRuns([act('done')], options()), {
      name: 'StorageError',
      message: `${runDirectory(out, act('done'))}: not writable; expected a folder that may be written, see --out`,
    });
  });
});
