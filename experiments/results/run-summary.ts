/** What summary.json holds: the totals of a run. Fields and units are those of results/README.md. */
import { z } from 'zod';

const count = z.int().nonnegative();
const amount = z.number().nonnegative();

const latencySummarySchema = z.strictObject({
  p50Ns: amount,
  p90Ns: amount,
  p99Ns: amount,
  p999Ns: amount,
  p9999Ns: amount,
  maxNs: amount,
  records: count,
});

const migrationSummarySchema = z.strictObject({
  migration: count,
  startS: amount,
  endS: amount,
  durationMs: amount,
  recoveredS: amount.exactOptional(),
  recoveryMs: amount.exactOptional(),
  maxNs: amount,
  steps: count,
  bins: count,
  bytes: count,
  maxStepMs: amount,
});

const floorSchema = z.strictObject({ p50Ns: amount, p99Ns: amount, p999Ns: amount, maxNs: amount });

const othersSchema = z.strictObject({ processorMs: amount, slices: count });

const clockSchema = z.strictObject({ process: count, aheadMs: z.number(), roundTripMs: amount });

/** Schema of `RunSummary`. */
export const runSummarySchema = z.strictObject({
  offeredRecords: count,
  sentRecords: count,
  completedRecords: count,
  valid: z.boolean(),
  loadedRecords: count,
  loadS: amount,
  floor: floorSchema.exactOptional(),
  steady: latencySummarySchema,
  total: latencySummarySchema,
  steadyRecord: latencySummarySchema.exactOptional(),
  totalRecord: latencySummarySchema.exactOptional(),
  clampedRecords: count,
  migrations: z.array(migrationSummarySchema),
  digest: z.strictObject({ records: count, sum: z.string().regex(/^[0-9a-f]{16}$/) }),
  verified: z.boolean().exactOptional(),
  watched: z.boolean().exactOptional(),
  rssPeakBytes: count,
  minorFaults: count,
  majorFaults: count,
  stolenShare: z.number().min(0).max(1),
  others: othersSchema.exactOptional(),
  clocks: z.array(clockSchema).exactOptional(),
});

/** From this `stolenShare` on, what other machines took shows in the latencies. */
export const NOTABLE_STOLEN_SHARE = 0.02;

/** Percentiles of a part of a run in nanoseconds, and the number of records in it; all zero without records. */
export type LatencySummary = Readonly<z.infer<typeof latencySummarySchema>>;

/**
 * The machine's own latencies: how late threads were that did nothing but look at the clock, as many as workers, before the run.
 */
export type LatencyFloor = Readonly<z.infer<typeof floorSchema>>;

/** What the threads of the run's process other than workers took: milliseconds on a processor, and in how many slices. */
export type OtherThreads = Readonly<z.infer<typeof othersSchema>>;

/**
 * How far the clock on the wall of a process was ahead of that of process 0 at the start, known to half of the quickest round trip.
 * No latency depends on it: each is taken on the worker that sent the record.
 */
export type ClockOffset = Readonly<z.infer<typeof clockSchema>>;

/**
 * A migration in short; `migration` is its index in the config, from 0. One that moved nothing does not appear. `recoveredS` and `recoveryMs` (from `startS`) are absent when latencies were not back to those before it
 * when the next migration began or the schedule ended. `maxNs` is 0 when no record was intended until then.
 */
export type MigrationSummary = Readonly<z.infer<typeof migrationSummarySchema>>;

/**
 * The totals of a run; `verified` is present after a verification only, `watched` when somebody watched it while it went on, `floor`, `others`, `clocks` (of several processes), and the record latencies (`steadyRecord`,
 * `totalRecord`) when they were measured.
 */
export type RunSummary = Readonly<z.infer<typeof runSummarySchema>>;
