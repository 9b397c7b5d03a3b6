/**
 * Lines of code of the NEXMark queries (table 1 of the paper), counted from their sources: the file of the query and variant
 * with all files of its folder that it uses, kernels that both variants share among them. The rows' columns (`rows.ts`,
 * `*-rows.ts`) do not count.
 */
import { readFileSync } from 'node:fs';
import { nexmarkQueries, type NexmarkQuery } from '../../workloads/nexmark/oracle/oracle.ts';
import { sourceSize } from './code-lines.ts';

/** The variants of a query. */
export const LOC_VARIANTS = ['native', 'megaphone'] as const;

/** A file that a variant uses. */
export interface CountedFile {
  /** Name in the folder of the queries. */
  readonly name: string;
  /** Lines of code. */
  readonly lines: number;
}

/** One variant of a query. */
export interface QueryLines {
  /** The query. */
  readonly query: NexmarkQuery;
  /** The variant. */
  readonly variant: (typeof LOC_VARIANTS)[number];
  /** Lines of code of all files. */
  readonly lines: number;
  /** What the paper's table 1 reports for the authors' Rust code. */
  readonly paperLines: number;
  /** The files, that of the query first. */
  readonly files: readonly CountedFile[];
}

const FOLDER = new URL('../../workloads/nexmark/queries/', import.meta.url);

/** Table 1 of the paper. */
const PAPER: Readonly<Record<NexmarkQuery, Readonly<Record<QueryLines['variant'], number>>>> = {
  q1: { native: 12, megaphone: 16 },
  q2: { native: 14, megaphone: 18 },
  q3: { native: 58, megaphone: 41 },
  q4: { native: 128, megaphone: 74 },
  q5: { native: 73, megaphone: 46 },
  q6: { native: 130, megaphone: 74 },
  q7: { native: 55, megaphone: 54 },
  q8: { native: 58, megaphone: 29 },
};

/** Counts all queries, native before Megaphone. */
export function queryLines(): QueryLines[] {
  return nexmarkQueries.flatMap((query) =>
    LOC_VARIANTS.map((variant) => {
      const files = usedFiles(`${query}-${variant}.ts`);
      const lines = files.reduce((sum, file) => sum + file.lines, 0);
      return { query, variant, lines, paperLines: PAPER[query][variant], files };
    }),
  );
}

function usedFiles(first: string): CountedFile[] {
  const names = [first];
  const files: CountedFile[] = [];
  for (const name of names) {
    const { lines, imports } = sourceSize(readFileSync(new URL(name, FOLDER), 'utf8'));
    files.push({ name, lines });
    for (const other of imports) {
      if (!/(?:^|-)rows\.ts$/.test(other) && !names.includes(other)) names.push(other);
    }
  }
  return files;
}
