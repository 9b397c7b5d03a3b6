/** What run.json holds: the resolved run, where and with what it ran, and how far it came. */
import { z } from 'zod';
import type { RunSpec } from '../config/run-spec.ts';

const positive = z.number().positive();
const count = z.int().nonnegative();

const configurationSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('balanced') }),
  z.strictObject({ name: z.literal('imbalanced') }),
  z.strictObject({ name: z.literal('one-worker'), worker: count }),
  z.strictObject({ name: z.literal('scale-out'), workers: count }),
  z.strictObject({ name: z.literal('scale-in'), workers: count }),
  z.strictObject({ name: z.literal('explicit'), owners: z.array(count) }),
]);

const gapMs = z.number().nonnegative();

const strategySchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('all-at-once'), gapMs }),
  z.strictObject({ name: z.literal('fluid'), gapMs }),
  z.strictObject({ name: z.literal('batched'), binsPerStep: count, gapMs }),
  z.strictObject({ name: z.literal('optimized'), binsPerPair: count, gapMs }),
]);

/** The shape of a resolved run as it was written. Whether its values can be run was decided when it was resolved. */
const specSchema: z.ZodType<RunSpec> = z.strictObject({
  experiment: z.string().min(1),
  title: z.string(),
  figure: z.literal(['timeline', 'ccdf', 'max-vs-duration', 'max-vs-rate', 'memory']),
  scale: z.literal(['smoke', 'laptop', 'paper']),
  workload: z.strictObject({
    name: z.string(),
    variant: z.literal(['native', 'megaphone']),
    domain: count,
    parameters: z.record(z.string(), z.number()),
  }),
  topology: z.strictObject({ processes: z.int().positive(), workers: z.int().positive() }),
  binShift: count,
  ratePerSecond: positive,
  durationS: positive,
  warmUpS: z.number().nonnegative(),
  seed: z.number(),
  tickNs: positive,
  lookaheadTicks: count,
  initial: configurationSchema,
  migrations: z.array(z.strictObject({ atS: z.number().nonnegative(), to: configurationSchema })),
  strategy: strategySchema,
  handoff: z.literal(['copy', 'share']),
  preTouch: z.literal(['all', 'state']),
  verify: z.boolean(),
  repeat: z.int().positive(),
});

const provenanceSchema = z.strictObject({
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  startedAt: z.iso.datetime(),
  node: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: count,
});

/** Schema of `RunRecord`. */
export const runRecordSchema = z.strictObject({
  status: z.literal(['running', 'done', 'failed', 'interrupted']),
  spec: specSchema,
  provenance: provenanceSchema,
  error: z.string().exactOptional(),
});

/** How far a run came. */
export type RunStatus = RunRecord['status'];

/** Where, when and with what a run ran. `commit` and `dirty` are null outside of a git repository. */
export type Provenance = Readonly<z.infer<typeof provenanceSchema>>;

/** The content of run.json. `error` is present after a failure. */
export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
