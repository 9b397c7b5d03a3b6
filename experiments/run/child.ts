/** Makes one run in a process of its own, so that runs cannot disturb one another through memory or compiled code. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunSpec } from '../config/run-spec.ts';
import type { ChildMessage, OutputDigest, ProgressMessage, RunMessage } from './messages.ts';
import type { Cluster } from './order-socket.ts';
import { RUN_FLAGS } from './run-flags.ts';

/** What to run, and whom to tell. */
export interface ChildOptions {
  /** What to run. */
  readonly spec: RunSpec;
  /** The folder to write to; must exist. */
  readonly directory: string;
  /** Called with every progress message, on the caller's thread. */
  readonly onProgress: (message: ProgressMessage) => void;
  /** Tells the process to stop when it is aborted. */
  readonly signal: AbortSignal;
  /** From when on this file exists progress holds samples; absent when nobody can watch. */
  readonly watchedFile?: string;
  /** The processes that take part, where they are started by somebody else. */
  readonly cluster?: Cluster;
  /** The program that makes the run; by default `run-process.ts`. */
  readonly program?: URL;
}

/** How a run ended. */
export type ChildOutcome =
  | { readonly status: 'done'; readonly digest: OutputDigest }
  | { readonly status: 'failed'; readonly message: string; readonly stack: string }
  | { readonly status: 'interrupted' };

/** How long a process may take to end after it was told to stop, or said that it is done. */
const GRACE_MS = 10_000;

/** What is kept of the process's own output, to explain an end without a message. */
const KEPT_CHARACTERS = 8192;

/**
 * Starts the process of a run and waits until it has ended. An abort sends it SIGINT, and SIGKILL after ten seconds; a run
 * that was done before it noticed counts as done.
 */
export function runChild({
  spec,
  directory,
  onProgress,
  signal,
  watchedFile,
  cluster,
  program,
}: ChildOptions): Promise<ChildOutcome> {
  const child = fork(fileURLToPath(program ?? new URL('./run-process.ts', import.meta.url)), [], {
    execArgv: [...RUN_FLAGS],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said: ChildOutcome | undefined;
  let output = '';
  let grace: NodeJS.Timeout | undefined;
  const endSoon = () => {
    grace ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  const stop = () => {
    child.kill('SIGINT');
    endSoon();
  };
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_CHARACTERS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('message', (message) => {
    const heard = message as ChildMessage;
    if (heard.type === 'progress') {
      onProgress(heard);
      return;
    }
    said =
      heard.type === 'done'
        ? { status: 'done', digest: heard.digest }
        : { status: 'failed', message: heard.message, stack: heard.stack };
    // The child hangs up itself: were the channel closed from here, the close event below might never come.
    endSoon();
  });
  return new Promise((resolve) => {
    const finish = (unsaid: () => ChildOutcome) => {
      clearTimeout(grace);
      signal.removeEventListener('abort', stop);
      if (said?.status === 'done') resolve(said);
      else if (signal.aborted) resolve({ status: 'interrupted' });
      else resolve(said ?? unsaid());
    };
    child.on('error', (error) => {
      // Without a process there is no close event; with one, an error of the channel shows in how it ends.
      if (child.pid !== undefined) return;
      finish(() => ({ status: 'failed', message: error.message, stack: error.stack ?? error.message }));
    });
    child.on('close', (code, killedBy) => finish(() => diedSilently(code, killedBy, output)));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const message: RunMessage = {
      type: 'run',
      spec,
      directory,
      ...(watchedFile !== undefined && { watchedFile }),
      ...(cluster && { cluster }),
    };
    // A process that died before it could listen is reported by its close event.
    if (child.connected) child.send(message, () => {});
  });
}

function diedSilently(code: number | null, killedBy: NodeJS.Signals | null, output: string): ChildOutcome {
  const how =
    killedBy === 'SIGKILL'
      ? 'was killed (SIGKILL), probably by the system for want of memory'
      : killedBy === null
        ? `ended with exit code ${code} before it was done`
        : `was ended by ${killedBy}`;
  const message = `the process of the run ${how}`;
  return { status: 'failed', message, stack: output.trim() === '' ? message : `${message}\n${output.trimEnd()}` };
}
