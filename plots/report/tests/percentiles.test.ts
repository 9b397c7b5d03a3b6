import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { HdrConverter } from '../../../experiments/metrics/hdr.ts';
import { LogLinearHistogram, type SparseCounts } from '../../../experiments/metrics/log-linear-histogram.ts';
import { sumCounts as harnessSum } from '../../../experiments/metrics/merge-epochs.ts';
import { decodeBlock } from '../decode-block.ts';
import { decodeEpochs, encodeEpochs } from '../epoch-codec.ts';
import { encodeBlock } from '../experiment-block.ts';
import { SHOWN_PERCENTILES } from '../page-data.ts';
import { axisPosition, percentileAt, percentilesNs, sumCounts } from '../percentiles.ts';
import { runData } from '../run-data.ts';
import { readHistograms } from '../run-histograms.ts';
import { measuredSpec, writeMeasuredRun } from './measured-run.ts';

const results = mkdtempSync(join(tmpdir(), 'megaphone-report-'));
after(() => rmSync(results, { recursive: true }));

/** Latencies of a nanosecond to some minutes, with fractions, and how many records had them. */
const latencies = fc.tuple(
  fc.oneof(
    fc.nat(10_000),
    fc.double({ min: 0, max: 40, noNaN: true }).map((log) => 2 ** log),
  ),
  fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1e9 })),
);

function countsOf(values: readonly (readonly [latencyNs: number, count: number])[]): SparseCounts {
  const histogram = new LogLinearHistogram();
  for (const [latencyNs, count] of values) histogram.record(latencyNs, count);
  return histogram.drain();
}

const someEpochs = fc.array(fc.array(latencies, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 6 });

describe('percentiles of an interval', () => {
  it('are those of the harness, to the nanosecond, for any epochs', () => {
    const converter = new HdrConverter();
    const percentiles = [0, 25, ...SHOWN_PERCENTILES, 99.999, 100];
    fc.assert(
      fc.property(someEpochs, (values) => {
        const epochs = values.map(countsOf);
        const maxima = epochs.map(({ maxNs }) => maxNs);
        const decoded = decodeEpochs(encodeEpochs(epochs, 0), maxima);
        // The least percentile of the harness is the floor of a bucket: pages ask for its ceiling.
        const expected = converter.percentilesNs(harnessSum(epochs), percentiles).slice(1);
        assert.deepEqual(percentilesNs(sumCounts(decoded), percentiles).slice(1), expected);
      }),
    );
    converter.close();
  });

  it('of joined buckets are above those of the harness by less than a joined bucket', () => {
    const converter = new HdrConverter();
    fc.assert(
      fc.property(someEpochs, fc.integer({ min: 1, max: 7 }), (values, shift) => {
        const epochs = values.map(countsOf);
        const maxima = epochs.map(({ maxNs }) => maxNs);
        const decoded = sumCounts(decodeEpochs(encodeEpochs(epochs, shift), maxima));
        const exact = converter.percentilesNs(harnessSum(epochs), SHOWN_PERCENTILES);
        for (const [index, latencyNs] of percentilesNs(decoded, SHOWN_PERCENTILES, shift).entries()) {
          const width = 2 ** shift * Math.max(1, exact[index]! / 1024);
          assert.ok(latencyNs >= exact[index]! && latencyNs <= exact[index]! + width, `${latencyNs} ${exact[index]}`);
        }
      }),
    );
    converter.close();
  });

  it('are zeros without records', () => {
    assert.deepEqual(percentilesNs(sumCounts([]), [50, 99]), [0, 0]);
  });

  it('stand on an axis with as much room for each nine', () => {
    assert.deepEqual(
      [0, 90, 99].map((percentile) => axisPosition(percentile)),
      [0, 1, 2],
    );
    assert.ok(Math.abs(percentileAt(3) - 99.9) < 1e-9);
  });
});

describe('the block of a run', () => {
  const { run, epochs } = writeMeasuredRun(results, measuredSpec);
  const histograms = readHistograms(run)!;
  const data = runData(run, { key: '1', label: 'invented', isShown: true }, histograms);

  it('gives back every epoch of the log', async () => {
    const decoded = await decodeBlock(encodeBlock({ runs: [{ data, histograms }], durationS: 12 }, 0));
    const read = decoded.histogramsOf(decoded.data.runs[0]!)!;
    assert.deepEqual(
      read.map(({ indexes, counts, records, maxNs }) => ({ indexes, counts, records, maxNs })),
      epochs.epochs.map(({ indexes, counts, records, maxNs }) => ({ indexes, counts, records, maxNs })),
    );
  });

  it('has the parts of the summary', () => {
    const { steady, total, migrations } = run.summary;
    const parts = Object.fromEntries(
      data.parts.map(({ name, percentilesNs, records }) => [name, { percentilesNs, records }]),
    );
    for (const [name, expected] of [
      ['all', total],
      ['steady', steady],
    ] as const) {
      const { p50Ns, p90Ns, p99Ns, p999Ns, p9999Ns, maxNs, records } = expected;
      assert.deepEqual(parts[name], { percentilesNs: [p50Ns, p90Ns, p99Ns, p999Ns, p9999Ns, maxNs], records });
    }
    assert.deepEqual(
      ['migration 1', 'migration 2'].map((name) => parts[name]?.percentilesNs?.at(-1)),
      migrations.map(({ maxNs }) => maxNs),
    );
  });

  it('has the same parts without histograms, with the percentiles of the summary', () => {
    const bare = runData(run, { key: '1', label: 'invented', isShown: true }, undefined);
    assert.deepEqual(
      bare.parts.map(({ name, ranges, percentilesNs }) => [name, ranges, percentilesNs]),
      data.parts.map(({ name, ranges, percentilesNs }) => [
        name,
        ranges,
        name.startsWith('migration') ? undefined : percentilesNs,
      ]),
    );
  });

  it('says what the config expects, and what disturbed the run', () => {
    assert.deepEqual(data.targets, [
      { name: 'p99', line: 'p99', limitNs: 3e6 },
      { name: 'max', line: 'max', limitNs: 50e6 },
    ]);
    assert.deepEqual(data.disturbances[0], [0, 16, 6]);
    assert.deepEqual(data.collections, [[3, 2.5, 1]]);
  });
});
