/**
 * The rows of a run's CSV files. Column names and units are those of results/README.md: `startS` is the column
 * `start_s`.
 *
 * Each schema is what a reader checks and what the row type is made of, so the two cannot differ.
 */
import { z } from 'zod';

const index = z.int().nonnegative();
const count = z.int().nonnegative();
const amount = z.number().nonnegative();

/** Schema of `TimelineRow`. */
export const timelineRowSchema = z.strictObject({
  epoch: index,
  startS: amount,
  records: count,
  p25Ns: amount,
  p50Ns: amount,
  p99Ns: amount,
  p999Ns: amount,
  maxNs: amount,
});

/** A row of timeline.csv: the latencies of one epoch. Epochs without a completed record have no row. */
export type TimelineRow = Readonly<z.infer<typeof timelineRowSchema>>;

/** Schema of `CcdfRow`. */
export const ccdfRowSchema = z.strictObject({
  latencyNs: amount,
  fractionAbove: z.number().min(0).max(1),
  records: count,
});

/** A row of ccdf.csv: a non-empty bucket of the latencies outside of the warm-up. */
export type CcdfRow = Readonly<z.infer<typeof ccdfRowSchema>>;

/** Schema of `MigrationRow`. */
export const migrationRowSchema = z.strictObject({
  migration: index,
  step: index,
  timeTicks: count,
  issuedS: amount,
  completedS: amount,
  bins: count,
  bytes: count,
});

/** A row of migrations.csv: one step. */
export type MigrationRow = Readonly<z.infer<typeof migrationRowSchema>>;

/** Schema of `MemoryRow`. */
export const memoryRowSchema = z.strictObject({
  timeS: amount,
  rssBytes: count,
  stateBytes: count,
  queuedBytes: count,
  minorFaults: count,
  majorFaults: count,
});

/** A row of memory.csv: one sample. */
export type MemoryRow = Readonly<z.infer<typeof memoryRowSchema>>;

/** Schema of `ProcessMemoryRow`. */
export const processMemoryRowSchema = z.strictObject({ process: index, ...memoryRowSchema.shape });

/** A row of process-memory.csv: one sample of one of several processes. */
export type ProcessMemoryRow = Readonly<z.infer<typeof processMemoryRowSchema>>;

/** Schema of `SchedulerRow`. */
export const schedulerRowSchema = z.strictObject({
  epoch: index,
  worker: index,
  onCpuNs: amount,
  runQueueWaitNs: amount,
  stealMs: amount,
});

/** A row of scheduler.csv: one worker thread during one epoch. */
export type SchedulerRow = Readonly<z.infer<typeof schedulerRowSchema>>;

/** Schema of `CollectionRow`. */
export const collectionRowSchema = z.strictObject({
  worker: index,
  kind: z.literal([0, 1]),
  startS: z.number(),
  pauseMs: amount,
});

/**
 * A row of collections.csv: a garbage collection of a worker thread; `kind` is 1 for a major one, else 0. `startS` is the start of
 * the interval in which it happened.
 */
export type CollectionRow = Readonly<z.infer<typeof collectionRowSchema>>;
