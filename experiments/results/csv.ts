/**
 * CSV files of typed rows: a header of column names in snake case, then one line per row, numbers only.
 *
 * A reader checks the header and every cell, and names file and line of the first fault.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { z } from 'zod';
import { ResultsError } from './results-error.ts';

/** Cells of a row by property name. */
type Cells = Readonly<Record<string, number>>;

/** Reads and writes the rows of one kind of file. */
export class CsvTable<Row extends Cells> {
  /** Property names in the order of the columns. */
  readonly #properties: readonly string[];
  readonly #schema: z.ZodObject & z.ZodType<Row>;

  /** A table whose columns are the properties of `schema`, in its order. */
  constructor(schema: z.ZodObject & z.ZodType<Row>) {
    this.#schema = schema;
    this.#properties = Object.keys(schema.shape);
  }

  /** Column names in order. */
  get columns(): readonly string[] {
    return this.#properties.map(columnName);
  }

  /**
   * The text of a file with these rows.
   *
   * @throws {ResultsError} when a cell is not a finite number; `file` names the file in the message.
   */
  format(rows: readonly Row[], file: string): string {
    rows.forEach((row, i) => {
      for (const property of this.#properties) {
        const cell = row[property];
        if (!Number.isFinite(cell)) {
          throw new ResultsError(`${file}:${i + 2}: ${columnName(property)} is ${cell}; expected a finite number`);
        }
      }
    });
    return stringify([...rows], {
      header: true,
      columns: this.#properties.map((key) => ({ key, header: columnName(key) })),
    });
  }

  /**
   * The rows of a file's text.
   *
   * @throws {ResultsError} when the header is another, or a line is not a row; `file` names the file in the message.
   */
  parse(text: string, file: string): Row[] {
    const [header, ...lines] = splitLines(text, file);
    this.#checkHeader(header ?? [], file);
    return lines.map((line, i) => {
      const cells = this.#properties.map((property, column) => [property, line[column]]);
      const parsed = this.#schema.safeParse(Object.fromEntries(cells));
      if (!parsed.success) {
        const { path, message } = parsed.error.issues[0]!;
        const column = this.#properties.indexOf(String(path[0]));
        throw new ResultsError(`${file}:${i + 2}: ${this.columns[column]} is "${String(line[column])}": ${message}`);
      }
      return parsed.data;
    });
  }

  #checkHeader(header: readonly unknown[], file: string): void {
    const expected = this.columns.join(',');
    if (header.join(',') !== expected) {
      throw new ResultsError(`${file}:1: the columns are ${header.join(',')}; expected ${expected}`);
    }
  }
}

/** The cells of each line; a cell that reads as a number is one. */
function splitLines(text: string, file: string): unknown[][] {
  try {
    return parse(text, { cast: true });
  } catch (error) {
    if (error instanceof CsvError) {
      throw new ResultsError(`${file}:${String(error['lines'])}: ${error.message}`);
    }
    throw error;
  }
}

/** `p50Ns` -> `p50_ns`. */
function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
