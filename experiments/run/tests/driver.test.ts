import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { after, beforeEach, describe, it } from 'node:test';
import type { RunSpec } from '../../config/run-spec.ts';
import { sampleSpec, sampleSummary } from '../../report/tests/sample-run.ts';
import { readProvenance } from '../../results/provenance.ts';
import { beginRun, publishRun } from '../../results/run-attempt.ts';
import { failedDirectory, runDirectory } from '../../results/run-folders.ts';
import { isRunFolder, readRun, readRunRecord } from '../../results/run-reader.ts';
import { writeResults } from '../../results/run-writer.ts';
import { earlierLabel, earlierRun, makeRuns, type DriverOptions } from '../driver.ts';
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

/** Writes a run that other code has made. */
function madeByOthers(spec: RunSpec, code = '00000000000000ff'): void {
  const directory = runDirectory(out, spec);
  const provenance = { ...readProvenance(new Date(0)), commit: 'abcdef0123456789', dirty: false, code };
  const attempt = beginRun(directory, spec, provenance);
  const none = { timeline: [], ccdf: [], migrations: [], memory: [], scheduler: [], histograms: () => {} };
  writeResults(attempt, { ...none, summary: sampleSummary({ loadedRecords: 4711 }) });
  publishRun(attempt, directory, assert.fail);
}

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
    assert.equal(shown.length, 2);
    assert.match(shown[0] ?? '', /^\[1\/2\] seed 1: done before( by commit [0-9a-f]{10}( with changes)?)?, skipped\n$/);
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

  it('refuses to mix results of other code with its own, unless forced', async () => {
    madeByOthers(act('done'));
    const earlier = earlierRun(out, act('done'));
    assert.ok(earlier !== undefined);
    assert.equal(earlierLabel(earlier), 'done before by commit abcdef0123, by other code: needs --force');
    await assert.rejects(makeRuns([act('done'), act('done', 2)], options()), {
      name: 'OtherCodeError',
      message:
        `${join(out, 'sample')}: other code (commit abcdef0123) made 1 of the 2 runs there; ` +
        '--force makes them again, --out elsewhere keeps both',
    });
    assert.deepEqual(readdirSync(join(out, 'sample')).length, 1);
    await makeRuns([act('done')], options({ force: true }));
    assert.notEqual(readRun(runDirectory(out, act('done'))).summary.loadedRecords, 4711);
  });

  it('keeps the old result until the new one is complete', async () => {
    madeByOthers(act('fail'));
    const { failed } = await makeRuns([act('fail')], options({ force: true }));
    assert.ok(failed !== undefined);
    assert.equal(readRun(runDirectory(out, act('fail'))).summary.loadedRecords, 4711);
  });

  it('keeps what somebody else has finished meanwhile, and says so', async () => {
    const result = await makeRuns(
      [act('done')],
      options({}, (line) => {
        if (line.includes('running')) madeByOthers(act('done'));
      }),
    );
    assert.equal(result.finished[0]?.summary.loadedRecords, 4711);
    assert.ok(shown.some((line) => line.endsWith('somebody else has finished it meanwhile: theirs is kept\n')));
  });

  it('makes a run again that cannot be read, and says why in one line', async () => {
    await makeRuns([act('done')], options());
    const directory = runDirectory(out, act('done'));
    writeFileSync(join(directory, 'run.json'), '{"status":"done"}');
    const lines: string[] = [];
    assert.equal(
      earlierRun(out, act('done'), (line) => lines.push(line)),
      undefined,
    );
    assert.match(lines.join(), /^[^\n]*run\.json: has no format[^\n]*counts as not made$/);
    assert.equal((await makeRuns([act('done')], options())).finished.length, 1);
    assert.ok(earlierRun(out, act('done')) !== undefined);
  });

  it('stops at a run that fails, and keeps those before it', async () => {
    const specs = [act('done'), act('fail', 2), act('done', 3)];
    const { finished, failed } = await makeRuns(specs, options());
    assert.equal(finished.length, 1);
    assert.deepEqual(failed, {
      label: 'seed 2',
      directory: failedDirectory(runDirectory(out, act('fail', 2))),
      message: 'worker 1: broken',
      stack: 'Error: worker 1: broken\n    at somewhere',
    });
    assert.deepEqual(readRunRecord(failed?.directory ?? '').spec, act('fail', 2));
    assert.equal(readFileSync(join(failed?.directory ?? '', 'error.txt'), 'utf8'), `${failed?.stack}\n`);
    assert.equal(isRunFolder(runDirectory(out, act('done'))), true);
    assert.equal(existsSync(runDirectory(out, act('done', 3))), false);
  });

  it('counts a process that ends without a word as a failure, and keeps its last words', async () => {
    const { failed } = await makeRuns([act('die')], options());
    assert.equal(failed?.message, 'the process of the run ended with exit code 7 before it was done');
    assert.equal(failed.stack, `${failed.message}\nout of everything`);
  });

  it('leaves no listener on the signal, however runs end', async () => {
    const { signal } = new AbortController();
    await makeRuns([act('done'), act('done', 2), act('fail', 3)], options({ signal }));
    await makeRuns([act('die', 4)], options({ signal }));
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('counts a program that is not there as a failure', async () => {
    const { failed } = await makeRuns([act('done')], options({ program: new URL('./no-such-program.ts', program) }));
    assert.match(failed?.stack ?? '', /Cannot find module/);
  });

  it('stops the process when interrupted, and leaves nothing of its run', async () => {
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
    assert.equal(existsSync(directory), false);
    assert.deepEqual(readdirSync(join(out, 'sample')), [basename(runDirectory(out, act('done')))]);
  });

  it('tells a full disk in one line', async () => {
    const directory = runDirectory(out, act('disk full'));
    await assert.rejects(makeRuns([act('disk full')], options()), {
      name: 'StorageError',
      message: `${directory}: no space left on the disk; free some, then run the same command again (finished runs are kept)`,
    });
    assert.equal(existsSync(join(failedDirectory(directory), 'error.txt')), true);
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
