import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { LiveLine } from '../../../experiments/report/live-lines.ts';
import { clearLeftovers } from '../../../experiments/results/run-attempt.ts';
import { LiveFile } from '../../../experiments/run/live-file.ts';
import { SweepFeed } from '../sweep-feed.ts';
import { progressLine, sweepLine } from './live-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'megaphone-feed-'));
after(() => rmSync(folder, { recursive: true }));

/** Follows a folder; `heard` returns what was told since it was called the last time, by sweep. */
function follow(directory: string, onlyProcess?: number) {
  let told: [key: string, line: LiveLine][] = [];
  const keys: string[] = [];
  const feed = new SweepFeed(directory, onlyProcess, {
    onSweep: (key) => void keys.push(key),
    onLine: (key, line) => void told.push([key, line]),
  });
  const heard = (): string[] => {
    feed.poll();
    const lines = told.map(([key, line]) => `${keys.indexOf(key)} ${line.type}`);
    told = [];
    return lines;
  };
  return { feed, heard };
}

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '0']).pid;
}

describe('SweepFeed', () => {
  it('follows a folder that is not there yet, sweeps that begin and end, and one after the other', () => {
    const results = join(folder, 'later');
    const { feed, heard } = follow(results);
    assert.deepEqual(heard(), []);
    const file = new LiveFile(join(results, 'fig1'), sweepLine(['a', 'b']));
    file.write({ type: 'begin', run: 0 });
    assert.deepEqual(heard(), ['0 sweep', '0 begin']);
    file.write(progressLine(1));
    assert.deepEqual(heard(), ['0 progress']);
    file.write({ type: 'end', status: 'done' });
    file.write({ type: 'over', status: 'done' });
    file.close();
    assert.deepEqual(readdirSync(join(results, 'fig1')), []);
    // The end is still there for who had opened it.
    assert.deepEqual(heard(), ['0 end', '0 over']);
    const next = new LiveFile(join(results, 'fig5'), sweepLine(['c']));
    assert.deepEqual(heard(), ['1 sweep']);
    next.close();
    feed.close();
  });

  it('follows the folder of an experiment, and only one process when asked to', () => {
    const results = join(folder, 'one');
    const file = new LiveFile(results, sweepLine(['a']));
    assert.deepEqual(follow(results).heard(), ['0 sweep']);
    assert.deepEqual(follow(results, process.pid).heard(), ['0 sweep']);
    assert.deepEqual(follow(results, process.ppid).heard(), []);
    file.close();
  });

  it('reads a line when all of it is there, letters of several bytes too', () => {
    const results = join(folder, 'parts');
    mkdirSync(results);
    const path = join(results, `.live.${process.pid}.00ff.ndjson`);
    const text = Buffer.from(`${JSON.stringify(sweepLine(['größer']))}\n`);
    const cut = text.indexOf(0xc3) + 1;
    writeFileSync(path, text.subarray(0, cut));
    let label: string | undefined;
    const feed = new SweepFeed(results, undefined, {
      onSweep: (_key, { runs }) => (label = runs[0]?.label),
      onLine: () => {},
    });
    feed.poll();
    assert.equal(label, undefined);
    appendFileSync(path, text.subarray(cut));
    feed.poll();
    assert.equal(label, 'größer');
    feed.close();
  });

  it('says that a sweep is interrupted whose process has died, and overlooks what one left before', () => {
    const results = join(folder, 'dead');
    mkdirSync(results);
    const path = join(results, `.live.${deadProcess()}.00ff.ndjson`);
    writeFileSync(path, `${JSON.stringify(sweepLine(['a']))}\n`);
    const { heard } = follow(results);
    // Just written, perhaps by a process of another host.
    assert.deepEqual(heard(), ['0 sweep']);
    utimesSync(path, 0, 0);
    assert.deepEqual(heard(), ['0 over']);
    assert.deepEqual(heard(), []);
    assert.deepEqual(follow(results).heard(), []);
    clearLeftovers(results);
    assert.deepEqual(readdirSync(results), []);
  });

  it('has nothing to follow where a file stands', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    assert.deepEqual(follow(file).heard(), []);
    new LiveFile(join(file, 'below'), sweepLine(['a'])).close();
  });
});
