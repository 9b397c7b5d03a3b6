/** Reads runs back, checked at the file boundary: what these functions return has the declared types. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import type { RunSpec } from '../config/run-spec.ts';
import type { CsvTable } from './csv.ts';
import { ResultsError } from './results-error.ts';
import { RUN_FILES, RUN_TABLES } from './run-files.ts';
import { type Provenance, type RunRecord, runRecordSchema } from './run-record.ts';
import type { CcdfRow, MemoryRow, MigrationRow, SchedulerRow, TimelineRow } from './rows.ts';
import { type RunSummary, runSummarySchema } from './run-summary.ts';

/** A complete run. */
export interface Run {
  /** Its folder. */
  readonly directory: string;
  /** Its run id: the name of the folder. */
  readonly id: string;
  /** The resolved run, from run.json. */
  readonly spec: RunSpec;
  /** Where and with what it ran, from run.json. */
  readonly provenance: Provenance;
  /** summary.json. */
  readonly summary: RunSummary;
  /** timeline.csv. */
  readonly timeline: readonly TimelineRow[];
  /** ccdf.csv. */
  readonly ccdf: readonly CcdfRow[];
  /** migrations.csv. */
  readonly migrations: readonly MigrationRow[];
  /** memory.csv. */
  readonly memory: readonly MemoryRow[];
  /** scheduler.csv. */
  readonly scheduler: readonly SchedulerRow[];
}

/** Whether the folder holds a finished run. False when there is no such folder. */
export function isComplete(directory: string): boolean {
  return existsSync(join(directory, RUN_FILES.done));
}

/**
 * Reads run.json of any run, finished or not.
 *
 * @throws {ResultsError} when the file is missing or malformed.
 */
export function readRunRecord(directory: string): RunRecord {
  return readJson(directory, RUN_FILES.record, runRecordSchema);
}

/**
 * Reads summary.json of a finished run.
 *
 * @throws {ResultsError} when the file is missing or malformed.
 */
export function readSummary(directory: string): RunSummary {
  return readJson(directory, RUN_FILES.summary, runSummarySchema);
}

/**
 * Reads a finished run.
 *
 * @throws {ResultsError} when the folder is no run, the run is not finished, or a file is missing or malformed.
 */
export function readRun(directory: string): Run {
  const { status, spec, provenance } = readRunRecord(directory);
  if (!isComplete(directory)) {
    throw new ResultsError(
      `${directory} holds a run that is not complete (status ${status}, no ${RUN_FILES.done}); run it again`,
    );
  }
  return {
    directory,
    id: basename(directory),
    spec,
    provenance,
    summary: readSummary(directory),
    timeline: readTable(directory, RUN_FILES.timeline, RUN_TABLES.timeline),
    ccdf: readTable(directory, RUN_FILES.ccdf, RUN_TABLES.ccdf),
    migrations: readTable(directory, RUN_FILES.migrations, RUN_TABLES.migrations),
    memory: readTable(directory, RUN_FILES.memory, RUN_TABLES.memory),
    scheduler: readTable(directory, RUN_FILES.scheduler, RUN_TABLES.scheduler),
  };
}

/**
 * Reads the complete runs of an experiment's folder, in the order of their ids; runs without DONE are passed over.
 *
 * @throws {ResultsError} when the folder does not exist or holds no run, or a file of a complete run is malformed.
 */
export function readExperiment(directory: string): Run[] {
  const runs = runDirectories(directory);
  if (runs.length === 0) {
    throw new ResultsError(
      `${directory} is not the results folder of an experiment: expected folders with ${RUN_FILES.record} in it`,
    );
  }
  return runs.filter(isComplete).map(readRun);
}

/** The folders in `directory` that hold a run, complete or not, sorted. */
function runDirectories(directory: string): string[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new ResultsError(`${directory} is not a folder; expected the results folder of an experiment`);
  }
  return readdirSync(directory)
    .sort()
    .map((name) => join(directory, name))
    .filter((path) => existsSync(join(path, RUN_FILES.record)));
}

function readTable<Row extends Readonly<Record<string, number>>>(
  directory: string,
  name: string,
  table: CsvTable<Row>,
): Row[] {
  return table.parse(readText(directory, name), join(directory, name));
}

function readJson<T>(directory: string, name: string, schema: z.ZodType<T>): T {
  const path = join(directory, name);
  let value: unknown;
  try {
    value = JSON.parse(readText(directory, name));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new ResultsError(`${path}: not JSON: ${error.message}`);
    }
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ResultsError(`${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`);
  }
  return parsed.data;
}

function readText(directory: string, name: string): string {
  try {
    return readFileSync(join(directory, name), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ResultsError(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `${directory} holds no ${name}; expected the folder of a run`
        : `${join(directory, name)}: ${message}`,
    );
  }
}
