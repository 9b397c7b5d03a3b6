/**
 * How the first process of a run starts another one and hears from it: on this machine over the channel of a child process, on another
 * host over the pipes of ssh, or over a socket where it was started by somebody else. What a process prints on its standard error, the first one prints, too.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { deserialize } from 'node:v8';
import type { ProcessOptions } from 'megaphone-engine/runtime';
import { addressText } from '../config/hosts.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { LiveShare } from '../metrics/live-sample.ts';
import type { Share } from './launch-share.ts';
import type { Order, OrderSocket } from './order-socket.ts';

/** First process to another: take part in this run. Over pipes it is a line of JSON. */
export interface PeerOrder {
  /** What to run. */
  readonly spec: RunSpec;
  /** Who it is, and where the others are. */
  readonly processes: ProcessOptions;
  /** Whether it tells of itself while it runs; only over the channel of a child process. */
  readonly live: boolean;
}

/** Another process to the first, some four times per second over the channel of a child process: what its workers tell. */
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

/** Another process to the first, once. Over pipes it is all that its standard output has, as `v8.serialize` writes it. */
export type PeerReport = PeerResults | { readonly type: 'failed'; readonly message: string; readonly stack: string };

/** A process that was started. */
export interface PeerChannel {
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

/** Characters of a remote shell's complaint that are kept. */
const KEPT_CHARACTERS = 400;

/** Starts a process on this machine; `onLive` is given what it tells of itself. */
export function startHere(order: PeerOrder, onLive: (share: LiveShare) => void): PeerChannel {
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  const child = fork(PEER_PROGRAM, { execArgv: process.execArgv, serialization: 'advanced', stdio: [...stdio] });
  // One that died before it could listen is reported by its exit.
  child.send(order, () => {});
  const { index } = order.processes;
  const report = new Promise<PeerResults>((resolve, reject) => {
    child.on('error', reject);
    child.on('message', (message: PeerReport | PeerLive) => {
      if (message.type === 'live') onLive(message.share);
      else settle(message, resolve, reject);
    });
    child.on('exit', (code, signal) => {
      reject(new Error(`process ${index} of the run ended with ${signal ?? `exit code ${code}`} before it was done`));
    });
  });
  return { report, end: () => endChild(child) };
}

/** Starts a process on another host, where this program stands at the same place. `MEGAPHONE_SSH` names another program than ssh. */
export function startOver(host: string, order: PeerOrder): PeerChannel {
  const command = `exec ${[process.execPath, ...process.execArgv, PEER_PROGRAM].map(quoted).join(' ')}`;
  const child = spawn(process.env['MEGAPHONE_SSH'] ?? 'ssh', ['-o', 'BatchMode=yes', host, command], { stdio: 'pipe' });
  const chunks: Buffer[] = [];
  let complaint = '';
  // A shell that ended without reading is reported by its exit code. What it is told to do is kept open: its end says stop.
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(order)}\n`);
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr
    .setEncoding('utf8')
    .on('data', (chunk: string) => (complaint = (complaint + chunk).slice(-KEPT_CHARACTERS)));
  const { index } = order.processes;
  const report = new Promise<PeerResults>((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`process ${index} on ${host}: ${error.message}`)));
    child.on('close', (code, signal) => {
      try {
        settle(deserialize(Buffer.concat(chunks)) as PeerReport, resolve, reject);
      } catch {
        const last = complaint.trim().split('\n').at(-1) ?? '';
        const how = `ended with ${signal ?? `exit code ${code}`}`;
        reject(new Error(`process ${index} on ${host} ${how} before it was done${last === '' ? '' : `: ${last}`}`));
      }
    });
  });
  return { report, end: () => endChild(child) };
}

/** Gives an order to a process that somebody has started (see `serveOrders`): it knows itself who it is, and the token. */
export function startOn({ socket }: OrderSocket, { spec, processes }: PeerOrder): PeerChannel {
  const { index, addresses, digest, connectMs } = processes;
  const order: Order = { type: 'run', spec, digest, connectMs };
  socket.write(`${JSON.stringify(order)}\n`);
  const chunks: Buffer[] = [];
  const report = new Promise<PeerResults>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => {
      try {
        settle(deserialize(Buffer.concat(chunks)) as PeerReport, resolve, reject);
      } catch {
        reject(new Error(`process ${index} at ${addressText(addresses[index]!)} ended before it was done`));
      }
    });
  });
  return { report, end: () => socket.destroy() };
}

function settle(report: PeerReport, resolve: (results: PeerResults) => void, reject: (error: Error) => void): void {
  if (report.type === 'results') {
    resolve(report);
    return;
  }
  const error = new Error(report.message);
  error.stack = report.stack;
  reject(error);
}

/** A word of a shell's command line. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function endChild(child: ChildProcess): void {
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
