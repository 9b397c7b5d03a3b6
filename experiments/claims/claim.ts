/**
 * What the paper says, as inequalities over the results of runs. A claim compares one side (`measure`) with a limit, or the ratio of
 * two sides with it; each side is a choice of runs of one experiment, and a number of each.
 */
import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import * as z from 'zod';
import { InputError } from '../config/input-error.ts';
import { METRICS } from './metrics.ts';

const metric = z.enum(Object.keys(METRICS) as [keyof typeof METRICS, ...(keyof typeof METRICS)[]]);

/** A number, or the smallest or largest that the runs have. */
const extreme = z.union([z.number().positive(), z.enum(['least', 'most'])]);

const selectionSchema = z.strictObject({
  workload: z.string().exactOptional(),
  variant: z.enum(['native', 'megaphone']).exactOptional(),
  strategy: z.array(z.enum(['all-at-once', 'fluid', 'batched', 'optimized', 'none'])).exactOptional(),
  bins: extreme.exactOptional(),
  domain: extreme.exactOptional(),
  rate: extreme.exactOptional(),
});

const sideSchema = z.strictObject({ runs: selectionSchema, metric });

const claimSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,30}$/),
  figure: z.string().regex(/^[a-z0-9-]+$/),
  text: z.string().min(1),
  paper: z.string().min(1),
  measure: sideSchema,
  against: sideSchema.exactOptional(),
  relation: z.enum(['>=', '<=', 'within']),
  value: z.number().positive(),
  unit: z.enum(['x', 'ms', 'bytes']),
  minutes: z.number().positive(),
  memoryGiB: z.number().positive(),
});

const claimsSchema = z.array(claimSchema).min(1);

/**
 * Which runs: those that have every value named. `bins` is their number, `strategy` a list of strategies any of which will do (`none`:
 * runs without migrations); `least` and `most` stand for the smallest and largest value among the runs that are there.
 */
export type Selection = Readonly<z.infer<typeof selectionSchema>>;

/** Runs, and the number that is taken of each. */
export type Side = Readonly<z.infer<typeof sideSchema>>;

/**
 * A claim: the median of `measure`, divided by that of `against` where there is one, is at least (`>=`) or at most (`<=`) `value`,
 * or differs from one by no more than that factor (`within`). `minutes` and `memoryGiB` are what the runs of the figure take at
 * laptop scale, three times each.
 */
export type Claim = Readonly<z.infer<typeof claimSchema>>;

/** The command that makes the runs of a claim, often enough for an interval. */
export function commandOf({ figure }: Claim): string {
  return `megaphone run ${figure} --repeat 3`;
}

/**
 * The claims of the paper, in the order of its figures.
 *
 * @throws {InputError} when the file is not of the form
 */
export function paperClaims(): Claim[] {
  return parseClaims(readFileSync(new URL('./claims.yaml', import.meta.url), 'utf8'), 'claims.yaml');
}

/**
 * Claims from the text of a file; no two have the same id.
 *
 * @param name - how errors call the file
 * @throws {InputError} when the text is not of the form; names claim and key
 */
export function parseClaims(text: string, name: string): Claim[] {
  let value: unknown;
  try {
    value = parse(text, { prettyErrors: false });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new InputError(`${name}: ${error.message.replaceAll(/\s+/gu, ' ')}`);
  }
  const parsed = claimsSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new InputError(`${name}: ${path.join('.') || 'the file'}: ${message}`);
  }
  const ids = parsed.data.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new InputError(`${name}: ${twice} stands there twice; expected one claim of each id`);
  return parsed.data;
}
