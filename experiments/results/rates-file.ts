/** What a search for the highest rate has found: rates.json in the folder of its runs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from './durable-files.ts';
import { ResultsError } from './results-error.ts';
import { scaleSchema } from './run-record.ts';

const NAME = 'rates.json';

/** What follows an experiment's name in the name of its searches: `fig19-rate`. */
export const RATES_SUFFIX = '-rate';

const perSecond = z.number().positive();

const rateSchema = z.strictObject({
  label: z.string(),
  sustainedPerSecond: perSecond.optional(),
  notSustainedPerSecond: perSecond,
  runs: z.array(
    z.strictObject({
      id: z.string(),
      ratePerSecond: perSecond,
      sentShare: z.number(),
      p99Ns: z.number(),
      firstP50Ns: z.number(),
      lastP50Ns: z.number(),
      shortfalls: z.array(z.string()),
    }),
  ),
});

const ratesFileSchema = z.strictObject({
  experiment: z.string(),
  scale: scaleSchema,
  criterion: z.string(),
  rates: z.array(rateSchema),
});

/**
 * The highest sustained rate of one setting: between `sustainedPerSecond` (absent when no rate was sustained) and
 * `notSustainedPerSecond`, from `runs` in the order in which they were made.
 */
export type SustainedRate = Readonly<z.infer<typeof rateSchema>>;

/** The rates of an experiment's settings: what counted as sustained, and at which scale. */
export type RatesFile = Readonly<z.infer<typeof ratesFileSchema>>;

/** Writes the file into a folder that exists. */
export function writeRates(directory: string, rates: RatesFile): void {
  writeDurably(join(directory, NAME), (write) => write(`${JSON.stringify(rates, null, 2)}\n`));
}

/**
 * Reads the file, or undefined when there is none.
 *
 * @throws {ResultsError} when it is malformed
 */
export function readRates(directory: string): RatesFile | undefined {
  const path = join(directory, NAME);
  if (!existsSync(path)) return undefined;
  try {
    return ratesFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const problem = error instanceof Error ? error.message.replaceAll(/\s+/gu, ' ') : String(error);
    throw new ResultsError(`${path}: ${problem}`);
  }
}
