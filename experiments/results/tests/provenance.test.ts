import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readProvenance } from '../provenance.ts';
import { FORMAT, runRecordSchema } from '../run-record.ts';
import { spec } from './example-run.ts';

const startedAt = new Date('2026-01-02T03:04:05.678Z');

describe('readProvenance', () => {
  it('has commit and dirty flag of the source tree', () => {
    const clean = readProvenance(startedAt, ([command]) => (command === 'rev-parse' ? 'abc123\n' : ''));
    assert.equal(clean.commit, 'abc123');
    assert.equal(clean.dirty, false);
    const dirty = readProvenance(startedAt, ([command]) => (command === 'rev-parse' ? 'abc123\n' : ' M a.ts\n'));
    assert.equal(dirty.dirty, true);
  });

  it('has nulls where git is absent', () => {
    const { commit, dirty } = readProvenance(startedAt, () => {
      throw new Error('spawn git ENOENT');
    });
    assert.deepEqual([commit, dirty], [null, null]);
  });

  it('describes this machine as run.json holds it', () => {
    const provenance = readProvenance(startedAt);
    const record = { format: FORMAT, spec, provenance } as const;
    assert.deepEqual(runRecordSchema.parse(record), record);
    assert.equal(provenance.startedAt, '2026-01-02T03:04:05.678Z');
    assert.equal(provenance.node, process.version);
    assert.ok(provenance.cores > 0 && provenance.memoryBytes > 0);
  });
});
