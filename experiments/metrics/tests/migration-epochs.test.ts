import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MigrationSummary } from '../../results/run-summary.ts';
import { EPOCH_NS, EpochHistograms } from '../epoch-histograms.ts';
import { fineTimes, nearMigrations } from '../migration-epochs.ts';

const MS = 1e6;

describe('fineTimes', () => {
  it('are whole epochs from before each migration on', () => {
    assert.equal(fineTimes([]), undefined);
    const { epochNs, spans } = fineTimes([0.1, 7.3])!;
    assert.equal(EPOCH_NS % epochNs, 0);
    assert.deepEqual(spans, [
      { fromNs: 0, toNs: 5250 * MS },
      { fromNs: 7000 * MS, toNs: 12_500 * MS },
    ]);
  });
});

describe('nearMigrations', () => {
  function kept(migration: Pick<MigrationSummary, 'startS' | 'endS' | 'recoveredS'>): [number, number] {
    const recorder = new EpochHistograms(EPOCH_NS, fineTimes([1]));
    for (let ms = 0; ms < 8000; ms++) recorder.record(ms * MS, 1);
    const fine = recorder.finish().fine!;
    const { epochNs, epochs } = nearMigrations(fine, [migration as MigrationSummary]);
    return [(epochs[0]!.epoch * epochNs) / MS, ((epochs.at(-1)!.epoch + 1) * epochNs) / MS];
  }

  it('keeps the epochs until shortly after a migration has recovered', () => {
    assert.deepEqual(kept({ startS: 1.005, endS: 1.2, recoveredS: 1.5 }), [750, 1750]);
  });

  it('keeps them until shortly after the last step of a migration that did not recover', () => {
    assert.deepEqual(kept({ startS: 1, endS: 1.2 }), [750, 1450]);
  });

  it('ends with what was recorded', () => {
    assert.deepEqual(kept({ startS: 1, endS: 7, recoveredS: 7 }), [750, 6000]);
  });
});
