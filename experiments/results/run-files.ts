/** The files of a run's folder, and the tables in them. */
import { CsvTable } from './csv.ts';
import { ccdfRowSchema, memoryRowSchema, migrationRowSchema, schedulerRowSchema, timelineRowSchema } from './rows.ts';

/** Names of the files of a run. `done` is empty and written last: without it the run does not count. */
export const RUN_FILES = {
  record: 'run.json',
  timeline: 'timeline.csv',
  ccdf: 'ccdf.csv',
  histograms: 'histograms.hlog',
  migrations: 'migrations.csv',
  memory: 'memory.csv',
  scheduler: 'scheduler.csv',
  summary: 'summary.json',
  done: 'DONE',
} as const;

/** The tables of a run, by the name of their file. */
export const RUN_TABLES = {
  timeline: new CsvTable(timelineRowSchema),
  ccdf: new CsvTable(ccdfRowSchema),
  migrations: new CsvTable(migrationRowSchema),
  memory: new CsvTable(memoryRowSchema),
  scheduler: new CsvTable(schedulerRowSchema),
} as const;
