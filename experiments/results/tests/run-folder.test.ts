import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { runId } from '../../config/run-id.ts';
import { beginRun, publishRun } from '../run-attempt.ts';
import { runDirectory } from '../run-folders.ts';
import { isRunFolder, readExperiment, readRun, readRunRecord } from '../run-reader.ts';
import { FORMAT } from '../run-record.ts';
import { type RunResults, writeRecord, writeResults } from '../run-writer.ts';
import { provenance, results, spec } from './example-run.ts';

const root = mkdtempSync(join(tmpdir(), 'megaphone-results-'));
after(() => rmSync(root, { recursive: true }));

/** A fresh folder with a complete run in it. */
function completed(out: string, written: RunResults = results, repeat = 1): string {
  const repeated = { ...spec, repeat };
  const directory = runDirectory(join(root, out), repeated);
  const attempt = beginRun(directory, repeated, provenance);
  writeResults(attempt, written);
  publishRun(attempt, directory, () => false);
  return directory;
}

describe('a run folder', () => {
  it('reads back as it was written', () => {
    const directory = completed('whole');
    const { timeline, ccdf, migrations, memory, scheduler, summary } = results;
    const expected = { timeline, ccdf, migrations, memory, scheduler, summary };
    assert.equal(isRunFolder(directory), true);
    assert.deepEqual(readRun(directory), { ...expected, directory, id: runId(spec), spec, provenance });
    assert.equal(readFileSync(join(directory, 'histograms.hlog'), 'utf8'), '#first\n#second\n');
    assert.deepEqual(readRunRecord(directory), { format: FORMAT, spec, provenance });
    assert.deepEqual(readdirSync(directory).sort(), [
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

  it('holds what was recorded beside the run, where it was', () => {
    const collections = [{ worker: 1, kind: 0, startS: -0.5, pauseMs: 1.25 }] as const;
    const floor = { p50Ns: 40, p99Ns: 90, p999Ns: 1000, maxNs: 4e6 };
    const summary = { ...results.summary, floor, others: { processorMs: 12.5, slices: 30 } };
    const run = readRun(completed('beside', { ...results, collections, summary }));
    assert.deepEqual(run.collections, collections);
    assert.deepEqual(run.summary, summary);
  });

  it('holds record latencies of a run that asked for them', () => {
    const measured = { ...spec, recordLatency: true } as const;
    const directory = runDirectory(join(root, 'record'), measured);
    const attempt = beginRun(directory, measured, provenance);
    const recordTimeline = results.timeline.slice(1);
    const recordCcdf = [{ latencyNs: 9, fractionAbove: 0, records: 1 }];
    const { steady } = results.summary;
    const summary = { ...results.summary, steadyRecord: steady, totalRecord: { ...steady, maxNs: 8 } };
    writeResults(attempt, { ...results, recordTimeline, recordCcdf, summary });
    publishRun(attempt, directory, () => false);
    const run = readRun(directory);
    assert.equal(run.spec.recordLatency, true);
    assert.deepEqual(run.recordTimeline, recordTimeline);
    assert.deepEqual(run.recordCcdf, recordCcdf);
    assert.deepEqual(run.summary, summary);
    rmSync(join(directory, 'record-ccdf.csv'));
    assert.throws(() => readRun(directory), {
      name: 'ResultsError',
      message: `${directory}: holds no record-ccdf.csv`,
    });
  });

  it('refuses to hold what it could not read', () => {
    const attempt = beginRun(runDirectory(join(root, 'torn'), spec), spec, provenance);
    const summary = { ...results.summary, loadS: Number.NaN };
    assert.throws(() => writeResults(attempt, { ...results, summary }), {
      name: 'ResultsError',
      message: /summary\.json: loadS: /,
    });
    for (const experiment of ['..', '../elsewhere', 'a/b', '']) {
      assert.throws(() => writeRecord(attempt, { ...spec, experiment }, provenance), { message: /experiment/ });
    }
  });

  it('names the file that is missing, malformed or of another format', () => {
    const directory = completed('malformed');
    const faults: readonly (readonly [name: string, text: string, message: RegExp])[] = [
      ['timeline.csv', 'epoch\n', /timeline\.csv:1: the columns are epoch;/],
      ['summary.json', '{', /summary\.json: not JSON: /],
      ['summary.json', '[]', /summary\.json: the file: .*expected object/],
      ['run.json', `{"format":${FORMAT}}`, /run\.json: spec: /],
      ['run.json', '{"status":"done"}', /run\.json: has no format, expected format \d+: another version wrote it/],
      ['run.json', '{"format":1}', /run\.json: has format 1, expected format \d+: another version wrote it/],
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
  it('has the complete runs in the order of their ids, and says in a line which cannot be read', () => {
    for (const repeat of [2, 1, 3, 4]) completed('experiment', results, repeat);
    const folder = join(root, 'experiment', spec.experiment);
    beginRun(runDirectory(join(root, 'experiment'), { ...spec, repeat: 5 }), { ...spec, repeat: 5 }, provenance);
    mkdirSync(join(folder, 'figures'));
    mkdirSync(join(folder, `${runId({ ...spec, repeat: 6 })}.failed`));
    writeFileSync(join(folder, runId({ ...spec, repeat: 3 }), 'summary.json'), '{"a": 1,\n}');
    const lines: string[] = [];
    const repeatsOf = (isWanted?: (id: string) => boolean) =>
      readExperiment(folder, (line) => lines.push(line), isWanted).map((run) => run.spec.repeat);
    assert.deepEqual(repeatsOf(), [1, 2, 4]);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /summary\.json: not JSON: [^\n]*; the run counts as not made$/);
    assert.deepEqual(
      repeatsOf((id) => id.endsWith('-4')),
      [4],
    );
    assert.equal(lines.length, 1);
  });
});
