import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EPOCH_NS, EpochHistograms } from '../epoch-histograms.ts';
import { mergeEpochs, sumCounts } from '../merge-epochs.ts';
import { MetricsError } from '../metrics-error.ts';

describe('EpochHistograms', () => {
  it('keeps one histogram per epoch of intended time', () => {
    const recorder = new EpochHistograms();
    recorder.record(0, 100);
    recorder.record(EPOCH_NS - 1, 200);
    recorder.record(EPOCH_NS, 300);
    recorder.record(5 * EPOCH_NS, 400, 10);
    const { epochs, epochNs } = recorder.finish();
    assert.equal(epochNs, EPOCH_NS);
    assert.deepEqual(
      epochs.map(({ epoch, records, maxNs }) => ({ epoch, records, maxNs })),
      [
        { epoch: 0, records: 2, maxNs: 200 },
        { epoch: 1, records: 1, maxNs: 300 },
        { epoch: 5, records: 10, maxNs: 400 },
      ],
    );
  });

  it('starts anywhere, and has no epoch without records', () => {
    assert.deepEqual(new EpochHistograms().finish().epochs, []);
    const recorder = new EpochHistograms(1000);
    recorder.record(7500, 1);
    assert.deepEqual(recorder.finish().epochs.map(({ epoch }) => epoch), [7]); // prettier-ignore
  });

  it('refuses a record of an earlier epoch', () => {
    const recorder = new EpochHistograms(1000);
    recorder.record(2000, 1);
    assert.throws(() => recorder.record(1999, 1), MetricsError);
    assert.throws(() => recorder.record(Number.NaN, 1), MetricsError);
  });

  it('has the same epochs where some times are recorded by shorter ones, too', () => {
    const records = fc.array(fc.record({ intended: fc.nat(20_000), latency: fc.nat(5_000_000) }));
    const span = fc.tuple(fc.nat(18), fc.nat(6)).map(([from, epochs]) => ({ fromNs: from * 1000, toNs: (from + epochs) * 1000 })); // prettier-ignore
    fc.assert(
      fc.property(records, fc.array(span, { maxLength: 3 }), (unordered, spans) => {
        const plain = new EpochHistograms(1000);
        const finer = new EpochHistograms(1000, { epochNs: 40, spans });
        const inside = new EpochHistograms(40);
        for (const { intended, latency } of unordered.toSorted((a, b) => a.intended - b.intended)) {
          assert.ok(finer.endNs(intended) > intended && finer.endNs(intended) <= plain.endNs(intended));
          plain.record(intended, latency);
          finer.record(intended, latency);
          if (spans.some(({ fromNs, toNs }) => intended >= fromNs && intended < toNs)) inside.record(intended, latency);
        }
        const { fine, ...epochs } = finer.finish();
        assert.deepEqual(epochs, plain.finish());
        assert.deepEqual(fine, inside.finish());
      }),
    );
  });

  it('survives a structured clone', () => {
    const recorder = new EpochHistograms();
    recorder.record(1, 2);
    const finished = recorder.finish();
    assert.deepEqual(structuredClone(finished), finished);
  });
});

describe('mergeEpochs', () => {
  it('does not depend on which worker recorded what', () => {
    const records = fc.array(
      fc.record({
        intended: fc.nat(20_000),
        latency: fc.nat(5_000_000),
        worker: fc.nat(2),
        count: fc.integer({ min: 1, max: 9 }),
      }),
    );
    fc.assert(
      fc.property(records, (unordered) => {
        const ordered = unordered.toSorted((a, b) => a.intended - b.intended);
        const workers = [0, 1, 2].map(() => new EpochHistograms(1000));
        const alone = new EpochHistograms(1000);
        for (const { intended, latency, worker, count } of ordered) {
          workers[worker]!.record(intended, latency, count);
          alone.record(intended, latency, count);
        }
        assert.deepEqual(mergeEpochs(workers.map((worker) => worker.finish())), alone.finish());
      }),
    );
  });

  it('sums up epochs', () => {
    const recorder = new EpochHistograms(1000);
    recorder.record(0, 10);
    recorder.record(1000, 30);
    const { indexes, records, minNs, maxNs } = sumCounts(recorder.finish().epochs);
    assert.deepEqual([...indexes], [10, 30]);
    assert.deepEqual({ records, minNs, maxNs }, { records: 2, minNs: 10, maxNs: 30 });
  });

  it('refuses workers whose epochs differ in length', () => {
    assert.throws(() => mergeEpochs([]), MetricsError);
    assert.throws(() => mergeEpochs([new EpochHistograms(1).finish(), new EpochHistograms(2).finish()]), {
      name: 'MetricsError',
      message: /worker 1 has epochs of 2 ns; worker 0 has epochs of 1 ns/,
    });
  });
});
