/** Reads runs back, checked at the file boundary: what these functions return has the declared types. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { isRunId } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { CsvTable } from './csv.ts';
import { ResultsError } from './results-error.ts';
import { RUN_FILES, RUN_TABLES } from './run-files.ts';
import { FORMAT, type Provenance, type RunRecord, runRecordSchema } from './run-record.ts';
import type {
  CcdfRow,
  CollectionRow,
  MemoryRow,
  MigrationRow,
  ProcessMemoryRow,
  SchedulerRow,
  TimelineRow,
} from './rows.ts';
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
  /** migration-timeline.csv, where the run has migrations. */
  readonly migrationTimeline?: readonly TimelineRow[];
  /** ccdf.csv. */
  readonly ccdf: readonly CcdfRow[];
  /** record-timeline.csv, where record latencies were measured. */
  readonly recordTimeline?: readonly TimelineRow[];
  /** record-ccdf.csv, where record latencies were measured. */
  readonly recordCcdf?: readonly CcdfRow[];
  /** migrations.csv. */
  readonly migrations: readonly MigrationRow[];
  /** memory.csv. */
  readonly memory: readonly MemoryRow[];
  /** process-memory.csv, where the run has several processes. */
  readonly processMemory?: readonly ProcessMemoryRow[];
  /** scheduler.csv. */
  readonly scheduler: readonly SchedulerRow[];
  /** collections.csv, where it was recorded. */
  readonly collections?: readonly CollectionRow[];
}

/** Whether `directory` is, by its name, the folder of a complete run. */
export function isRunFolder(directory: string): boolean {
  return isRunId(basename(directory)) && existsSync(directory) && statSync(directory).isDirectory();
}

/**
 * Reads run.json of a run, or of a failed attempt at one.
 *
 * @throws {ResultsError} when the file is missing, of another format, or malformed
 */
export function readRunRecord(directory: string): RunRecord {
  const format = readJson(directory, RUN_FILES.record, z.looseObject({ format: z.unknown().optional() })).format;
  if (format !== FORMAT) {
    const found = typeof format === 'number' ? `format ${format}` : 'no format';
    const path = join(directory, RUN_FILES.record);
    throw new ResultsError(`${path}: has ${found}, expected format ${FORMAT}: another version wrote it`);
  }
  return readJson(directory, RUN_FILES.record, runRecordSchema);
}

/**
 * Reads summary.json of a run.
 *
 * @throws {ResultsError} when the file is missing or malformed
 */
export function readSummary(directory: string): RunSummary {
  return readJson(directory, RUN_FILES.summary, runSummarySchema);
}

/**
 * Which files of a run have to be there: all, or all but the tables of its distributions (`ccdf.csv`, `record-ccdf.csv`), which are
 * large and not kept with reference results; their rows are then missing.
 */
export type RequiredFiles = 'all' | 'without distributions';

/**
 * Reads a run.
 *
 * @throws {ResultsError} when the folder is none of a run, or a file is missing, of another format, or malformed
 */
export function readRun(directory: string, required: RequiredFiles = 'all'): Run {
  const { spec, provenance } = readRunRecord(directory);
  const distribution = (name: string, table: CsvTable<CcdfRow>): CcdfRow[] =>
    required === 'all' || existsSync(join(directory, name)) ? readTable(directory, name, table) : [];
  return {
    directory,
    id: basename(directory),
    spec,
    provenance,
    summary: readSummary(directory),
    timeline: readTable(directory, RUN_FILES.timeline, RUN_TABLES.timeline),
    ccdf: distribution(RUN_FILES.ccdf, RUN_TABLES.ccdf),
    ...(spec.recordLatency === true && {
      recordTimeline: readTable(directory, RUN_FILES.recordTimeline, RUN_TABLES.recordTimeline),
      recordCcdf: distribution(RUN_FILES.recordCcdf, RUN_TABLES.recordCcdf),
    }),
    migrations: readTable(directory, RUN_FILES.migrations, RUN_TABLES.migrations),
    memory: readTable(directory, RUN_FILES.memory, RUN_TABLES.memory),
    ...(spec.topology.processes > 1 && {
      processMemory: readTable(directory, RUN_FILES.processMemory, RUN_TABLES.processMemory),
    }),
    scheduler: readTable(directory, RUN_FILES.scheduler, RUN_TABLES.scheduler),
    ...(existsSync(join(directory, RUN_FILES.migrationTimeline)) && {
      migrationTimeline: readTable(directory, RUN_FILES.migrationTimeline, RUN_TABLES.migrationTimeline),
    }),
    ...(existsSync(join(directory, RUN_FILES.collections)) && {
      collections: readTable(directory, RUN_FILES.collections, RUN_TABLES.collections),
    }),
  };
}

/**
 * Reads a run, or says in one line why it cannot be read: such a run counts as not made.
 *
 * @param onUnreadable - given the line
 */
export function tryReadRun(
  directory: string,
  onUnreadable: (line: string) => void,
  required?: RequiredFiles,
): Run | undefined {
  try {
    return readRun(directory, required);
  } catch (error) {
    if (!(error instanceof ResultsError)) throw error;
    onUnreadable(`${error.message.replaceAll(/\s+/gu, ' ')}; the run counts as not made`);
    return undefined;
  }
}

/**
 * Reads the runs of an experiment's folder, in the order of their ids. Those that cannot be read are passed over.
 *
 * @param onUnreadable - given a line for each of these
 * @param isWanted - by run id, which runs to read; by default all
 */
export function readExperiment(
  directory: string,
  onUnreadable: (line: string) => void,
  isWanted: (id: string) => boolean = () => true,
  required?: RequiredFiles,
): Run[] {
  return runFolders(directory)
    .filter((folder) => isWanted(basename(folder)))
    .flatMap((folder) => tryReadRun(folder, onUnreadable, required) ?? []);
}

/** The folders of complete runs in an existing folder, sorted. */
export function runFolders(directory: string): string[] {
  return readdirSync(directory)
    .sort()
    .map((name) => join(directory, name))
    .filter(isRunFolder);
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
        ? `${directory}: holds no ${name}`
        : `${join(directory, name)}: ${message}`,
    );
  }
}
