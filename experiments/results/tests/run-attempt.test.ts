import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { beginRun, clearLeftovers, discardRun, failRun, publishRun } from '../run-attempt.ts';
import { failedDirectory, parseAttempt, runDirectory } from '../run-folders.ts';
import { isRunFolder, readRun, readRunRecord } from '../run-reader.ts';
import { writeResults } from '../run-writer.ts';
import { provenance, results, spec } from './example-run.ts';

const root = mkdtempSync(join(tmpdir(), 'megaphone-attempts-'));
after(() => rmSync(root, { recursive: true }));

const program = fileURLToPath(new URL('./writer-process.ts', import.meta.url));

/** An attempt that is written in full, whose results hold `mark`. */
function written(directory: string, mark: number): string {
  const attempt = beginRun(directory, spec, provenance);
  writeResults(attempt, { ...results, summary: { ...results.summary, loadedRecords: mark } });
  return attempt;
}

const markOf = (directory: string) => readRun(directory).summary.loadedRecords;

const filesBeside = (directory: string) => readdirSync(dirname(directory)).sort();

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** Starts writers, lets all publish at once when all are ready, and returns what became of each, by process. */
async function publishAtOnce(out: string, keepsOther: string): Promise<Map<number, boolean>> {
  const writers = [0, 1].map(() => fork(program, [out, keepsOther], { execArgv: [] }));
  await Promise.all(writers.map((writer) => once(writer, 'message')));
  const ends = writers.map(async (writer) => {
    const [said, ended] = (await Promise.all([once(writer, 'message'), once(writer, 'close')])) as [
      [{ readonly isOurs: boolean }],
      [number],
    ];
    assert.equal(ended[0], 0);
    return [writer.pid!, said[0].isOurs] as const;
  });
  for (const writer of writers) writer.send('publish');
  return new Map(await Promise.all(ends));
}

describe('an attempt', () => {
  it('is no run before it is published', () => {
    const directory = runDirectory(join(root, 'begun'), spec);
    const attempt = beginRun(directory, spec, provenance);
    assert.equal(isRunFolder(directory), false);
    assert.equal(isRunFolder(attempt), false);
    assert.equal(parseAttempt(basename(attempt))?.processId, process.pid);
    writeResults(attempt, results);
    assert.equal(isRunFolder(directory), false);
    assert.equal(publishRun(attempt, directory, assert.fail), true);
    assert.deepEqual(filesBeside(directory), [basename(directory)]);
    assert.deepEqual(readRun(directory).summary, results.summary);
  });

  it('gives way to a run that somebody else has made, or replaces it', () => {
    const directory = runDirectory(join(root, 'taken'), spec);
    publishRun(written(directory, 1), directory, assert.fail);
    assert.equal(
      publishRun(written(directory, 2), directory, () => true),
      false,
    );
    assert.equal(markOf(directory), 1);
    assert.equal(
      publishRun(written(directory, 3), directory, () => markOf(directory) !== 1),
      true,
    );
    assert.equal(markOf(directory), 3);
    assert.deepEqual(filesBeside(directory), [basename(directory)]);
  });

  it('leaves its error when it fails, which goes when the run is made', () => {
    const directory = runDirectory(join(root, 'failed'), spec);
    failRun(beginRun(directory, spec, provenance), directory, 'Error: the first\n');
    failRun(beginRun(directory, spec, provenance), directory, 'Error: the ring is torn');
    const failed = failedDirectory(directory);
    assert.deepEqual(filesBeside(directory), [basename(failed)]);
    assert.equal(readFileSync(join(failed, 'error.txt'), 'utf8'), 'Error: the ring is torn\n');
    assert.deepEqual(readRunRecord(failed).spec, spec);
    discardRun(beginRun(directory, spec, provenance));
    assert.deepEqual(filesBeside(directory), [basename(failed)]);
    publishRun(written(directory, 1), directory, assert.fail);
    assert.deepEqual(filesBeside(directory), [basename(directory)]);
  });
});

describe('two processes that make the same run at once', () => {
  for (const [what, keepsOther, winners] of [
    ['keep the one that was first', 'keep', 1],
    ['keep either, when both replace what is there', 'replace', 2],
  ] as const) {
    it(what, async () => {
      const out = join(root, `two-${keepsOther}`);
      const directory = runDirectory(out, spec);
      for (let turn = 0; turn < 4; turn += 1) {
        rmSync(directory, { recursive: true, force: true });
        const published = await publishAtOnce(out, keepsOther);
        assert.equal([...published.values()].filter((isOurs) => isOurs).length, winners);
        const { provenance: made, summary, timeline } = readRun(directory);
        assert.equal(published.get(made.memoryBytes), true);
        assert.deepEqual([summary.loadedRecords, timeline[0]?.records], [made.memoryBytes, made.memoryBytes]);
        assert.deepEqual(filesBeside(directory), [basename(directory)]);
      }
    });
  }
});

describe('clearLeftovers', () => {
  it('removes what dead processes left, and nothing else', () => {
    const directory = runDirectory(join(root, 'leftovers'), spec);
    const folder = dirname(directory);
    publishRun(written(directory, 1), directory, assert.fail);
    const mine = beginRun(directory, spec, provenance);
    mkdirSync(join(folder, 'figures'));
    writeFileSync(join(folder, '.notes'), '');
    const kept = filesBeside(directory);
    const dead = deadProcess();
    renameSync(written(directory, 2), join(folder, `.${basename(directory)}.${dead}.0a`));
    renameSync(written(directory, 3), join(folder, `.${basename(directory)}.${dead}.0a.old`));
    clearLeftovers(folder);
    assert.deepEqual(filesBeside(directory), kept);
    assert.ok(existsSync(mine));
    assert.equal(markOf(directory), 1);
    clearLeftovers(join(root, 'nowhere'));
  });

  it('removes marks that nobody touches any more, also beside the experiment, and leaves those of others', () => {
    const folder = join(root, 'marked', 'experiment');
    mkdirSync(folder, { recursive: true });
    const hourAgo = new Date(Date.now() - 3.6e6);
    for (const at of [folder, dirname(folder)]) {
      for (const name of ['.watch.any.0a', '.watch.any.0b', `.live.${deadProcess()}.0c.ndjson`]) {
        writeFileSync(join(at, name), '');
      }
      utimesSync(join(at, '.watch.any.0a'), hourAgo, hourAgo);
    }
    clearLeftovers(folder);
    assert.deepEqual(readdirSync(folder), ['.watch.any.0b']);
    assert.deepEqual(readdirSync(dirname(folder)), ['.watch.any.0b', 'experiment']);
  });

  it('puts back the run that a process was replacing when it died', () => {
    const directory = runDirectory(join(root, 'swapped'), spec);
    publishRun(written(directory, 1), directory, assert.fail);
    renameSync(directory, join(dirname(directory), `.${basename(directory)}.${deadProcess()}.0b.old`));
    clearLeftovers(dirname(directory));
    assert.deepEqual(filesBeside(directory), [basename(directory)]);
    assert.equal(markOf(directory), 1);
  });
});
