/**
 * Words that carry the number of their record to their result, so that a run can tell when each record's own result was there.
 *
 * The number is a column more: 8 bytes per record and per result that are filled, exchanged and copied. Runs that do not ask for
 * it have neither the column nor a test for it.
 */
import { type Columns, type OutputPort, type RecordGenerator, Schema } from 'megaphone-engine';

import type { CountColumns, WordColumns, WordSchemas } from './words.ts';

/** The additional column. */
type Numbered = Readonly<{
  /** The record's number n. */
  n: 'float64';
}>;

/** Adds a batch to the counts, appends each word with its count, and returns the row of the first result. */
export type CountBatch<S> = (
  counts: S,
  words: Columns<WordColumns>,
  length: number,
  output: OutputPort<CountColumns>,
) => number;

/** The same schemas with the number as last column. */
export function numberedSchemas({ words, counts }: WordSchemas): WordSchemas {
  return {
    words: new Schema<WordColumns & Numbered>({ ...words.columns, n: 'float64' }),
    counts: new Schema<CountColumns & Numbered>({ ...counts.columns, n: 'float64' }),
  };
}

/** The same records with their numbers. */
export function numberedRecords(records: RecordGenerator<WordColumns>): RecordGenerator<WordColumns> {
  return {
    fill(columns, row, n, stride, count): void {
      records.fill(columns, row, n, stride, count);
      const numbers = (columns as Columns<WordColumns & Numbered>).n;
      for (let i = 0; i < count; i++) numbers[row + i] = n + i * stride;
    },
  };
}

/** The same counting; each result gets the number of its record. */
export function numberedCount<S>(count: CountBatch<S>): CountBatch<S> {
  return (counts, words, length, output) => {
    const row = count(counts, words, length, output);
    const results = output.columns as Columns<CountColumns & Numbered>;
    results.n.set((words as Columns<WordColumns & Numbered>).n.subarray(0, length), row);
    return row;
  };
}
