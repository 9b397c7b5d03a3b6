/**
 * What it costs to watch a run: the same runs with and without the samples that are taken for that, in turn, each as a user makes it. The server
 * and a browser on the same machine cost more besides.
 */
import type { Run } from '../results/run-reader.ts';
import { median } from './bench-rows.ts';
import { madeRun } from './bench-run.ts';
import { steadySpec } from './steady-state.ts';
import { plainRow, type Suite, wordCount } from './suite.ts';

const RATES = [0.5e6, 4e6];

const FIGURES: readonly (readonly [metric: string, unit: string, of: (run: Run) => number])[] = [
  ['steady p50', 'us', ({ summary }) => summary.steady.p50Ns / 1e3],
  ['steady p99', 'us', ({ summary }) => summary.steady.p99Ns / 1e3],
  ['steady p99.9', 'us', ({ summary }) => summary.steady.p999Ns / 1e3],
  ['migration max', 'ms', ({ summary }) => Math.max(...summary.migrations.map(({ maxNs }) => maxNs)) / 1e6],
  ['other threads of the process', 'ms/s', ({ summary, spec }) => summary.others!.processorMs / spec.durationS],
  ['peak RSS', 'MiB', ({ summary }) => summary.rssPeakBytes / 2 ** 20],
];

/** key-count with a fluid migration and back; around both, epochs are short and more is told. */
export const liveSuite: Suite = async ({ repetitions, quick }, show) => {
  const durationS = quick ? 6 : 24;
  for (const ratePerSecond of quick ? RATES.slice(0, 1) : RATES) {
    const spec = {
      ...steadySpec(wordCount('key-count', 'megaphone', quick ? 2 ** 16 : 32e6), ratePerSecond, durationS),
      warmUpS: durationS / 6,
      migrations: [
        { atS: durationS * 0.4, to: { name: 'imbalanced' } },
        { atS: durationS * 0.7, to: { name: 'balanced' } },
      ],
      strategy: { name: 'fluid', gapMs: 0 },
    } as const;
    const without: Run[] = [];
    const live: Run[] = [];
    for (let turn = 0; turn < repetitions; turn++) {
      without.push(await madeRun(spec, false));
      live.push(await madeRun(spec, true));
    }
    for (const [metric, unit, of] of FIGURES) {
      const row = plainRow(`key-count at ${ratePerSecond / 1e6}e6/s`, 'live', metric, unit, median(live.map(of)));
      const ratio = median(live.map((run, turn) => of(run) / of(without[turn]!)));
      show({ ...row, baseline: median(without.map(of)), ratio });
    }
  }
};
