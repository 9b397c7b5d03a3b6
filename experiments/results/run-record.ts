/** What run.json holds: the resolved run, and where and with what it ran. */
import { z } from 'zod';
import { isExperimentName } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';

/** Schema of the kinds of charts. */
export const figureSchema = z.literal(['timeline', 'ccdf', 'max-vs-duration', 'max-vs-rate', 'memory']);

/** Schema of the scales. */
export const scaleSchema = z.literal(['smoke', 'laptop', 'paper']);

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
  experiment: z.string().refine(isExperimentName),
  title: z.string(),
  figure: figureSchema,
  scale: scaleSchema,
  workload: z.strictObject({
    name: z.string(),
    plugIn: z.strictObject({ file: z.string(), digest: z.string() }).exactOptional(),
    variant: z.literal(['native', 'megaphone']),
    domain: count,
    parameters: z.record(z.string(), z.number()),
  }),
  engine: z.strictObject({ name: z.literal('timely'), progressMode: z.literal(['eager', 'demand']) }).exactOptional(),
  topology: z.strictObject({
    processes: z.int().positive(),
    workers: z.int().positive(),
    hosts: z.array(z.string()).exactOptional(),
  }),
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
  recordLatency: z.literal(true).exactOptional(),
  expect: z
    .strictObject({
      p99Ns: positive.exactOptional(),
      p999Ns: positive.exactOptional(),
      maxNs: positive.exactOptional(),
      migrationMaxNs: positive.exactOptional(),
      recoveryNs: positive.exactOptional(),
      durationNs: positive.exactOptional(),
    })
    .exactOptional(),
  verify: z.boolean(),
  repeat: z.int().positive(),
});

const provenanceSchema = z.strictObject({
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  code: z.string().regex(/^[0-9a-f]{16}$/),
  startedAt: z.iso.datetime(),
  node: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: count,
});

/** The form of a run's files; it rises whenever a reader of the present form could not read the former one. */
export const FORMAT = 2;

/** Schema of `RunRecord`. */
export const runRecordSchema = z.strictObject({
  format: z.literal(FORMAT),
  spec: specSchema,
  provenance: provenanceSchema,
});

/**
 * Where, when and with what a run ran. `commit` and `dirty` are null outside of a git repository; `code` is a digest of the
 * source files that decide what is measured.
 */
export type Provenance = Readonly<z.infer<typeof provenanceSchema>>;

/** The content of run.json. */
export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
