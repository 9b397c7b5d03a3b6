/** The files of a run's folder, and the tables in them. */
import { CsvTable } from './csv.ts';
import {
  ccdfRowSchema,
  collectionRowSchema,
  memoryRowSchema,
  migrationRowSchema,
  processMemoryRowSchema,
  schedulerRowSchema,
  timelineRowSchema,
} from './rows.ts';

/** Names of the files of a run. `migrationTimeline`, `processMemory`, `collections`, `recordTimeline` and `recordCcdf` are there when they were recorded; `error` stands in the folder of a failed attempt only. */
export const RUN_FILES = {
  record: 'run.json',
  timeline: 'timeline.csv',
  migrationTimeline: 'migration-timeline.csv',
  ccdf: 'ccdf.csv',
  recordTimeline: 'record-timeline.csv',
  recordCcdf: 'record-ccdf.csv',
  histograms: 'histograms.hlog',
  migrations: 'migrations.csv',
  memory: 'memory.csv',
  processMemory: 'process-memory.csv',
  scheduler: 'scheduler.csv',
  collections: 'collections.csv',
  summary: 'summary.json',
  error: 'error.txt',
} as const;

/** The tables of a run, by the name of their file. */
export const RUN_TABLES = {
  timeline: new CsvTable(timelineRowSchema),
  migrationTimeline: new CsvTable(timelineRowSchema),
  ccdf: new CsvTable(ccdfRowSchema),
  recordTimeline: new CsvTable(timelineRowSchema),
  recordCcdf: new CsvTable(ccdfRowSchema),
  migrations: new CsvTable(migrationRowSchema),
  memory: new CsvTable(memoryRowSchema),
  processMemory: new CsvTable(processMemoryRowSchema),
  scheduler: new CsvTable(schedulerRowSchema),
  collections: new CsvTable(collectionRowSchema),
} as const;
