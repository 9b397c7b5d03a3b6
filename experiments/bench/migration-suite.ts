/** Two migrations of a quarter of the state each: their durations, and their maxima against the steady maximum of the same run. */
import { launch } from 'megaphone-engine/runtime';
import { FIRST_TICK } from 'megaphone-engine';
import { peersOf } from '../config/owners.ts';
import type { RunSpec, StrategySpec } from '../config/run-spec.ts';
import { mergeEpochs } from '../metrics/merge-epochs.ts';
import { measuredEpochs } from '../metrics/summary.ts';
import type { WorkerResult } from '../run/dataflow.ts';
import { median } from './bench-rows.ts';
import { inOwnProcess } from './own-process.ts';
import { steadySpec } from './steady-state.ts';
import { plainRow, type Suite, wordCount } from './suite.ts';

/** A way to move, and the keys whose counts are moved: of 2^28 keys, a quarter is 512 MiB. */
interface MigrationCase {
  readonly strategy: StrategySpec;
  readonly handoff: 'copy' | 'share';
  readonly keyShift: number;
}

const CASES: readonly MigrationCase[] = [
  { strategy: { name: 'all-at-once', gapMs: 0 }, handoff: 'copy', keyShift: 28 },
  { strategy: { name: 'all-at-once', gapMs: 0 }, handoff: 'share', keyShift: 28 },
  { strategy: { name: 'fluid', gapMs: 0 }, handoff: 'copy', keyShift: 26 },
  { strategy: { name: 'optimized', binsPerPair: 16, gapMs: 0 }, handoff: 'copy', keyShift: 26 },
];
const RATE_PER_SECOND = 0.5e6;

/** What one run showed. */
export interface MigrationMaxima {
  /** Longest latency outside of migrations and of the epochs beside them. */
  readonly steadyMaxNs: number;
  /** By migration: longest latency of the epochs that it touches. */
  readonly maxNs: readonly number[];
  /** By migration: from the first step issued to the last completed. */
  readonly durationMs: readonly number[];
  /** By migration: MiB of state that changed hands. */
  readonly movedMiB: readonly number[];
}

/** key-count, to an imbalanced configuration and back. */
export const migrationSuite: Suite = async ({ repetitions, quick }, show) => {
  const durationS = quick ? 12 : 20;
  const runs = CASES.map((): MigrationMaxima[] => []);
  for (let i = 0; i < repetitions; i++) {
    for (const [at, { strategy, handoff, keyShift }] of CASES.entries()) {
      const workload = wordCount('key-count', 'megaphone', 2 ** (quick ? 16 : keyShift));
      const spec: RunSpec = {
        ...steadySpec(workload, RATE_PER_SECOND, durationS),
        migrations: [
          { atS: durationS * 0.4, to: { name: 'imbalanced' } },
          { atS: durationS * 0.6, to: { name: 'balanced' } },
        ],
        strategy,
        handoff,
      };
      runs[at]!.push(await inOwnProcess<MigrationMaxima>(new URL(import.meta.url), 'runMigrations', [spec]));
    }
  }
  for (const [at, { strategy, handoff }] of CASES.entries()) {
    const of = runs[at]!;
    const baseline = median(of.map(({ steadyMaxNs }) => steadyMaxNs)) / 1e6;
    for (const [index, which] of ['first', 'second'].entries()) {
      const name = `${strategy.name} by ${handoff}`;
      const value = median(of.map(({ maxNs }) => maxNs[index]!)) / 1e6;
      const ratio = median(of.map(({ maxNs, steadyMaxNs }) => maxNs[index]! / steadyMaxNs));
      show({ ...plainRow(name, which, 'max', 'ms', value), baseline, ratio });
      show(plainRow(name, which, 'duration', 'ms', median(of.map(({ durationMs }) => durationMs[index]!))));
      show(plainRow(name, which, 'moved', 'MiB', median(of.map(({ movedMiB }) => movedMiB[index]!))));
    }
  }
};

/** Runs the spec, which has migrations. */
export async function runMigrations(spec: RunSpec): Promise<MigrationMaxima> {
  const results = await launch<WorkerResult>({
    module: new URL('../run/dataflow.ts', import.meta.url),
    program: 'runWorkload',
    args: spec,
    peers: peersOf(spec),
    tickNs: spec.tickNs,
  }).results;
  const merged = mergeEpochs(results.map(({ epochs }) => epochs));
  const epochs = measuredEpochs(merged, spec.durationS, spec.warmUpS);
  const nsOf = (tick: number): number => (tick - FIRST_TICK) * spec.tickNs;
  const migrations = spec.migrations.map((_, index) => {
    const steps = results[0]!.steps.filter(({ migration }) => migration === index);
    return {
      startNs: nsOf(Math.min(...steps.map(({ issued }) => issued))),
      endNs: nsOf(Math.max(...steps.map(({ completed }) => completed!))),
    };
  });
  const maxWhere = (selected: (startNs: number, endNs: number) => boolean): number =>
    epochs
      .filter(({ epoch }) => selected(epoch * merged.epochNs, (epoch + 1) * merged.epochNs))
      .reduce((max, { maxNs }) => Math.max(max, maxNs), 0);
  const beside = merged.epochNs;
  return {
    steadyMaxNs: maxWhere((from, to) =>
      migrations.every(({ startNs, endNs }) => to + beside <= startNs || from >= endNs + beside),
    ),
    maxNs: migrations.map(({ startNs, endNs }) => maxWhere((from, to) => to > startNs && from <= endNs)),
    durationMs: migrations.map(({ startNs, endNs }) => (endNs - startNs) / 1e6),
    movedMiB: migrations.map(({ startNs }, index) => {
      const next = migrations[index + 1]?.startNs ?? Infinity;
      const departed = results
        .flatMap(({ departures }) => departures)
        .filter(({ time }) => nsOf(time) >= startNs && nsOf(time) < next);
      return departed.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
    }),
  };
}
