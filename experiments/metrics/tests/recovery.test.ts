import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EpochCounts } from '../epoch-histograms.ts';
import { disturbances, undisturbed } from '../recovery.ts';

const EPOCH_NS = 250_000_000;

/** Epochs of one record each, with these latencies. */
function epochsOf(maximaNs: readonly number[]): EpochCounts[] {
  return maximaNs.map((maxNs, epoch) => ({
    epoch,
    indexes: Uint32Array.of(1),
    counts: Float64Array.of(1),
    records: 1,
    minNs: maxNs,
    maxNs,
    clamped: 0,
  }));
}

/** Maxima of 40 epochs (10 s): 100 ns, but for what `changes` says by epoch. */
function latencies(changes: Readonly<Record<number, number>>, warmUpEpochs = 4) {
  const epochs = epochsOf(Array.from({ length: 40 }, (_, epoch) => changes[epoch] ?? 100));
  return { epochNs: EPOCH_NS, epochs, measured: epochs.slice(warmUpEpochs, -warmUpEpochs || undefined), durationS: 10 };
}

describe('recovery', () => {
  it('is the first of four epochs in a row below twice the median maximum before', () => {
    // Epoch 25 is quiet, but 27 is not: the row begins at 28 (7 s).
    const found = disturbances(latencies({ 20: 9000, 21: 5000, 22: 900, 23: 300, 24: 200, 27: 200 }), [
      { startS: 5, endS: 5.1 },
    ]);
    assert.deepEqual(found, [{ startS: 5, endS: 5.1, recoveredS: 7, untilS: 7 }]);
  });

  it('is the end of a migration that disturbed nothing, never before it', () => {
    const quiet = disturbances(latencies({}), [{ startS: 3, endS: 5.1 }]);
    assert.deepEqual(quiet, [{ startS: 3, endS: 5.1, recoveredS: 5.1, untilS: 5.1 }]);
  });

  it('is null when the next migration, or the end, comes first', () => {
    const changes = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [index + 10, 1000]));
    const spans = [
      { startS: 3, endS: 3.2 },
      { startS: 6, endS: 6.2 },
    ];
    assert.deepEqual(disturbances(latencies(changes), spans), [
      { startS: 3, endS: 3.2, recoveredS: null, untilS: 6 },
      { startS: 6, endS: 6.2, recoveredS: null, untilS: 10 },
    ]);
  });

  it('is null when nothing measured precedes the migration', () => {
    const [first] = disturbances(latencies({}, 8), [{ startS: 2, endS: 2.1 }]);
    assert.equal(first?.recoveredS, null);
  });

  it('compares with what lies between migrations, not with what they disturbed', () => {
    // 11 epochs are disturbed by the first migration: their median would let 900 pass for quiet.
    const backlog = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [index + 8, 5000]));
    const spans = [
      { startS: 2, endS: 2.1 },
      { startS: 7, endS: 7.1 },
    ];
    const [, second] = disturbances(latencies({ ...backlog, 28: 900, 29: 900 }, 2), spans);
    assert.equal(second?.recoveredS, 7.5);
  });

  it('has epochs without records behind it', () => {
    const all = latencies({ 20: 9000 });
    const sparse = { ...all, epochs: all.epochs.filter(({ epoch }) => epoch < 20 || epoch % 2 === 0) };
    assert.equal(disturbances(sparse, [{ startS: 5, endS: 5.1 }])[0]?.recoveredS, 5.5);
  });
});

describe('undisturbed', () => {
  it('leaves out migrations and the epoch before each, whose last records waited for it', () => {
    const epochs = epochsOf(new Array<number>(12).fill(1));
    const left = undisturbed(epochs, [{ startS: 1.1, untilS: 1.75 }], EPOCH_NS);
    assert.deepEqual(
      left.map(({ epoch }) => epoch),
      [0, 1, 2, 7, 8, 9, 10, 11],
    );
  });
});
