/** The live page and metrics, served by a process of its own, which ends with this one. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage-error.ts';

/** What is served. */
export interface LiveRequest {
  /** Port of the page; 0 is any that is free, undefined is no page. */
  readonly page: number | undefined;
  /** Port of the metrics; undefined is none. */
  readonly metrics: number | undefined;
}

/** Exit code of the server when it cannot have a port. */
const NO_PORT = 2;

/** The server. */
export interface LiveServer {
  /** Tells open pages what has happened meanwhile, and ends it. */
  close(): Promise<void>;
  /** Settles when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/**
 * Starts to serve what goes on in a folder of results, which need not exist yet.
 *
 * @param onlyProcess - the process whose sweeps are shown; undefined for those of all
 * @param print - given a line about each address
 * @throws {UsageError} when a port cannot be had
 */
export async function serveLive(
  folder: string,
  { page, metrics }: LiveRequest,
  onlyProcess: number | undefined,
  print: (line: string) => void,
): Promise<LiveServer> {
  const args = [
    folder,
    ...(page === undefined ? [] : ['--page', String(page)]),
    ...(metrics === undefined ? [] : ['--metrics', String(metrics)]),
    ...(onlyProcess === undefined ? [] : ['--process', String(onlyProcess)]),
  ];
  const program = fileURLToPath(new URL('../../plots/live/serve.ts', import.meta.url));
  // Node warns that it strips types on request, by which the page's scripts are made.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], { stdio: 'pipe' });
  child.stdin.on('error', () => {});
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([new Promise<string>((resolve) => lines.once('line', resolve)), ended]);
  if (typeof first !== 'string') {
    if (first === NO_PORT) throw new UsageError(complaint.trim());
    throw new Error(complaint.trim() || `the live server ended with exit code ${first}`);
  }
  const addresses = JSON.parse(first) as { readonly page?: string; readonly metrics?: string };
  if (addresses.page !== undefined) print(`live page: ${addresses.page}`);
  if (addresses.metrics !== undefined) print(`metrics: ${addresses.metrics}`);
  return {
    ended: ended.then(() => undefined),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/**
 * Does some work, the sweeps of which are served meanwhile where that was asked for.
 *
 * @param folder - where results go
 * @param print - given a line about each address
 * @throws {UsageError} when a port cannot be had, before the work begins
 */
export async function servedMeanwhile<T>(
  request: LiveRequest,
  folder: string,
  print: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  if (request.page === undefined && request.metrics === undefined) return work();
  const server = await serveLive(folder, request, process.pid, print);
  return work().finally(() => server.close());
}
