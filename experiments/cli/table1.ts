/** Table 1 of the paper, lines of code, as one of the figures. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../config/input-error.ts';

/** How the command line calls it. */
export const TABLE_1 = 'table1';

const tableFile = (out: string): string => join(out, TABLE_1, `${TABLE_1}.csv`);

/** Whether the table has been written below the folder of results. */
export function isTableWritten(out: string): boolean {
  return existsSync(tableFile(out));
}

/**
 * Counts, prints the table, and writes it to `table1/table1.csv` below the folder of results.
 *
 * @throws {InputError} when the file cannot be written
 */
export async function makeTable(out: string): Promise<void> {
  const csv = tableFile(out);
  try {
    mkdirSync(join(out, TABLE_1), { recursive: true });
  } catch (error) {
    const { code = 'an unknown error' } = error as NodeJS.ErrnoException;
    throw new InputError(`--out: cannot make ${join(out, TABLE_1)} (${code}); expected a folder that may be written`);
  }
  // The counting loads a compiler, which no figure needs.
  const { printLoc } = await import('./loc-command.ts');
  printLoc({ files: false, csv });
  console.log(csv);
}
