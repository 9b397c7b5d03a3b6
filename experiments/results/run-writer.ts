/**
 * Writes the files of a run into a folder that nobody else reads or writes yet (see run-attempt.ts). Every file is on the disk when
 * the functions return.
 */
import { join } from 'node:path';
import type { z } from 'zod';
import type { RunSpec } from '../config/run-spec.ts';
import type { CsvTable } from './csv.ts';
import { writeDurably } from './durable-files.ts';
import { ResultsError } from './results-error.ts';
import type {
  CcdfRow,
  CollectionRow,
  MemoryRow,
  MigrationRow,
  ProcessMemoryRow,
  SchedulerRow,
  TimelineRow,
} from './rows.ts';
import { RUN_FILES, RUN_TABLES } from './run-files.ts';
import { FORMAT, type Provenance, runRecordSchema } from './run-record.ts';
import { type RunSummary, runSummarySchema } from './run-summary.ts';

/** All that a finished run leaves on disk, besides its record. */
export interface RunResults {
  /** Latencies per epoch. */
  readonly timeline: readonly TimelineRow[];
  /** Latencies per short epoch around migrations, where there were some. */
  readonly migrationTimeline?: readonly TimelineRow[];
  /** Distribution of the latencies outside of the warm-up. */
  readonly ccdf: readonly CcdfRow[];
  /** Record latencies per epoch, where they were measured. */
  readonly recordTimeline?: readonly TimelineRow[];
  /** Distribution of the record latencies outside of the warm-up, where they were measured. */
  readonly recordCcdf?: readonly CcdfRow[];
  /** Migration steps. */
  readonly migrations: readonly MigrationRow[];
  /** Memory samples. */
  readonly memory: readonly MemoryRow[];
  /** Memory samples of each process, where there are several. */
  readonly processMemory?: readonly ProcessMemoryRow[];
  /** Scheduler samples. */
  readonly scheduler: readonly SchedulerRow[];
  /** Garbage collections of the workers, where they were recorded. */
  readonly collections?: readonly CollectionRow[];
  /** Totals. */
  readonly summary: RunSummary;
  /** Writes the log of histograms, piece by piece. */
  readonly histograms: (write: (text: string) => void) => void;
}

/**
 * Writes run.json.
 *
 * @throws {ResultsError} when spec or provenance are not what it may hold
 */
export function writeRecord(directory: string, spec: RunSpec, provenance: Provenance): void {
  writeJson(directory, RUN_FILES.record, runRecordSchema, { format: FORMAT, spec, provenance });
}

/**
 * Writes all files of a run besides run.json.
 *
 * @throws {ResultsError} when a value is not what its file may hold
 */
export function writeResults(directory: string, results: RunResults): void {
  writeTable(directory, RUN_FILES.timeline, RUN_TABLES.timeline, results.timeline);
  writeTable(directory, RUN_FILES.ccdf, RUN_TABLES.ccdf, results.ccdf);
  writeTable(directory, RUN_FILES.migrations, RUN_TABLES.migrations, results.migrations);
  writeTable(directory, RUN_FILES.memory, RUN_TABLES.memory, results.memory);
  writeTable(directory, RUN_FILES.scheduler, RUN_TABLES.scheduler, results.scheduler);
  if (results.processMemory !== undefined) {
    writeTable(directory, RUN_FILES.processMemory, RUN_TABLES.processMemory, results.processMemory);
  }
  if (results.migrationTimeline !== undefined) {
    writeTable(directory, RUN_FILES.migrationTimeline, RUN_TABLES.migrationTimeline, results.migrationTimeline);
  }
  if (results.recordTimeline !== undefined) {
    writeTable(directory, RUN_FILES.recordTimeline, RUN_TABLES.recordTimeline, results.recordTimeline);
  }
  if (results.recordCcdf !== undefined) {
    writeTable(directory, RUN_FILES.recordCcdf, RUN_TABLES.recordCcdf, results.recordCcdf);
  }
  if (results.collections !== undefined) {
    writeTable(directory, RUN_FILES.collections, RUN_TABLES.collections, results.collections);
  }
  writeDurably(join(directory, RUN_FILES.histograms), results.histograms);
  writeJson(directory, RUN_FILES.summary, runSummarySchema, results.summary);
}

function writeTable<Row extends Readonly<Record<string, number>>>(
  directory: string,
  name: string,
  table: CsvTable<Row>,
  rows: readonly Row[],
): void {
  writeDurably(join(directory, name), (write) => write(table.format(rows, join(directory, name))));
}

function writeJson<T>(directory: string, name: string, schema: z.ZodType<T>, value: T): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new ResultsError(`${join(directory, name)}: ${path.join('.')}: ${message}`);
  }
  writeDurably(join(directory, name), (write) => write(`${JSON.stringify(value, null, 2)}\n`));
}
