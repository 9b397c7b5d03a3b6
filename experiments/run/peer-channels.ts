/**
 * How the first process of a run starts another one and hears from it: on this machine over the channel of a child process, over a
 * socket where it was started by somebody else, or over ssh (ssh-channel.ts).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProcessOptions } from 'megaphone-engine/runtime';
import { addressText } from '../config/hosts.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { LiveShare } from '../metrics/live-sample.ts';
import type { Share } from './launch-share.ts';
import type { Order, OrderSocket } from './order-socket.ts';
import { PeerOutput } from './peer-output.ts';
import { giveSigns, SILENT } from './signs-of-life.ts';

/** First process to another: take part in this run. Over pipes it is a line of JSON. */
export interface PeerOrder {
  /** What to run. */
  readonly spec: RunSpec;
  /** Who it is, and where the others are. */
  readonly processes: ProcessOptions;
  /** The digest of the sources that it has to have, where it may have others. */
  readonly code?: string;
  /** From when on this file exists it tells of itself while it runs; only over the channel of a child process. */
  readonly watchedFile?: string;
}

/** Another process to the first, once per second over the channel of a child process: what its workers tell. */
export interface PeerLive {
  /** Discriminates the messages. */
  readonly type: 'live';
  /** What is new. */
  readonly share: LiveShare;
}

/** What another process sends when it is done. */
export interface PeerResults extends Share {
  /** Discriminates the reports. */
  readonly type: 'results';
}

/** Another process to the first, once: how it ended. */
export type PeerReport = PeerResults | { readonly type: 'failed'; readonly message: string; readonly stack: string };

/** Another process to the first, before its report: it has the code, the workload and the program that the run needs. */
export interface PeerReady {
  /** Discriminates the messages. */
  readonly type: 'ready';
}

/** A process that was started. */
export interface PeerChannel {
  /** Settles when it is ready to take part; never, when it fails before. */
  readonly ready: Promise<void>;
  /**
   * What it reports.
   *
   * @throws {Error} its error, with its stack, or how it ended without a report
   */
  readonly report: Promise<PeerResults>;
  /** Ends it, if it has not ended. */
  end(): void;
}

/** The program of another process. */
export const PEER_PROGRAM = fileURLToPath(new URL('./peer-process.ts', import.meta.url));

/** Starts a process on this machine; `onLive` is given what it tells of itself. */
export function startHere(order: PeerOrder, onLive: (share: LiveShare) => void): PeerChannel {
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  const child = fork(PEER_PROGRAM, { execArgv: process.execArgv, serialization: 'advanced', stdio: [...stdio] });
  // One that died before it could listen is reported by its exit.
  child.send(order, () => {});
  const { index } = order.processes;
  const ready = Promise.withResolvers<void>();
  const report = new Promise<PeerResults>((resolve, reject) => {
    child.on('error', reject);
    child.on('message', (message: PeerReady | PeerLive | PeerReport) => {
      if (message.type === 'ready') ready.resolve();
      else if (message.type === 'live') onLive(message.share);
      else settle(message, resolve, reject);
    });
    child.on('exit', (code, signal) => {
      reject(new Error(`process ${index} of the run ended with ${signal ?? `exit code ${code}`} before it was done`));
    });
  });
  return { ready: ready.promise, report, end: () => endChild(child) };
}

/** Gives an order to a process that somebody has started (see `serveOrders`): it knows itself who it is, and the token. */
export function startOn({ socket }: OrderSocket, { spec, processes }: PeerOrder): PeerChannel {
  const { index, addresses, digest, connectMs } = processes;
  const order: Order = { type: 'run', spec, digest, connectMs };
  socket.write(`${JSON.stringify(order)}\n`);
  const signs = giveSigns((sign) => socket.write(sign));
  const output = new PeerOutput();
  const place = addressText(addresses[index]!);
  const report = new Promise<PeerResults>((resolve, reject) => {
    void output.silent.then(() => reject(new Error(`process ${index} at ${place} is lost: ${SILENT}`)));
    socket.on('data', (chunk: Buffer) => output.take(chunk));
    socket.on('close', () => {
      clearInterval(signs);
      output.end();
      const last = output.report();
      if (last !== undefined) settle(last, resolve, reject);
      else reject(new Error(`process ${index} at ${place} ended before it was done`));
    });
  });
  return { ready: output.ready, report, end: () => socket.destroy() };
}

/** Settles a promise of results by what a process has reported. */
export function settle(
  report: PeerReport,
  resolve: (results: PeerResults) => void,
  reject: (error: Error) => void,
): void {
  if (report.type === 'results') {
    resolve(report);
    return;
  }
  const error = new Error(report.message);
  error.stack = report.stack;
  reject(error);
}

/** Ends a child process, if it has not ended. */
export function endChild(child: ChildProcess): void {
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
