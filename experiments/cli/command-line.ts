/** Runs the command line of this process: what signals, a lost output and errors do, and the exit code. Imported once, by main.ts. */
import { constants } from 'node:os';
import { InputError } from '../config/input-error.ts';
import { oneLine } from '../config/one-line.ts';
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

let isOutputLost = false;

// A reader that has seen enough (head) closes the pipe. What only prints can end there; a run goes on, and says so.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const isClosed = error.code === 'EPIPE';
  const isRun = ['run', 'figures', 'rate'].includes(process.argv[2] ?? '');
  if (isClosed && !isRun) process.exit(EXIT.done);
  if (isOutputLost) return;
  isOutputLost = true;
  const what = isClosed
    ? 'nobody reads the standard output any more'
    : `the standard output cannot be written (${error.code})`;
  console.error(`megaphone: ${what}${isRun ? '; the runs go on without it' : ''}`);
  if (!isClosed) process.exitCode = EXIT.failed;
});
// There is nobody left to tell.
process.stderr.on('error', () => {});

try {
  await commandLine(process.argv.slice(2), stop.signal, (code) => {
    if (code !== EXIT.done || !isOutputLost) process.exitCode = code;
  }).parseAsync();
} catch (error) {
  const known = error instanceof InputError || error instanceof ResultsError;
  if (known) console.error(`megaphone: ${error.message}`);
  else if (error instanceof Error && 'syscall' in error) console.error(`megaphone: ${oneLine(error.message)}`);
  else if (error instanceof DrawError) console.error(`megaphone: the charts could not be drawn:\n${error.message}`);
  else console.error(error);
  process.exitCode = known ? EXIT.input : EXIT.failed;
}
if (stoppedBy !== undefined) process.exitCode = 128 + constants.signals[stoppedBy];
