/** The tables at the end of a sweep: latencies and records of each run, then what its migrations did. */
import { formatBytes, formatCount, formatLatency, plural } from '../config/quantity.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { type LatencyFloor, NOTABLE_STOLEN_SHARE, type RunSummary } from '../results/run-summary.ts';
import { alignColumns, type Column } from './columns.ts';
import { expectationLines } from './expectations.ts';
import type { FinishedRun } from './finished-run.ts';
import { kindLabel, runLabels } from './labels.ts';

/** Columns that a narrow terminal may do without. */
const OPTIONAL = ['offered', 'sent', 'completed', 'at', 'steps', 'bins', 'recovered'];

const right = (heading: string): Column => ({
  heading,
  align: 'right',
  optional: OPTIONAL.includes(heading),
});
const left = (heading: string): Column => ({ heading, align: 'left' });

/**
 * Both tables and the notes, empty when there are no runs. Tables take at most `width` columns, and say what was left out for
 * that; notes are as long as they are.
 */
export function reportLines(runs: readonly FinishedRun[], width = 120): string[] {
  if (runs.length === 0) return [];
  const labels = runLabels(runs.map(({ spec }) => spec));
  const lines = ['Latency while steady (outside of warm-up, migrations and recovery), and records'];
  lines.push(...latencyLines(runs, labels, width));
  const migrations = migrationLines(runs, labels, width);
  if (migrations.length > 0) lines.push('', 'Migrations', ...migrations);
  const expectations = expectationLines(runs);
  if (expectations.length > 0) lines.push('', 'Expectations', ...expectations);
  const notes = [validityNote, recoveryNote, clampedNote, stealNote].flatMap((note) =>
    runs.flatMap(({ summary }, index) => note(summary, labels[index] ?? '')),
  );
  notes.push(...runs.flatMap((run, index) => nothingMovedNote(run, labels[index] ?? '')));
  if (runs.every(({ summary }) => summary.verified === true)) {
    notes.push(
      `Verified: the outputs of ${runs.length === 1 ? 'the run' : 'all runs'} are those of the single-threaded oracle.`,
    );
  }
  if (notes.length > 0) lines.push('', ...notes);
  return lines;
}

function latencyLines(runs: readonly FinishedRun[], labels: readonly string[], width: number): string[] {
  const columns = [
    left('run'),
    ...['p50', 'p99', 'p99.9', 'max', 'offered', 'sent', 'completed'].map((heading) => right(heading)),
  ];
  const percentiles = (latencies: LatencyFloor): string[] =>
    (['p50Ns', 'p99Ns', 'p999Ns', 'maxNs'] as const).map((name) => latencyOrNone(latencies[name]));
  const rows = runs.flatMap(({ summary }, index) => [
    [
      labels[index] ?? '',
      ...percentiles(summary.steady),
      ...[summary.offeredRecords, summary.sentRecords, summary.completedRecords].map(formatCount),
    ],
    ...(summary.steadyRecord === undefined ? [] : [['  record latency', ...percentiles(summary.steadyRecord)]]),
    ...(summary.floor === undefined ? [] : [['  the machine alone', ...percentiles(summary.floor)]]),
  ]);
  return alignColumns(columns, rows, width);
}

function migrationLines(runs: readonly FinishedRun[], labels: readonly string[], width: number): string[] {
  const baselines = new Map<string, Map<number, number>>();
  for (const { spec, summary } of runs) {
    if (kindLabel(spec) !== 'all-at-once') continue;
    baselines.set(withoutStrategy(spec), new Map(summary.migrations.map(({ migration, maxNs }) => [migration, maxNs])));
  }
  const columns = [
    left('run'),
    left('to'),
    ...['at', 'max latency', 'of all-at-once', 'duration', 'recovered', 'steps', 'bins', 'moved'].map((heading) =>
      right(heading),
    ),
  ];
  const rows = runs.flatMap(({ spec, summary }, run) =>
    summary.migrations.map((migration, index) => {
      const baseline = baselines.get(withoutStrategy(spec))?.get(migration.migration);
      return [
        index === 0 ? (labels[run] ?? '') : '',
        spec.migrations[migration.migration]?.to.name ?? '',
        `${Number(migration.startS.toFixed(1))} s`,
        latencyOrNone(migration.maxNs),
        baseline && migration.maxNs > 0 ? formatShare(migration.maxNs / baseline) : '-',
        formatLatency(migration.durationMs * 1e6),
        migration.recoveryMs === undefined ? '-' : formatLatency(migration.recoveryMs * 1e6),
        formatCount(migration.steps),
        formatCount(migration.bins),
        formatBytes(migration.bytes),
      ];
    }),
  );
  return rows.length === 0 ? [] : alignColumns(columns, rows, width);
}

/** A latency, or a dash for the zero that stands for no record. */
function latencyOrNone(latencyNs: number): string {
  return latencyNs === 0 ? '-' : formatLatency(latencyNs);
}

/** What two runs share that differ in their strategy, and in what is expected of them, only. */
function withoutStrategy({ strategy: _, expect: _1, ...rest }: RunSpec): string {
  return JSON.stringify(rest);
}

/** A share of one: `100 %`, `4.2 %`, or a multiple from ten on: `12 x`. */
function formatShare(share: number): string {
  return share < 10 ? `${Number((share * 100).toPrecision(2))} %` : `${Math.round(share)} x`;
}

function recoveryNote({ migrations }: RunSummary, label: string): string[] {
  const late = migrations.filter(({ recoveryMs }) => recoveryMs === undefined).map(({ migration }) => migration);
  if (late.length === 0) return [];
  return [
    `Not recovered: ${label}, ${migrationNumbers(late)}: latencies were not back below twice those before it in time.`,
  ];
}

function nothingMovedNote({ spec, summary }: FinishedRun, label: string): string[] {
  if (spec.workload.variant === 'native') return [];
  const idle = spec.migrations
    .map((_, index) => index)
    .filter((index) => summary.migrations.every(({ migration }) => migration !== index));
  return idle.length === 0 ? [] : [`Nothing moved: ${label}, ${migrationNumbers(idle)}: every bin was in its place.`];
}

/** Indexes of migrations as people count them: `migration 1`, `migrations 1, 2`. */
function migrationNumbers(indexes: readonly number[]): string {
  return `${indexes.length === 1 ? 'migration' : 'migrations'} ${indexes.map((index) => index + 1).join(', ')}`;
}

function clampedNote({ clampedRecords }: RunSummary, label: string): string[] {
  if (clampedRecords === 0) return [];
  const records = plural(clampedRecords, 'latency', 'latencies');
  return [
    `Out of range: ${label} has ${records} beyond what histograms can tell apart: percentiles there are too low.`,
  ];
}

function stealNote({ stolenShare }: RunSummary, label: string): string[] {
  if (stolenShare < NOTABLE_STOLEN_SHARE) return [];
  const percent = (stolenShare * 100).toFixed(1);
  return [
    `Disturbed: ${label} lost ${percent} % of the processors' time to other machines (steal): run it again when they rest.`,
  ];
}

function validityNote(summary: RunSummary, label: string): string[] {
  if (summary.valid) return [];
  const percent = ((summary.sentRecords / summary.offeredRecords) * 100).toFixed(1);
  return [
    `Not valid: ${label} sent ${percent} % of the offered records in time (less than 99.5 %): its latencies mean nothing.`,
  ];
}
