/** `megaphone loc`: table 1 of the paper, lines of code per query and variant. */
import { writeFileSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { queryLines, type QueryLines } from '../loc/query-lines.ts';
import { alignColumns, type Column } from '../report/columns.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
export interface LocRequest {
  /** Whether to list the files. */
  readonly files: boolean;
  /** Where to write the rows as CSV; not at all by default. */
  readonly csv: string | undefined;
}

/**
 * Prints the table and returns the exit code.
 *
 * @throws {UsageError} when the CSV cannot be written
 */
export function printLoc({ files, csv }: LocRequest): number {
  const counted = queryLines();
  if (csv !== undefined) writeCsv(csv, counted);
  console.log('Lines of code of the NEXMark queries, without imports, comments and the columns of their rows');
  for (const line of table(counted)) console.log(line);
  if (files) {
    for (const { query, variant, files: used } of counted) {
      console.log(`${query} ${variant}: ${used.map(({ name, lines }) => `${name} ${lines}`).join(', ')}`);
    }
  }
  return EXIT.done;
}

function table(counted: readonly QueryLines[]): string[] {
  const column = (heading: string): Column => ({ heading, align: 'right' });
  const columns = [
    { heading: 'query', align: 'left' } as const,
    ...['native', 'megaphone', 'ratio', 'paper native', 'paper megaphone', 'paper ratio'].map(column),
  ];
  const rows = counted
    .filter(({ variant }) => variant === 'native')
    .map((native) => {
      const megaphone = counted.find(({ query, variant }) => query === native.query && variant === 'megaphone')!;
      return [
        native.query,
        ...comparison(native.lines, megaphone.lines),
        ...comparison(native.paperLines, megaphone.paperLines),
      ];
    });
  return alignColumns(columns, rows);
}

function comparison(native: number, megaphone: number): string[] {
  return [String(native), String(megaphone), (megaphone / native).toFixed(2)];
}

function writeCsv(file: string, counted: readonly QueryLines[]): void {
  const rows = counted.map(({ query, variant, lines, paperLines, files }) => [
    query,
    variant,
    lines,
    paperLines,
    files.map(({ name }) => name).join(' '),
  ]);
  const header = ['query', 'variant', 'lines', 'paper_lines', 'files'];
  try {
    writeFileSync(file, stringify([header, ...rows]));
  } catch (error) {
    const { code = 'an unknown error' } = error as NodeJS.ErrnoException;
    throw new UsageError(`--csv: cannot write ${file} (${code}); expected a file in a folder that may be written`);
  }
}
