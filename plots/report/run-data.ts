/** What a page carries of a run. */
import { judgeExpectations } from '../../experiments/report/expectations.ts';
import type { MigrationRow } from '../../experiments/results/rows.ts';
import type { Run } from '../../experiments/results/run-reader.ts';
import { epochS } from '../epochs.ts';
import type { LineName, RunData, StepBand, TargetData } from './page-data.ts';
import { partsOf } from './parts.ts';
import type { Counts } from './percentiles.ts';

/** A migration of more steps is drawn with neighbours joined: more bands than pixels would show nothing more. */
const MOST_BANDS = 128;

/** The line that each expectation of a latency is about; those of durations have none. */
const TARGET_LINES: Readonly<Record<string, LineName>> = { p99: 'p99', p999: 'p99.9', max: 'max', migrationMax: 'max' };

/** How a run is called, and whether it is shown at first. */
export type RunName = Pick<RunData, 'key' | 'label' | 'isShown'>;

/** A run without the place of its histograms, which is that in its experiment's block. */
export function runData(run: Run, name: RunName, histograms: readonly Counts[] | undefined): RunData {
  const { timeline } = run;
  return {
    ...name,
    epochS: epochS(timeline) || 0.25,
    epochs: timeline.map(({ epoch }) => epoch),
    records: timeline.map(({ records }) => records),
    latenciesNs: {
      max: timeline.map(({ maxNs }) => maxNs),
      'p99.9': timeline.map(({ p999Ns }) => p999Ns),
      p99: timeline.map(({ p99Ns }) => p99Ns),
      p50: timeline.map(({ p50Ns }) => p50Ns),
    },
    parts: partsOf(run, histograms),
    steps: stepBands(run.migrations),
    targets: targetsOf(run),
    disturbances: disturbancesOf(run),
    collections: (run.collections ?? []).map(
      ({ startS, pauseMs, kind }) => [Number(startS.toFixed(3)), Number(pauseMs.toPrecision(3)), kind] as const,
    ),
  };
}

/** The steps of all migrations, at most `MOST_BANDS` bands each. */
export function stepBands(steps: readonly MigrationRow[]): StepBand[] {
  return [...Map.groupBy(steps, ({ migration }) => migration).entries()].flatMap(([migration, own]) => {
    const perBand = Math.ceil(own.length / MOST_BANDS);
    return Array.from({ length: Math.ceil(own.length / perBand) }, (_, band) => {
      const joined = own.slice(band * perBand, (band + 1) * perBand);
      return {
        migration: migration + 1,
        first: band * perBand + 1,
        last: band * perBand + joined.length,
        of: own.length,
        fromS: Math.min(...joined.map(({ issuedS }) => issuedS)),
        toS: Math.max(...joined.map(({ completedS }) => completedS)),
        bins: joined.reduce((sum, { bins }) => sum + bins, 0),
        bytes: joined.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    });
  });
}

function targetsOf({ spec, summary }: Run): TargetData[] {
  return judgeExpectations({ spec, summary }).flatMap(({ name, limitNs }) => {
    const line = TARGET_LINES[name];
    return line === undefined ? [] : [{ name, line, limitNs }];
  });
}

/** Epochs in which there was something to tell. */
function disturbancesOf({ scheduler, provenance, timeline }: Run): RunData['disturbances'] {
  const lengthNs = (epochS(timeline) || 0.25) * 1e9;
  const percent = (ns: number): number => Number(((100 * ns) / lengthNs).toFixed(1));
  return [...Map.groupBy(scheduler, ({ epoch }) => epoch).entries()].flatMap(([epoch, rows]) => {
    const wait = percent(Math.max(...rows.map(({ runQueueWaitNs }) => runQueueWaitNs)));
    const steal = percent((Math.max(...rows.map(({ stealMs }) => stealMs)) * 1e6) / provenance.cores);
    return wait < 1 && steal < 1 ? [] : [[epoch, wait, steal] as const];
  });
}
