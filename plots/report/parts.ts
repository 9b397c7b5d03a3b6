/** The parts of a run that have a name, by the rules of the summary: all that was measured, what is steady, and each migration. */
import { EPOCH_NS, type EpochCounts } from '../../experiments/metrics/epoch-histograms.ts';
import { disturbances, overlaps, undisturbed } from '../../experiments/metrics/recovery.ts';
import { measuredEpochs } from '../../experiments/metrics/summary.ts';
import type { LatencySummary } from '../../experiments/results/run-summary.ts';
import type { Run } from '../../experiments/results/run-reader.ts';
import { type PartData, SHOWN_PERCENTILES } from './page-data.ts';
import { type Counts, percentilesNs, sumCounts } from './percentiles.ts';

/** The parts of a run in the order of a row of buttons. Percentiles come from the histograms, or what of them the summary has. */
export function partsOf(run: Run, histograms: readonly Counts[] | undefined): PartData[] {
  const { summary, spec, timeline } = run;
  // Which epochs a part has depends on their times and maxima alone.
  const none = { indexes: new Uint32Array(), counts: new Float64Array(), minNs: 0, clamped: 0 };
  const epochs: EpochCounts[] = timeline.map(({ epoch, records, maxNs }) => ({ ...none, epoch, records, maxNs }));
  const latencies = { epochNs: EPOCH_NS, epochs };
  const measured = measuredEpochs(latencies, spec.durationS, spec.warmUpS);
  const spans = summary.migrations.map(({ startS, endS }) => ({ startS, endS }));
  const disturbed = disturbances({ ...latencies, measured, durationS: spec.durationS }, spans);
  const rowOf = new Map(epochs.map((counts, row) => [counts, row]));
  const part = (name: string, own: readonly EpochCounts[], known?: LatencySummary): PartData => {
    const rows = own.map((counts) => rowOf.get(counts)!);
    const sum = histograms && sumCounts(rows.map((row) => histograms[row]!));
    const percentiles =
      sum === undefined ? known && percentilesOf(known) : [...percentilesNs(sum, SHOWN_PERCENTILES), sum.maxNs];
    return {
      name,
      ranges: rangesOf(rows),
      records: own.reduce((total, { records }) => total + records, 0),
      ...(percentiles && { percentilesNs: percentiles }),
    };
  };
  return [
    part('all', measured, summary.total),
    ...(summary.migrations.length === 0
      ? []
      : [part('steady', undisturbed(measured, disturbed, EPOCH_NS), summary.steady)]),
    ...summary.migrations.map(({ migration }, index) =>
      part(
        `migration ${migration + 1}`,
        epochs.filter((counts) => overlaps(counts, disturbed[index]!, EPOCH_NS)),
      ),
    ),
  ];
}

function percentilesOf({ p50Ns, p90Ns, p99Ns, p999Ns, p9999Ns, maxNs }: LatencySummary): number[] {
  return [p50Ns, p90Ns, p99Ns, p999Ns, p9999Ns, maxNs];
}

/** Ascending numbers as ranges. */
function rangesOf(rows: readonly number[]): (readonly [from: number, to: number])[] {
  const ranges: [from: number, to: number][] = [];
  for (const row of rows) {
    const last = ranges.at(-1);
    if (last?.[1] === row) last[1] = row + 1;
    else ranges.push([row, row + 1]);
  }
  return ranges;
}
