import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { RunSpec } from '../../config/run-spec.ts';
import { runDirectory, runId } from '../run-id.ts';
import { spec } from './example-run.ts';

describe('runId', () => {
  it('is a hash of 10 digits and the repeat number', () => {
    assert.match(runId(spec), /^[0-9a-f]{10}-1$/);
    assert.equal(runDirectory('out', spec), join('out', 'fig1', runId(spec)));
  });

  it('does not change from version to version', () => {
    assert.equal(runId(spec), '3eebbc2af7-1');
  });

  it('has one hash for all repeats, verified or not, in whatever order the properties stand', () => {
    const hash = runId(spec).slice(0, 10);
    assert.equal(runId({ ...spec, repeat: 12 }), `${hash}-12`);
    assert.equal(runId({ ...spec, verify: true }), runId(spec));
    const reversed = Object.fromEntries(Object.entries(spec).reverse()) as unknown as RunSpec;
    assert.equal(runId(reversed), runId(spec));
  });

  it('has another hash for everything that is measured otherwise', () => {
    const others: readonly RunSpec[] = [
      { ...spec, ratePerSecond: 100_001 },
      { ...spec, workload: { ...spec.workload, parameters: { dilation: 2 } } },
      { ...spec, migrations: spec.migrations.toReversed() },
      { ...spec, strategy: { name: 'fluid', gapMs: 0 } },
    ];
    assert.equal(new Set([spec, ...others].map(runId)).size, others.length + 1);
  });
});
