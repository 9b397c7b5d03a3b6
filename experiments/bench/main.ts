#!/usr/bin/env node
/**
 * Benchmarks: `npm run bench [-- --csv FILE] [--only NAME ...] [--repetitions N] [--quick]`.
 *
 * Everything that is compared runs in turn in the same call, each in a process of its own; figures are medians, ratios are
 * medians of the ratios of each turn. Absolute figures of a shared machine mean little.
 */
import { writeFileSync } from 'node:fs';
import yargs from 'yargs';
import { type BenchRow, describeRow, formatRows } from './bench-rows.ts';
import { closedLoopSuite } from './closed-loop-suite.ts';
import { costSuite } from './cost-suite.ts';
import { enginesSuite } from './engines-suite.ts';
import { floorSuite } from './floor-suite.ts';
import { harnessCostSuite } from './harness-cost-suite.ts';
import { idleSuite } from './idle-suite.ts';
import { ioThreadSuite } from './io-thread-suite.ts';
import { liveSuite } from './live-suite.ts';
import { migrationSuite } from './migration-suite.ts';
import { processesSuite } from './processes-suite.ts';
import { quietSuite } from './quiet-suite.ts';
import { steadySuite } from './steady-suite.ts';
import type { Suite } from './suite.ts';
import { sustainedSuite } from './sustained-suite.ts';

const suites: Readonly<Record<string, Suite>> = {
  floor: floorSuite,
  'harness-cost': harnessCostSuite,
  live: liveSuite,
  'closed-loop': closedLoopSuite,
  cost: costSuite,
  steady: steadySuite,
  idle: idleSuite,
  migration: migrationSuite,
  'io-thread': ioThreadSuite,
  processes: processesSuite,
  engines: enginesSuite,
  quiet: quietSuite,
  sustained: sustainedSuite,
};

const options = await yargs(process.argv.slice(2))
  .scriptName('npm run bench --')
  .option('csv', { type: 'string', describe: 'Write the rows to this file' })
  .option('only', { type: 'array', string: true, choices: Object.keys(suites), describe: 'Run these suites only' })
  .option('repetitions', { type: 'number', describe: 'Turns of everything that is compared (3; with --quick 1)' })
  .option('quick', { type: 'boolean', default: false, describe: 'Short runs that show that all works' })
  .check(({ repetitions }) => {
    if (repetitions !== undefined && (!Number.isInteger(repetitions) || repetitions < 1))
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

const repetitions = options.repetitions ?? (options.quick ? 1 : 3);
const rows: BenchRow[] = [];
for (const [name, suite] of Object.entries(suites)) {
  if (options.only !== undefined && !options.only.includes(name)) continue;
  await suite({ repetitions, quick: options.quick }, (row) => {
    rows.push(row);
    console.log(describeRow(row));
  });
}
if (options.csv !== undefined) writeFileSync(options.csv, formatRows(rows));
