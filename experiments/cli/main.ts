#!/usr/bin/env node
/** The command line `megaphone`. */
import { constants } from 'node:os';
import { InputError } from '../config/input-error.ts';
import { ResultsError } from '../results/results-error.ts';
import { DrawError } from './draw.ts';
import { EXIT } from './exit-code.ts';
import { commandLine } from './parser.ts';

const stop = new AbortController();
let stoppedBy: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stoppedBy ??= signal;
    stop.abort();
  });
}

// A reader that has seen enough (head) closes the pipe; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

try {
  await commandLine(process.argv.slice(2), stop.signal, (code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  const known = error instanceof InputError || error instanceof ResultsError;
  if (known) console.error(`megaphone: ${error.message}`);
  else if (error instanceof DrawError) console.error(`megaphone: the charts could not be drawn:\n${error.message}`);
  else console.error(error);
  process.exitCode = known ? EXIT.input : EXIT.failed;
}
if (stoppedBy !== undefined) process.exitCode = 128 + constants.signals[stoppedBy];
