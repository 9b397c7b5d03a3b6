/** Starts the processes of a dataflow on the loopback, for tests. */
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:net';
import type { LaunchOptions } from '../threads.ts';
import type { ProcessReport } from './process-main.ts';

/** Below the ports that a system gives to who connects, and where no other process of the tests looks. */
let nextPort = 2000 + (process.pid % 100) * 80;

/** Ports that nobody listens on; others each time. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (; ports.length < count; nextPort++) if (await isFree(nextPort)) ports.push(nextPort);
  return ports;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A process of the group. */
export interface GroupMember {
  readonly child: ChildProcess;
  /** Settles when the clock has started. */
  readonly started: Promise<void>;
  /** Lines that it was told about what does not stop it. */
  readonly notes: readonly string[];
  /** The results of its workers; rejects with its error, or when it ends without either. */
  readonly results: Promise<readonly unknown[]>;
}

/** What all processes of a group are given; `peers` counts the workers of all. */
export type GroupOptions = Omit<LaunchOptions, 'module' | 'processes'> & { readonly connectMs?: number };

/** Starts process `index` of those that listen on these ports. */
export function startMember(
  ports: readonly number[],
  index: number,
  options: GroupOptions,
  changes: object = {},
): GroupMember {
  const { connectMs = 20_000, ...rest } = options;
  const addresses = ports.map((port) => ({ host: '127.0.0.1', port }));
  const processes = { index, addresses, token: 'secret', digest: 'test', connectMs, ...changes };
  const child = fork(new URL('./process-main.ts', import.meta.url), { serialization: 'advanced' });
  const notes: string[] = [];
  const started = Promise.withResolvers<void>();
  const results = Promise.withResolvers<readonly unknown[]>();
  results.promise.catch(() => undefined);
  child.on('message', (report: ProcessReport) => {
    if (report.type === 'started') started.resolve();
    else if (report.type === 'note') notes.push(report.line);
    else if (report.type === 'results') results.resolve(report.results);
    else results.reject(new Error(report.message));
  });
  child.on('exit', (code, signal) => results.reject(new Error(`the process ended with ${signal ?? code}`)));
  child.send({ options: { ...rest, processes } });
  return { child, started: started.promise, notes, results: results.promise };
}

/** Starts as many processes as are wanted. */
export async function startGroup(processes: number, options: GroupOptions): Promise<GroupMember[]> {
  const ports = await freePorts(processes);
  return ports.map((_, index) => startMember(ports, index, options));
}
