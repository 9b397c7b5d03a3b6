#!/usr/bin/env node
/**
 * Benchmarks: `npm run bench [-- --csv FILE] [--only NAME ...] [--repetitions N]`.
 *
 * Everything that is compared runs in turn in the same call; figures are medians, ratios are medians of the ratios of
 * each turn. Absolute figures of a shared machine mean little.
 */
import { writeFileSync } from 'node:fs';
import yargs from 'yargs';
import { type BenchRow, describeRow, formatRows } from './bench-rows.ts';
import { costRows, generatorRows, sustainedRows } from './nexmark-bench.ts';
import { closedLoopRows, steadyRows } from './word-count-bench.ts';

type Suite = (repetitions: number, show: (row: BenchRow) => void) => void | Promise<void>;

const suites: Readonly<Record<string, Suite>> = {
  'closed-loop': closedLoopRows,
  steady: steadyRows,
  'nexmark-generator': generatorRows,
  'nexmark-cost': costRows,
  'nexmark-sustained': sustainedRows,
};

const options = await yargs(process.argv.slice(2))
  .scriptName('npm run bench --')
  .option('csv', { type: 'string', describe: 'Write the rows to this file' })
  .option('only', { type: 'array', string: true, choices: Object.keys(suites), describe: 'Run these suites only' })
  .option('repetitions', { type: 'number', default: 3, describe: 'Turns of everything that is compared' })
  .check(({ repetitions }) => {
    if (!Number.isInteger(repetitions) || repetitions < 1)
      throw new Error('--repetitions: expected an integer from 1 on');
    return true;
  })
  .strict()
  .showHelpOnFail(false)
  .fail((message, error: Error | undefined) => {
    console.error(`bench: ${message ?? error?.message}`);
    process.exit(2);
  })
  .parse();

const rows: BenchRow[] = [];
for (const [name, suite] of Object.entries(suites)) {
  if (options.only !== undefined && !options.only.includes(name)) continue;
  await suite(options.repetitions, (row) => {
    rows.push(row);
    console.log(describeRow(row));
  });
}
if (options.csv !== undefined) writeFileSync(options.csv, formatRows(rows));
