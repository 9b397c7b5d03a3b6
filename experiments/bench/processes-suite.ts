/** Two workers as threads of one process and as two processes: latencies, and bytes per second of a migration beside those of bare sockets. */
import type { RunSpec } from '../config/run-spec.ts';
import type { RunSummary } from '../results/run-summary.ts';
import { bareBytesPerSecond, type Reading } from './bare-socket.ts';
import { median } from './bench-rows.ts';
import { madeRun } from './bench-run.ts';
import { steadySpec } from './steady-state.ts';
import { plainRow, type Suite, wordCount } from './suite.ts';

const CASES: readonly (Pick<RunSpec, 'topology' | 'handoff'> & { readonly name: string })[] = [
  { name: '1x2', topology: { processes: 1, workers: 2 }, handoff: 'copy' },
  { name: '2x1', topology: { processes: 2, workers: 1 }, handoff: 'copy' },
  { name: '2x1, share', topology: { processes: 2, workers: 1 }, handoff: 'share' },
];
const RATE_PER_SECOND = 0.5e6;
/** Shares of a run at which bins move: the first time they arrive in memory that nobody has touched. */
const MIGRATIONS_AT = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8] as const;
/** What bandwidths are compared with. */
const READINGS: readonly Reading[] = ['data events', 'own memory'];

/** key-count, whose bins move all at once and come back, three times. */
export const processesSuite: Suite = async ({ repetitions, quick }, show) => {
  const bare = READINGS.map((): number[] => []);
  const runs = CASES.map((): RunSummary[] => []);
  for (let i = 0; i < repetitions; i++) {
    for (const [at, reading] of READINGS.entries()) {
      bare[at]!.push(await bareBytesPerSecond(quick ? 2 ** 26 : 2 ** 30, reading));
    }
    for (const [at, of] of CASES.entries()) runs[at]!.push(await summaryOf(of, quick));
  }
  for (const [at, reading] of READINGS.entries()) {
    show(plainRow('bare socket', reading, 'bandwidth', 'MiB/s', median(bare[at]!) / 2 ** 20));
  }
  for (const [at, { name }] of CASES.entries()) {
    const of = runs[at]!;
    const bandwidth = of.map((summary) => moved(summary));
    show(plainRow(name, 'steady', 'p50', 'us', median(of.map(({ steady }) => steady.p50Ns)) / 1e3));
    show(plainRow(name, 'steady', 'p99', 'us', median(of.map(({ steady }) => steady.p99Ns)) / 1e3));
    show(plainRow(name, 'all-at-once', 'max', 'ms', median(of.map(({ migrations }) => migrations[0]!.maxNs)) / 1e6));
    const value = median(bandwidth) / 2 ** 20;
    for (const [at, reading] of READINGS.entries()) {
      const baseline = median(bare[at]!) / 2 ** 20;
      const ratio = median(bandwidth.map((bytes, turn) => bytes / bare[at]![turn]!));
      show({ ...plainRow(name, 'all-at-once', `bandwidth (${reading})`, 'MiB/s', value), baseline, ratio });
    }
  }
};

/** Bytes per second of a run's migrations, from the first step issued to the last completed. */
function moved({ migrations }: RunSummary): number {
  return median(migrations.map(({ bytes, durationMs }) => bytes / (durationMs / 1e3)));
}

async function summaryOf(
  { topology, handoff }: Pick<RunSpec, 'topology' | 'handoff'>,
  quick: boolean,
): Promise<RunSummary> {
  const durationS = quick ? 6 : 16;
  const spec: RunSpec = {
    ...steadySpec(wordCount('key-count', 'megaphone', 2 ** (quick ? 16 : 27)), RATE_PER_SECOND, durationS),
    warmUpS: durationS / 8,
    topology,
    handoff,
    migrations: MIGRATIONS_AT.map((at, index) => ({
      atS: durationS * at,
      to: { name: index % 2 === 0 ? 'imbalanced' : 'balanced' },
    })),
  };
  const { summary } = await madeRun(spec);
  return summary;
}
