import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ResultsError } from '../results-error.ts';
import { runDirectory, runId } from '../run-id.ts';
import { isComplete, readExperiment, readRun, readRunRecord, readSummary } from '../run-reader.ts';
import { abandonRun, beginRun, completeRun } from '../run-writer.ts';
import { provenance, results, spec } from './example-run.ts';

const root = mkdtempSync(join(tmpdir(), 'megaphone-results-'));
after(() => rmSync(root, { recursive: true }));

/** A fresh folder with a complete run in it. */
function completed(out: string): string {
  const directory = runDirectory(join(root, out), spec);
  beginRun(directory, spec, provenance);
  completeRun(directory, results);
  return directory;
}

describe('a run folder', () => {
  it('reads back as it was written', () => {
    const directory = completed('whole');
    const { timeline, ccdf, migrations, memory, scheduler, summary } = results;
    const expected = { timeline, ccdf, migrations, memory, scheduler, summary };
    assert.deepEqual(readRun(directory), { ...expected, directory, id: runId(spec), spec, provenance });
    assert.deepEqual(readSummary(directory), results.summary);
    assert.equal(readFileSync(join(directory, 'histograms.hlog'), 'utf8'), '#first\n#second\n');
    assert.equal(readRunRecord(directory).status, 'done');
    assert.deepEqual(readdirSync(directory).sort(), [
      'DONE',
      'ccdf.csv',
      'histograms.hlog',
      'memory.csv',
      'migrations.csv',
      'run.json',
      'scheduler.csv',
      'summary.json',
      'timeline.csv',
    ]);
  });

  it('is not complete before its end, nor when it is begun again', () => {
    const directory = runDirectory(join(root, 'begun'), spec);
    assert.equal(isComplete(directory), false);
    beginRun(directory, spec, provenance);
    assert.equal(isComplete(directory), false);
    assert.equal(readRunRecord(directory).status, 'running');
    assert.throws(() => readRun(directory), {
      name: 'ResultsError',
      message: /not complete \(status running, no DONE\)/,
    });
    completeRun(directory, results);
    assert.equal(isComplete(directory), true);
    beginRun(directory, spec, provenance);
    assert.deepEqual(readdirSync(directory), ['run.json']);
  });

  it('records why a run was given up', () => {
    const directory = runDirectory(join(root, 'failed'), spec);
    beginRun(directory, spec, provenance);
    abandonRun(directory, 'failed', 'the ring is torn');
    assert.deepEqual(readRunRecord(directory), { status: 'failed', spec, provenance, error: 'the ring is torn' });
    abandonRun(directory, 'interrupted');
    assert.deepEqual(readRunRecord(directory), { status: 'interrupted', spec, provenance });
    assert.equal(isComplete(directory), false);
  });

  it('has no DONE when a result cannot be written', () => {
    const directory = runDirectory(join(root, 'torn'), spec);
    beginRun(directory, spec, provenance);
    const summary = { ...results.summary, loadS: Number.NaN };
    assert.throws(() => completeRun(directory, { ...results, summary }), {
      name: 'ResultsError',
      message: /summary\.json: loadS: /,
    });
    assert.equal(isComplete(directory), false);
    assert.throws(() => completeRun(join(root, 'nowhere'), results), ResultsError);
  });

  it('names the file that is missing or malformed', () => {
    const directory = completed('malformed');
    const faults: readonly (readonly [name: string, text: string, message: RegExp])[] = [
      ['timeline.csv', 'epoch\n', /timeline\.csv:1: the columns are epoch;/],
      ['summary.json', '{', /summary\.json: not JSON: /],
      ['summary.json', '[]', /summary\.json: the file: .*expected object/],
      ['run.json', '{"status":"done"}', /run\.json: spec: /],
    ];
    for (const [name, text, message] of faults) {
      const path = join(directory, name);
      const before = readFileSync(path);
      writeFileSync(path, text);
      assert.throws(() => readRun(directory), { name: 'ResultsError', message });
      writeFileSync(path, before);
    }
    rmSync(join(directory, 'memory.csv'));
    assert.throws(() => readRun(directory), { name: 'ResultsError', message: /holds no memory\.csv/ });
    assert.throws(() => readRun(join(root, 'nowhere')), { name: 'ResultsError', message: /holds no run\.json/ });
  });
});

describe('readExperiment', () => {
  it('has the complete runs in the order of their ids', () => {
    const out = join(root, 'experiment');
    for (const repeat of [2, 1, 3]) {
      const repeated = { ...spec, repeat };
      const directory = runDirectory(out, repeated);
      beginRun(directory, repeated, provenance);
      if (repeat < 3) {
        completeRun(directory, results);
      }
    }
    mkdirSync(join(out, spec.experiment, 'figures'));
    const runs = readExperiment(join(out, spec.experiment));
    assert.deepEqual(
      runs.map((run) => run.spec.repeat),
      [1, 2],
    );
  });

  it('refuses a folder that holds no runs', () => {
    const empty = join(root, 'empty');
    mkdirSync(empty);
    assert.throws(() => readExperiment(empty), { name: 'ResultsError', message: /is not the results folder/ });
    assert.throws(() => readExperiment(join(root, 'nowhere')), { name: 'ResultsError', message: /is not a folder/ });
  });
});
