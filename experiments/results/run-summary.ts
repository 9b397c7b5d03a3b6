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
  startS: amount,
  endS: amount,
  durationMs: amount,
  maxNs: amount,
  steps: count,
  bins: count,
  bytes: count,
  maxStepMs: amount,
});

/** Schema of `RunSummary`. */
export const runSummarySchema = z.strictObject({
  offeredRecords: count,
  sentRecords: count,
  completedRecords: count,
  valid: z.boolean(),
  loadedRecords: count,
  loadS: amount,
  steady: latencySummarySchema,
  total: latencySummarySchema,
  migrations: z.array(migrationSummarySchema),
  digest: z.strictObject({ records: count, sum: z.string().regex(/^[0-9a-f]{16}$/) }),
  verified: z.boolean().exactOptional(),
  rssPeakBytes: count,
  minorFaults: count,
  majorFaults: count,
  stolenShare: z.number().min(0).max(1),
});

/** From this `stolenShare` on, what other machines took shows in the latencies. */
export const NOTABLE_STOLEN_SHARE = 0.02;

/** Percentiles of a part of a run in nanoseconds, and the number of records in it; all zero without records. */
export type LatencySummary = Readonly<z.infer<typeof latencySummarySchema>>;

/** A migration in short. `maxNs` is 0 when no record was intended while it ran. */
export type MigrationSummary = Readonly<z.infer<typeof migrationSummarySchema>>;

/** The totals of a run; `verified` is present after a verification only. */
export type RunSummary = Readonly<z.infer<typeof runSummarySchema>>;
