import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunSpec } from '../../config/run-spec.ts';
import { provenance } from '../../results/tests/example-run.ts';
import type { Provenance } from '../../results/run-record.ts';
import type { RunSummary } from '../../results/run-summary.ts';
import type { ComparedRun } from '../compared-metrics.ts';
import { compareSides } from '../comparison.ts';
import { comparisonCsv, comparisonLines, comparisonMarkdown } from '../comparison-text.ts';
import { sampleSpec, sampleSummary } from './sample-run.ts';

interface Changes {
  readonly spec?: Partial<RunSpec>;
  readonly summary?: Partial<RunSummary>;
  readonly provenance?: Partial<Provenance>;
}

const scheduler = [{ epoch: 0, worker: 0, onCpuNs: 2e9, runQueueWaitNs: 0, stealMs: 0 }];

function side(name: string, repeats: number, changes: Changes = {}) {
  const runs = Array.from({ length: repeats }, (_, index): ComparedRun => {
    return {
      directory: name,
      spec: sampleSpec({ ...changes.spec, repeat: index + 1 }),
      summary: sampleSummary(changes.summary),
      provenance: { ...provenance, ...changes.provenance },
      scheduler,
    };
  });
  return { name, runs };
}

const slowSummary = {
  steady: { ...sampleSummary().steady, p50Ns: 2 * sampleSummary().steady.p50Ns },
  completedRecords: 120000,
};

describe('compareSides', () => {
  it('gives verdicts in the direction of each metric', () => {
    const [pair] = compareSides(side('a', 3), side('b', 3, { summary: slowSummary })).pairs;
    const verdicts = new Map(pair?.metrics.map(({ metric, ratio, verdict }) => [metric, [ratio, verdict]]));
    assert.deepEqual(verdicts.get('steady p50'), [2, 'slower']);
    assert.deepEqual(verdicts.get('steady p99'), [1, 'no difference']);
    assert.deepEqual(verdicts.get('throughput'), [2, 'faster']);
  });

  it('gives no verdict on fewer than three repeats', () => {
    const [pair] = compareSides(side('a', 3), side('b', 2, { summary: slowSummary })).pairs;
    assert.ok(pair?.metrics.every(({ verdict, low }) => verdict === 'too few repeats' && low === null));
  });

  it('leaves out runs that are not valid', () => {
    const overloaded = side('b', 1, { summary: { ...slowSummary, valid: false } }).runs;
    const after = { name: 'b', runs: [...side('b', 3).runs, ...overloaded] };
    const [pair] = compareSides(side('a', 3), after).pairs;
    for (const { ratio, otherRepeats } of pair!.metrics) assert.deepEqual([ratio, otherRepeats], [1, 3]);
    assert.ok(pair!.notes.some((note) => note.startsWith('Not valid: 1 of 4 runs of b')));
  });

  it('compares no recovery with a side on which a run has not recovered', () => {
    const migrations = sampleSummary().migrations.map(({ recoveryMs: _, ...rest }) => rest);
    const [late] = side('b', 1, { summary: { migrations } }).runs;
    const after = { name: 'b', runs: [...side('b', 3).runs, { ...late!, spec: { ...late!.spec, repeat: 4 } }] };
    const [pair] = compareSides(side('a', 3), after).pairs;
    const recovery = pair!.metrics.find(({ metric }) => metric === 'migration 1 recovery');
    assert.deepEqual([recovery?.other, recovery?.ratio, recovery?.verdict], [null, null, 'too few repeats']);
    assert.ok(pair!.notes.includes('Not recovered: a migration in 1 of 4 runs of b.'));
  });

  it('matches runs by their settings, and says what has no partner', () => {
    const other = side('a', 1, { spec: { binShift: 8 } }).runs;
    const { pairs, notes } = compareSides({ name: 'a', runs: [...side('a', 1).runs, ...other] }, side('b', 1));
    assert.deepEqual(
      pairs.map(({ setting }) => setting),
      ['64 bins (2⁶)'],
    );
    assert.deepEqual(notes, ['No partner: 256 bins (2⁸) is in a only.']);
  });

  it('compares single settings that differ, and says so', () => {
    const { pairs } = compareSides(side('a', 1), side('b', 1, { spec: { binShift: 8 } }));
    assert.deepEqual(pairs[0]?.notes, ['Settings differ: binShift (6, 8).']);
  });

  it('says which machines and versions differ', () => {
    const changes = { provenance: { cpu: 'Another', cores: 4, dirty: true } };
    assert.deepEqual(compareSides(side('a', 1), side('b', 1, changes)).notes, [
      'Machines differ: processor (A processor; Another).',
      'Machines differ: cores (2; 4).',
      'Code differs: uncommitted changes (false; true).',
    ]);
  });
});

describe('the forms of a comparison', () => {
  const comparisons = [compareSides(side('a', 3), side('b', 3, { summary: slowSummary }))];

  it('text fits 80 columns', () => {
    const lines = comparisonLines(comparisons);
    assert.ok(
      lines.every((line) => line.length <= 80 && !line.includes('…')),
      lines.join('\n'),
    );
    assert.ok(lines.some((line) => /^steady p50 +41\.2 us +82\.5 us +2\.00 +2\.00\.\.2\.00 +slower$/u.test(line)));
  });

  it('CSV has a line per metric', () => {
    const [header, first] = comparisonCsv(comparisons).split('\n');
    assert.match(header ?? '', /^baseline_results,other_results,setting,metric,unit,better,.*,verdict$/u);
    assert.equal(first, 'a,b,all-at-once,steady p50,ns,lower,3,3,41234,82468,2,2,2,slower');
  });

  it('Markdown has a table per pair', () => {
    assert.match(comparisonMarkdown(comparisons), /\| steady p50 \| 41\.2 us \| 82\.5 us \| 2\.00 \|/u);
  });
});
