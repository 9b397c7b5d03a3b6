/**
 * Writes a run's folder. Every file but the log of histograms is complete or absent, and DONE comes last: a run that is
 * cut off at any moment is seen as not done, and is run again. Faults of the disk pass as the errors of node:fs, with
 * their `code`.
 *
 * One process starts a run, another may complete it: what they share is the folder. Nothing here is to be called while
 * a run measures.
 */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { RunSpec } from '../config/run-spec.ts';
import type { CsvTable } from './csv.ts';
import { ResultsError } from './results-error.ts';
import type { CcdfRow, MemoryRow, MigrationRow, SchedulerRow, TimelineRow } from './rows.ts';
import { RUN_FILES, RUN_TABLES } from './run-files.ts';
import { readRunRecord } from './run-reader.ts';
import { type Provenance, runRecordSchema } from './run-record.ts';
import { type RunSummary, runSummarySchema } from './run-summary.ts';

/** All that a finished run leaves on disk, besides its record. */
export interface RunResults {
  /** Latencies per epoch. */
  readonly timeline: readonly TimelineRow[];
  /** Distribution of the latencies outside of the warm-up. */
  readonly ccdf: readonly CcdfRow[];
  /** Migration steps. */
  readonly migrations: readonly MigrationRow[];
  /** Memory samples. */
  readonly memory: readonly MemoryRow[];
  /** Scheduler samples. */
  readonly scheduler: readonly SchedulerRow[];
  /** Totals. */
  readonly summary: RunSummary;
  /** Writes the log of histograms, piece by piece. */
  readonly histograms: (write: (text: string) => void) => void;
}

/**
 * Makes the folder of a run (see `runDirectory`), removes what an earlier attempt left in it, and writes run.json with
 * the status `running`.
 *
 * @throws {ResultsError} when spec or provenance are not what run.json may hold.
 */
export function beginRun(directory: string, spec: RunSpec, provenance: Provenance): void {
  mkdirSync(directory, { recursive: true });
  // DONE goes first: what is left of the others must not look complete.
  for (const name of [RUN_FILES.done, ...Object.values(RUN_FILES)]) {
    rmSync(join(directory, name), { force: true });
  }
  writeJson(directory, RUN_FILES.record, runRecordSchema, { status: 'running', spec, provenance });
}

/**
 * Writes all files of a run that was begun, and DONE after them.
 *
 * @throws {ResultsError} when a value is not what its file may hold, or the run was not begun; there is then no DONE.
 */
export function completeRun(directory: string, results: RunResults): void {
  const { spec, provenance } = readRunRecord(directory);
  writeTable(directory, RUN_FILES.timeline, RUN_TABLES.timeline, results.timeline);
  writeTable(directory, RUN_FILES.ccdf, RUN_TABLES.ccdf, results.ccdf);
  writeTable(directory, RUN_FILES.migrations, RUN_TABLES.migrations, results.migrations);
  writeTable(directory, RUN_FILES.memory, RUN_TABLES.memory, results.memory);
  writeTable(directory, RUN_FILES.scheduler, RUN_TABLES.scheduler, results.scheduler);
  writePieces(directory, RUN_FILES.histograms, results.histograms);
  writeJson(directory, RUN_FILES.summary, runSummarySchema, results.summary);
  writeJson(directory, RUN_FILES.record, runRecordSchema, { status: 'done', spec, provenance });
  writeText(directory, RUN_FILES.done, '');
}

/**
 * Writes to run.json that a run that was begun failed or was interrupted, and why.
 *
 * @throws {ResultsError} when the run was not begun.
 */
export function abandonRun(directory: string, status: 'failed' | 'interrupted', error?: string): void {
  const { spec, provenance } = readRunRecord(directory);
  const reason = error === undefined ? {} : { error };
  writeJson(directory, RUN_FILES.record, runRecordSchema, { status, spec, provenance, ...reason });
}

function writeTable<Row extends Readonly<Record<string, number>>>(
  directory: string,
  name: string,
  table: CsvTable<Row>,
  rows: readonly Row[],
): void {
  writeText(directory, name, table.format(rows, join(directory, name)));
}

function writeJson<T>(directory: string, name: string, schema: z.ZodType<T>, value: T): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new ResultsError(`${join(directory, name)}: ${path.join('.')}: ${message}`);
  }
  writeText(directory, name, `${JSON.stringify(value, null, 2)}\n`);
}

function writePieces(directory: string, name: string, write: RunResults['histograms']): void {
  const file = openSync(join(directory, name), 'w');
  try {
    write((text) => writeSync(file, text));
  } finally {
    closeSync(file);
  }
}

/** Writes a file under another name first, so that it never exists in part. */
function writeText(directory: string, name: string, text: string): void {
  const path = join(directory, name);
  const temporary = `${path}.part`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
