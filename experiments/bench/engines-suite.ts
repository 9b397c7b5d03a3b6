/** Both engines on the same specification, in turn: steady latencies, migrations, memory, and the highest rates that they sustain. */
import type { RunSpec } from '../config/run-spec.ts';
import { outcomeOf, shortfalls } from '../rate/criterion.ts';
import { searchRate } from '../rate/search.ts';
import type { Run } from '../results/run-reader.ts';
import { findCargo } from '../run/timely/build.ts';
import { median } from './bench-rows.ts';
import { madeRun } from './bench-run.ts';
import { steadySpec } from './steady-state.ts';
import { nexmark, plainRow, type Suite, wordCount } from './suite.ts';

const ENGINES: readonly { readonly name: string; readonly engine: Pick<RunSpec, 'engine'> }[] = [
  { name: 'typescript', engine: {} },
  { name: 'timely', engine: { engine: { name: 'timely', progressMode: 'eager' } } },
  { name: 'timely, demand', engine: { engine: { name: 'timely', progressMode: 'demand' } } },
];

const STRATEGIES = [
  { name: 'all-at-once', gapMs: 0 },
  { name: 'fluid', gapMs: 0 },
] as const;

const RATE_PER_SECOND = 0.5e6;

/** A sustained rate has a lower p99 (see rate/criterion.ts). */
const HIGHEST_P99_NS = 100e6;

/** The rate that is not sustained is at most this many times the one that is. */
const PRECISION = 1.25;

/** The figures of a run that has a migration. */
const FIGURES: readonly (readonly [metric: string, unit: string, of: (run: Run) => number])[] = [
  ['steady p50', 'us', ({ summary }) => summary.steady.p50Ns / 1e3],
  ['steady p99', 'us', ({ summary }) => summary.steady.p99Ns / 1e3],
  ['migration max', 'ms', ({ summary }) => Math.max(...summary.migrations.map(({ maxNs }) => maxNs)) / 1e6],
  ['migration duration', 'ms', ({ summary }) => median(summary.migrations.map(({ durationMs }) => durationMs))],
  ['moved', 'MiB/s', ({ summary }) => median(summary.migrations.map((m) => m.bytes / m.durationMs)) / (2 ** 20 / 1e3)],
  ['peak RSS', 'MiB', ({ summary }) => summary.rssPeakBytes / 2 ** 20],
  ['peak RSS a key', 'bytes', ({ summary, spec }) => summary.rssPeakBytes / spec.workload.domain],
];

/** key-count under migrations; then rates of key-count, hash-count and a query. Without cargo, of the engine of this project alone. */
export const enginesSuite: Suite = async ({ repetitions, quick }, show) => {
  const engines = findCargo() === undefined ? ENGINES.slice(0, 1) : ENGINES;
  const durationS = quick ? 6 : 16;
  for (const strategy of STRATEGIES) {
    const runs = engines.map((): Run[] => []);
    for (let turn = 0; turn < repetitions; turn++) {
      for (const [at, { engine }] of engines.entries()) {
        const workload = wordCount('key-count', 'megaphone', 2 ** (quick ? 16 : 27));
        const migrations = [
          { atS: durationS * 0.4, to: { name: 'imbalanced' } },
          { atS: durationS * 0.6, to: { name: 'balanced' } },
        ] as const;
        const steady = steadySpec(workload, RATE_PER_SECOND, durationS);
        runs[at]!.push(await madeRun({ ...steady, ...engine, warmUpS: durationS / 8, migrations, strategy }));
      }
    }
    for (const [metric, unit, of] of FIGURES) {
      const [first = []] = runs.map((repeats) => repeats.map(of));
      for (const [at, { name }] of engines.entries()) {
        const values = runs[at]!.map(of);
        const row = plainRow(name, strategy.name, metric, unit, median(values));
        const ratio = median(values.map((value, turn) => value / first[turn]!));
        show(at === 0 ? row : { ...row, baseline: median(first), ratio });
      }
    }
  }
  const inputs = [
    wordCount('key-count', 'megaphone', quick ? 1e5 : 32e6),
    wordCount('hash-count', 'megaphone', quick ? 1e5 : 8e6),
    nexmark('q4', 'megaphone'),
  ];
  for (const workload of quick ? inputs.slice(0, 1) : inputs) {
    for (const { name, engine } of engines.slice(0, 2)) {
      const spec = { ...steadySpec(workload, RATE_PER_SECOND, quick ? 4 : 10), ...engine, warmUpS: quick ? 1 : 2 };
      const holds = async (ratePerSecond: number): Promise<boolean> => {
        if (quick && ratePerSecond > 2 * RATE_PER_SECOND) return false;
        const sustains = async (): Promise<boolean> =>
          shortfalls(outcomeOf(await madeRun({ ...spec, ratePerSecond })), HIGHEST_P99_NS).length === 0;
        // Another tenant of the machine can spoil a run, but nothing makes one better than it is.
        return (await sustains()) || sustains();
      };
      const { holdsPerSecond = 0 } = await searchRate(
        { fromPerSecond: quick ? RATE_PER_SECOND : 4e6, precision: PRECISION },
        holds,
      );
      show(plainRow(name, workload.name, 'highest sustained rate', 'records/s', holdsPerSecond));
    }
  }
};
