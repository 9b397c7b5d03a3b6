import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { carryOut, type CleanOptions, planCleaning } from '../cleaning.ts';
import { readInventory } from '../inventory.ts';
import { ResultsError } from '../results-error.ts';
import { beginRun, failRun, publishRun } from '../run-attempt.ts';
import { runDirectory } from '../run-folders.ts';
import { writeResults } from '../run-writer.ts';
import { provenance, results, spec } from './example-run.ts';

const root = mkdtempSync(join(tmpdir(), 'megaphone-cleaning-'));
after(() => rmSync(root, { recursive: true }));

/** A process number that no process has: it is above the largest of Linux. */
const DEAD = 2 ** 22 + 1;

const directoryOf = (repeat: number): string => runDirectory(root, { ...spec, repeat });
const experiment = join(root, spec.experiment);

function complete(repeat: number, code = provenance.code): string {
  const directory = directoryOf(repeat);
  const attempt = beginRun(directory, { ...spec, repeat }, { ...provenance, code });
  writeResults(attempt, results);
  publishRun(attempt, directory, () => false);
  return directory;
}

function fail(repeat: number): string {
  const directory = directoryOf(repeat);
  failRun(beginRun(directory, { ...spec, repeat }, provenance), directory, 'Error: why');
  return `${directory}.failed`;
}

/** What a process with this number has written so far. */
function leftover(processId: number, repeat: number, suffix = ''): string {
  const directory = join(experiment, `.${basename(directoryOf(repeat))}.${processId}.0123abcd${suffix}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'run.json'), '12345');
  return directory;
}

/** Cleans, and returns the names that went with their sizes. */
function clean(options: CleanOptions): [name: string, bytes: number][] {
  const { removals } = planCleaning(root, options);
  removals.forEach(carryOut);
  return removals.map(({ folder, bytes }) => [basename(folder.directory), bytes]);
}

describe('cleaning', () => {
  beforeEach(() => rmSync(experiment, { recursive: true, force: true }));

  it('removes what a dead process was writing, and nothing of a living one', () => {
    const run = complete(1);
    const dead = leftover(DEAD, 2);
    const living = leftover(process.pid, 3);
    assert.deepEqual(clean({ failed: false }), [[basename(dead), 5]]);
    assert.deepEqual(readdirSync(experiment).sort(), [basename(living), basename(run)].sort());
  });

  it('puts back a run that a dead process was replacing, unless it was replaced', () => {
    leftover(DEAD, 1, '.old');
    const run = complete(2);
    leftover(DEAD, 2, '.old');
    const { removals } = planCleaning(root, { failed: false });
    assert.deepEqual(new Set(removals.map(({ backTo }) => backTo)), new Set([directoryOf(1), undefined]));
    removals.forEach(carryOut);
    assert.deepEqual(readdirSync(experiment).sort(), [basename(directoryOf(1)), basename(run)].sort());
  });

  it('removes failed attempts and runs of other code when it is asked to', () => {
    const present = complete(1);
    const old = complete(2, 'fedcba9876543210');
    const failed = fail(3);
    assert.deepEqual(clean({ failed: false }), []);
    assert.deepEqual(
      clean({ failed: true }).map(([name]) => name),
      [basename(failed)],
    );
    assert.deepEqual(
      clean({ failed: false, otherThan: provenance.code }).map(([name]) => name),
      [basename(old)],
    );
    assert.deepEqual(readdirSync(experiment), [basename(present)]);
  });

  it('leaves a run whose code cannot be read', () => {
    writeFileSync(join(complete(1), 'run.json'), '{}');
    assert.deepEqual(clean({ failed: true, otherThan: provenance.code }), []);
  });

  it('touches nothing that is not a run’s', () => {
    const failed = fail(1);
    writeFileSync(join(failed, 'notes.txt'), 'mine');
    mkdirSync(join(experiment, 'figures'));
    mkdirSync(join(experiment, 'fluid.failed'));
    writeFileSync(join(experiment, `.${basename(directoryOf(4))}.${DEAD}.0123abcd`), 'a file');
    const elsewhere = mkdtempSync(join(tmpdir(), 'megaphone-elsewhere-'));
    symlinkSync(elsewhere, `${directoryOf(2)}.failed`);
    const before = readdirSync(experiment);
    const { removals, kept } = planCleaning(root, { failed: true, otherThan: 'fedcba9876543210' });
    assert.deepEqual(removals, []);
    assert.deepEqual(kept, [`${failed}: stays, because notes.txt is no file of a run`]);
    assert.deepEqual(readdirSync(experiment), before);
    assert.ok(existsSync(elsewhere));
    rmSync(elsewhere, { recursive: true });
  });
});

describe('the inventory', () => {
  it('is the same from the results and from the experiment', () => {
    rmSync(experiment, { recursive: true, force: true });
    complete(1);
    fail(2);
    leftover(DEAD, 3);
    mkdirSync(join(root, 'empty'), { recursive: true });
    const kinds = (folder: string) =>
      readInventory(folder).map(({ name, folders }) => [name, ...folders.map(({ kind }) => kind)]);
    assert.deepEqual(new Set(kinds(root)[0]), new Set([spec.experiment, 'attempt', 'run', 'failed']));
    assert.deepEqual(kinds(experiment), kinds(root));
  });

  it('of a folder that does not exist is refused', () => {
    assert.throws(() => readInventory(join(root, 'nowhere')), ResultsError);
  });
});
