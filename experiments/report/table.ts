/** The tables at the end of a sweep: latencies and records of each run, then what its migrations did. */
import { formatBytes, formatCount, formatLatency, plural } from '../config/quantity.ts';
import { runId } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';
import {
  type LatencyFloor,
  type MigrationSummary,
  NOTABLE_STOLEN_SHARE,
  type RunSummary,
} from '../results/run-summary.ts';
import { alignColumns, type Column } from './columns.ts';
import { expectationColumns, expectationRows } from './expectations.ts';
import type { FinishedRun } from './finished-run.ts';
import { median } from '../stats/median.ts';
import { kindLabel, measurementLabels, runLabels } from './labels.ts';

/** Columns that a narrow terminal may do without. */
const OPTIONAL = ['offered', 'sent', 'completed', 'at', 'steps', 'bins', 'recovered'];

const right = (heading: string): Column => ({
  heading,
  align: 'right',
  optional: OPTIONAL.includes(heading),
});
const left = (heading: string): Column => ({ heading, align: 'left' });

/** A table of a report. */
export interface ReportTable {
  /** What it shows. */
  readonly title: string;
  /** One per cell of a row. */
  readonly columns: readonly Column[];
  /** Text by row and column; a row whose first cell begins with spaces belongs to the one above. */
  readonly rows: readonly (readonly string[])[];
}

/** The tables of latencies, migrations and expectations that have rows, in this order. */
export function reportTables(runs: readonly FinishedRun[]): ReportTable[] {
  if (runs.length === 0) return [];
  const settings = settingsOf(runs);
  return [latencyTable(settings), migrationTable(settings), expectationTable(runs)].filter(
    ({ rows }) => rows.length > 0,
  );
}

/** What a reader of the tables has to know: runs that are not valid, not recovered, disturbed or watched; and whether outputs were verified. */
export function reportNotes(runs: readonly FinishedRun[]): string[] {
  const labels = runLabels(runs.map(({ spec }) => spec));
  const notes = [validityNote, steadyNote, recoveryNote, clampedNote, stealNote].flatMap((note) =>
    runs.flatMap(({ summary }, index) => note(summary, labels[index] ?? '')),
  );
  notes.push(...runs.flatMap((run, index) => nothingMovedNote(run, labels[index] ?? '')));
  notes.push(...clocksNote(runs), ...watchedNote(runs, labels));
  if (runs.length > 0 && runs.every(({ summary }) => summary.verified === true)) {
    notes.push(
      `Verified: the outputs of ${runs.length === 1 ? 'the run' : 'all runs'} are those of the single-threaded oracle.`,
    );
  }
  return notes;
}

/**
 * All tables and the notes, empty when there are no runs. A row stands for a setting: with repeats it has medians, and another row
 * their range. Tables take at most `width` columns, and say what was left out for
 * that; notes are as long as they are.
 */
export function reportLines(runs: readonly FinishedRun[], width = 120): string[] {
  const lines = reportTables(runs).flatMap(({ title, columns, rows }) => [
    '',
    title,
    ...alignColumns(columns, rows, width),
  ]);
  const notes = reportNotes(runs);
  return [...lines.slice(1), ...(notes.length > 0 ? ['', ...notes] : [])];
}

/** The repeats of one setting. */
interface Setting {
  readonly label: string;
  readonly repeats: readonly FinishedRun[];
}

function settingsOf(runs: readonly FinishedRun[]): Setting[] {
  const groups = [...Map.groupBy(runs, ({ spec }) => runId({ ...spec, repeat: 1 })).values()];
  const labels = measurementLabels(groups.map(([first]) => first!.spec));
  return groups.map((repeats, index) => ({ label: labels[index]!, repeats }));
}

function medianOf<T>(items: readonly T[], value: (item: T) => number): number {
  return median(items.map(value));
}

/** Names the row below a row of medians. */
function rangeName(repeats: readonly unknown[]): string {
  return `  range of ${repeats.length}`;
}

/** `1.2 ms-3.4 ms`: the least and the greatest. */
function latencyRange(latenciesNs: readonly number[]): string {
  return `${latencyOrNone(Math.min(...latenciesNs))}-${latencyOrNone(Math.max(...latenciesNs))}`;
}

function latencyTable(settings: readonly Setting[]): ReportTable {
  const columns = [
    left('run'),
    ...['p50', 'p99', 'p99.9', 'max', 'offered', 'sent', 'completed'].map((heading) => right(heading)),
  ];
  const shown = ['p50Ns', 'p99Ns', 'p999Ns', 'maxNs'] as const;
  const percentiles = (latencies: readonly LatencyFloor[]): string[] =>
    shown.map((name) => latencyOrNone(medianOf(latencies, (each) => each[name])));
  const ranges = (latencies: readonly LatencyFloor[]): string[] =>
    shown.map((name) => latencyRange(latencies.map((each) => each[name])));
  const optionalRow = (
    name: string,
    summaries: readonly RunSummary[],
    part: (summary: RunSummary) => LatencyFloor | undefined,
  ): string[][] => {
    const latencies = summaries.map(part).filter((each) => each !== undefined);
    return latencies.length === 0 ? [] : [[name, ...percentiles(latencies)]];
  };
  const records = ['offeredRecords', 'sentRecords', 'completedRecords'] as const;
  const rows = settings.flatMap(({ label, repeats }) => {
    const summaries = repeats.map(({ summary }) => summary);
    const steady = summaries.map((summary) => summary.steady);
    return [
      [label, ...percentiles(steady), ...records.map((name) => formatCount(medianOf(summaries, (each) => each[name])))],
      ...(repeats.length === 1 ? [] : [[rangeName(repeats), ...ranges(steady)]]),
      ...optionalRow('  record latency', summaries, ({ steadyRecord }) => steadyRecord),
      ...optionalRow('  the machine alone', summaries, ({ floor }) => floor),
    ];
  });
  return { title: 'Latency while steady (outside of warm-up, migrations and recovery), and records', columns, rows };
}

function migrationTable(settings: readonly Setting[]): ReportTable {
  const baselines = new Map<string, Setting>();
  for (const setting of settings) {
    const { spec } = setting.repeats[0]!;
    if (kindLabel(spec) === 'all-at-once') baselines.set(withoutStrategy(spec), setting);
  }
  const columns = [
    left('run'),
    left('to'),
    ...['at', 'max latency', 'of all-at-once', 'duration', 'recovered', 'steps', 'bins', 'moved'].map((heading) =>
      right(heading),
    ),
  ];
  const rows = settings.flatMap(({ label, repeats }) => {
    const { spec } = repeats[0]!;
    const baseline = baselines.get(withoutStrategy(spec));
    const shown = spec.migrations.map((_, index) => index).filter((index) => migrationsAt(repeats, index).length > 0);
    return shown.flatMap((index) => {
      const found = migrationsAt(repeats, index);
      const maxNs = medianOf(found, (each) => each.maxNs);
      const baselineNs = baseline && medianOf(migrationsAt(baseline.repeats, index), (each) => each.maxNs);
      const recoveries = found.map(({ recoveryMs }) => recoveryMs).filter((ms) => ms !== undefined);
      const row = [
        index === shown[0] ? label : '',
        spec.migrations[index]?.to.name ?? '',
        `${Number(medianOf(found, ({ startS }) => startS).toFixed(1))} s`,
        latencyOrNone(maxNs),
        baselineNs && maxNs > 0 ? formatShare(maxNs / baselineNs) : '-',
        formatLatency(medianOf(found, ({ durationMs }) => durationMs) * 1e6),
        // Where one has not recovered, the median of the others would flatter.
        recoveries.length < found.length ? '-' : formatLatency(median(recoveries) * 1e6),
        formatCount(medianOf(found, ({ steps }) => steps)),
        formatCount(medianOf(found, ({ bins }) => bins)),
        formatBytes(medianOf(found, ({ bytes }) => bytes)),
      ];
      if (repeats.length === 1) return [row];
      const ofMaxima = latencyRange(found.map((each) => each.maxNs));
      const ofDurations = latencyRange(found.map(({ durationMs }) => durationMs * 1e6));
      const ofRecoveries = latencyRange(recoveries.map((ms) => ms * 1e6));
      const range = [rangeName(repeats), '', '', ofMaxima, '', ofDurations, recoveries.length > 0 ? ofRecoveries : ''];
      return [row, range];
    });
  });
  return { title: 'Migrations', columns, rows };
}

function expectationTable(runs: readonly FinishedRun[]): ReportTable {
  return { title: 'Expectations', columns: expectationColumns, rows: expectationRows(runs) };
}

function migrationsAt(repeats: readonly FinishedRun[], index: number): MigrationSummary[] {
  return repeats.flatMap(({ summary }) => summary.migrations.filter(({ migration }) => migration === index));
}

/** A latency, or a dash for the zero that stands for no record. */
function latencyOrNone(latencyNs: number): string {
  return latencyNs === 0 ? '-' : formatLatency(latencyNs);
}

/** What two runs share that differ in their strategy, and in what is expected of them, only. */
function withoutStrategy({ strategy: _, expect: _1, repeat: _2, ...rest }: RunSpec): string {
  return JSON.stringify(rest);
}

/** A share of one: `100 %`, `4.2 %`, or a multiple from ten on: `12 x`. */
function formatShare(share: number): string {
  return share < 10 ? `${Number((share * 100).toPrecision(2))} %` : `${Math.round(share)} x`;
}

function steadyNote({ steady, completedRecords }: RunSummary, label: string): string[] {
  if (steady.records > 0 || completedRecords === 0) return [];
  return [
    `Nothing steady: ${label} has no epoch outside of warm-up, migrations and recovery; expected a longer run, or migrations further apart.`,
  ];
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

/** Samples for whoever watches take time from the workers where they have all processors. */
function watchedNote(runs: readonly FinishedRun[], labels: readonly string[]): string[] {
  const watched = labels.filter((_, index) => runs[index]!.summary.watched === true);
  if (watched.length === 0) return [];
  const which = watched.length === runs.length ? 'all runs' : watched.join('; ');
  return [`Watched: ${which}: samples were taken while they went on, and may have raised latencies.`];
}

/** How far the clocks of the hosts were apart at the first run. */
function clocksNote(runs: readonly FinishedRun[]): string[] {
  // Processes on timely dataflow do not compare their clocks.
  const isKnown = ({ summary: { clocks = [] } }: FinishedRun): boolean => clocks.length > 0;
  const first = runs.find((run) => run.spec.topology.hosts !== undefined && isKnown(run));
  if (first === undefined) return [];
  const hosts = first.spec.topology.hosts!;
  const offsets = first.summary.clocks!.map(({ process, aheadMs, roundTripMs }) => {
    const sign = aheadMs < 0 ? '-' : '+';
    return `${hosts[process] ?? process} ${sign}${Math.abs(aheadMs).toFixed(2)} ms (± ${(roundTripMs / 2).toFixed(2)})`;
  });
  return [`Clocks against that of ${hosts[0]!}: ${offsets.join(', ')}; no latency depends on them.`];
}

function validityNote(summary: RunSummary, label: string): string[] {
  if (summary.valid) return [];
  const percent = ((summary.sentRecords / summary.offeredRecords) * 100).toFixed(1);
  return [
    `Not valid: ${label} sent ${percent} % of the offered records in time (less than 99.5 %): its latencies mean nothing.`,
  ];
}
