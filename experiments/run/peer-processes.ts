/** The other processes of a run on this machine: started, and ended, by its first process. */
import { createHash, randomBytes } from 'node:crypto';
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ProcessOptions } from 'megaphone-engine/runtime';
import type { RunSpec } from '../config/run-spec.ts';
import type { WorkerResult } from './dataflow.ts';
import type { Observed } from './observation.ts';

/** First process to another: take part in this run. */
export interface PeerOrder {
  /** What to run. */
  readonly spec: RunSpec;
  /** Who it is, and where the others are. */
  readonly processes: ProcessOptions;
}

/** Another process to the first. */
export type PeerReport =
  | { readonly type: 'results'; readonly results: readonly WorkerResult[]; readonly observed: Observed }
  | { readonly type: 'failed'; readonly message: string; readonly stack: string };

const HOST = '127.0.0.1';

/** How long processes of one machine wait for each other. */
const CONNECT_MS = 30_000;

/** The processes with the index 1 and above. */
export class PeerProcesses {
  /** What the first process is. */
  readonly ownOptions: ProcessOptions;
  /** What was observed in the others, by process from 1 on; empty until they have ended. */
  readonly observed: Observed[] = [];
  readonly #children: readonly ChildProcess[];
  readonly #reports: readonly Promise<Extract<PeerReport, { type: 'results' }>>[];

  /** Starts the other processes of a run; undefined when it has a single one. */
  static async start(spec: RunSpec): Promise<PeerProcesses | undefined> {
    const { processes } = spec.topology;
    if (processes === 1) return undefined;
    const addresses = (await freePorts(processes)).map((port) => ({ host: HOST, port }));
    const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex');
    return new PeerProcesses(spec, { index: 0, addresses, token: randomBytes(32).toString('hex'), digest, connectMs: CONNECT_MS }); // prettier-ignore
  }

  private constructor(spec: RunSpec, own: ProcessOptions) {
    this.ownOptions = own;
    this.#children = own.addresses.slice(1).map((_, index) => {
      const program = fileURLToPath(new URL('./peer-process.ts', import.meta.url));
      const child = fork(program, { execArgv: process.execArgv, serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }); // prettier-ignore
      const order: PeerOrder = { spec, processes: { ...own, index: index + 1 } };
      // One that died before it could listen is reported by its exit.
      child.send(order, () => {});
      return child;
    });
    this.#reports = this.#children.map((child, index) => reportOf(child, index + 1));
    // They are awaited when the run of the first process has ended.
    for (const report of this.#reports) report.catch(() => undefined);
  }

  /**
   * The results of all workers, when `own` are those of the first process.
   *
   * @throws {Error} the error of the process that failed first
   */
  async withResults(own: Promise<WorkerResult[]>): Promise<WorkerResult[]> {
    let first: WorkerResult[];
    try {
      first = await own;
    } catch (error) {
      // The first process only knows that another one stopped; that one knows the stack.
      const fault = await Promise.race([this.#firstFault(), new Promise((resolve) => setTimeout(resolve, 1000))]);
      throw fault instanceof Error ? fault : error;
    }
    const reports = await Promise.all(this.#reports);
    this.observed.push(...reports.map(({ observed }) => observed));
    return [...first, ...reports.flatMap(({ results }) => results)];
  }

  /** Ends what is left of them. */
  end(): void {
    for (const child of this.#children) if (child.exitCode === null) child.kill('SIGKILL');
  }

  /** The error with a stack of its own of the others, if one has failed; never settles otherwise. */
  async #firstFault(): Promise<Error> {
    return new Promise((resolve) => {
      for (const report of this.#reports) {
        report.catch((error: Error) => {
          if (!/^process \d+ (?:stopped|was lost)/u.test(error.message)) resolve(error);
        });
      }
    });
  }
}

function reportOf(child: ChildProcess, index: number): Promise<Extract<PeerReport, { type: 'results' }>> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('message', (report: PeerReport) => {
      if (report.type === 'results') {
        resolve(report);
        return;
      }
      const error = new Error(report.message);
      error.stack = report.stack;
      reject(error);
    });
    child.on('exit', (code, signal) => {
      reject(new Error(`process ${index} of the run ended with ${signal ?? `exit code ${code}`} before it was done`));
    });
  });
}

/** Ports that nobody uses at this moment. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, HOST, resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
