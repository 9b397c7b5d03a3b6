/** The launcher: runs a program on worker threads of this process, alone or with those of other processes, and gathers the results. */
import { once } from 'node:events';
import { totalmem } from 'node:os';
import { Worker as Thread } from 'node:worker_threads';

import { allocateHeap } from '../dataflow/extents.ts';
import type { DataflowSettings } from '../dataflow/scope.ts';
import { EngineError } from '../progress/engine-error.ts';
import { FrontierCells } from '../progress/frontier-cells.ts';
import { allocateRings } from '../transport/shared-memory.ts';
import { describeFrontiers, type OutputFrontier, readFrontiers } from './frontiers.ts';
import {
  CONTROL,
  CONTROL_BYTES,
  type LinkCommand,
  type LinkMessage,
  type LinkThreadData,
  type ProcessOptions,
  type SharedBlocks,
  type StartMessage,
  type ThreadData,
  type WorkerMessage,
} from './messages.ts';
import { Parking, parkingBytes } from './parking.ts';
import { STATS_PER_WORKER } from './program.ts';
import { checkSameGraph } from './same-graph.ts';
import { Watchdog } from './watchdog.ts';

/** How long the other processes are given to hear why this one stops. */
const STOP_MS = 500;

/** Default of `LaunchOptions.stallMs`. */
const STALL_MS = 5000;

/** What to run and how. */
export interface LaunchOptions {
  /** The module that exports the program; loaded by every worker thread. */
  readonly module: URL;
  /** Name of the exported program. */
  readonly program: string;
  /** Arguments of the program; cloned for every worker. */
  readonly args: unknown;
  /** Workers, at least 1; of all processes, each of which has as many. */
  readonly peers: number;
  /** The processes that the workers are in; by default this one has all. */
  readonly processes?: ProcessOptions;
  /**
   * Nanoseconds per tick.
   *
   * @default 1000
   */
  readonly tickNs?: number;
  /** Sizes of batches and rings. */
  readonly settings?: Partial<DataflowSettings>;
  /**
   * Bytes of state that the workers can hold together, at most 16 GiB.
   *
   * @default 60 % of the machine's memory
   */
  readonly heapBytes?: number;
  /**
   * Milliseconds without any progress, while records or bins wait for a frontier or for room, after which the run fails.
   *
   * @default 5000
   */
  readonly stallMs?: number;
  /** Stops the run when aborted. */
  readonly signal?: AbortSignal;
  /** Called when all workers have built their graphs. */
  readonly onBuilt?: (threadIds: readonly (number | null)[], stats: readonly Float64Array[]) => void;
  /**
   * Called when all processes are connected: how far the clock on the wall of process 0 is ahead of this one's, known to half of the
   * quickest way there and back; both 0 in process 0.
   */
  readonly onConnected?: (wallOffsetMs: number, roundTripMs: number) => void;
  /** Given a line about something that does not stop the run, such as a foreign connection. */
  readonly onNote?: (line: string) => void;
  /** Called when the clock has started; `startMs` is the `performance.now()` of FIRST_TICK. */
  readonly onStarted?: (startMs: number) => void;
}

/** A run that did not finish: an error on a worker (with its stack), or an abort. */
export class LaunchError extends EngineError {
  override readonly name: string = 'LaunchError';
  /** Whether the run was aborted by the caller's signal. */
  readonly aborted: boolean;

  /** An error with the stack of the worker, where there is one. */
  constructor(message: string, stack: string | null, aborted: boolean) {
    super(message);
    if (stack !== null) this.stack = stack;
    this.aborted = aborted;
  }
}

/** A dataflow that makes no progress although records or bins wait. The message holds every frontier. */
export class StallError extends LaunchError {
  override readonly name = 'StallError';

  /** A stall that the watchdog has seen. */
  constructor(stallMs: number, frontiers: readonly OutputFrontier[]) {
    super(
      `no frontier rose for ${stallMs / 1e3} s while records or bins wait; frontiers by worker: ` +
        describeFrontiers(frontiers),
      null,
      false,
    );
  }
}

/** A dataflow on threads. */
export interface Launched<R> {
  /**
   * The results by worker of this process, once all outputs are closed. All threads have ended when the promise settles.
   *
   * @throws {LaunchError} when a worker fails, or when the signal aborts the run.
   * @throws {StallError} when the dataflow makes no progress although records or bins wait.
   * @throws {GraphError} when the workers built different graphs.
   */
  readonly results: Promise<R[]>;
  /** The frontier of every output by worker; empty until the graphs are built. Disturbs nobody. */
  frontiers(): OutputFrontier[];
}

/** The workers of this process. */
interface LocalWorkers {
  readonly first: number;
  readonly count: number;
}

/**
 * Which workers are in this process.
 *
 * @throws {EngineError} when the processes cannot have as many workers each, or would be open to anybody
 */
function localWorkers({ peers, processes }: LaunchOptions): LocalWorkers {
  if (!Number.isInteger(peers) || peers < 1) throw new EngineError(`workers: ${peers}; expected an integer from 1 on`);
  if (processes === undefined) return { first: 0, count: peers };
  const { index, addresses, token } = processes;
  const count = peers / addresses.length;
  if (!Number.isInteger(count) || count < 1) {
    throw new EngineError(`${peers} workers in ${addresses.length} processes; expected as many in each`);
  }
  if (addresses[index] === undefined) throw new EngineError(`process ${index}; expected 0 to ${addresses.length - 1}`);
  const open = addresses.find(({ host }) => !isLoopback(host));
  if (open !== undefined && token === '') throw new EngineError(`${open.host} is not the loopback; expected a token`);
  return { first: index * count, count };
}

/** Whether nobody outside of the machine reaches a host. */
export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d+){3}|::1|localhost)$/u.test(host);
}

/** Words of parking: those of the workers, and of the link thread where there is one. */
function parkingWords({ peers }: LaunchOptions, { count }: LocalWorkers): number {
  return count < peers ? count + 1 : count;
}

/** Time between two looks of the watchdog. */
const WATCH_MS = 1000;

/** Starts a program on `peers` worker threads. What is wrong with the options rejects the results. */
export function launch<R>(options: LaunchOptions): Launched<R> {
  const { peers } = options;
  let cells: FrontierCells | null = null;
  const outputs: string[] = [];
  const frontiers = (): OutputFrontier[] => (cells === null ? [] : readFrontiers(outputs, cells));
  const start = async (): Promise<R[]> => {
    const local = localWorkers(options);
    const shared = allocateBlocks(options, local);
    cells = new FrontierCells(peers, shared.cells);
    return runThreads<R>(options, local, shared, outputs, frontiers);
  };
  const results = start();
  // A caller may look at the results late; a rejection is not lost by that, and must not end the process before.
  results.catch(() => undefined);
  return { results, frontiers };
}

function allocateBlocks(options: LaunchOptions, local: LocalWorkers): SharedBlocks {
  const { peers, heapBytes = defaultHeapBytes(totalmem()) } = options;
  if (!(heapBytes > 0)) throw new EngineError(`heapBytes: ${heapBytes}; expected a number above 0`);
  return {
    control: new SharedArrayBuffer(CONTROL_BYTES),
    startMs: new SharedArrayBuffer(8),
    parking: new SharedArrayBuffer(parkingBytes(parkingWords(options, local))),
    stats: new SharedArrayBuffer(local.count * STATS_PER_WORKER * 8),
    cells: new SharedArrayBuffer(FrontierCells.byteLength(peers)),
    heap: allocateHeap(heapBytes),
  };
}

async function runThreads<R>(
  options: LaunchOptions,
  local: LocalWorkers,
  shared: SharedBlocks,
  outputs: string[],
  frontiers: () => OutputFrontier[],
): Promise<R[]> {
  const { signal, stallMs = STALL_MS } = options;
  const threads = await startThreads(options, local, shared);
  const parking = new Parking(shared.parking, parkingWords(options, local));
  const stopAll = (): void => {
    const control = new Int32Array(shared.control);
    Atomics.store(control, CONTROL.abort, 1);
    parking.wakeAll();
  };
  const gathering = new Gathering<R>(threads, options, local.first, shared, outputs);
  const abort = (): void => {
    stopAll();
    gathering.refuse(new LaunchError('the run was aborted', null, true));
  };
  const watchdog = new Watchdog(parking, stallMs, performance.now());
  const watch = setInterval(() => {
    if (watchdog.stalled(performance.now())) gathering.refuse(new StallError(stallMs, frontiers()));
  }, WATCH_MS);
  signal?.addEventListener('abort', abort);
  try {
    if (signal?.aborted === true) abort();
    return await gathering.results;
  } catch (error) {
    stopAll();
    await gathering.stopLink(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    clearInterval(watch);
    signal?.removeEventListener('abort', abort);
    await gathering.link?.terminate();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Starts all threads, or none: what one of them does not accept ends the others. */
async function startThreads(options: LaunchOptions, local: LocalWorkers, shared: SharedBlocks): Promise<Thread[]> {
  const { peers, module, program, args, tickNs = 1000, settings = {} } = options;
  const threads: Thread[] = [];
  try {
    for (let worker = local.first; worker < local.first + local.count; worker++) {
      const workerData: ThreadData = {
        worker,
        peers,
        local,
        module: module.href,
        program,
        args,
        tickNs,
        settings,
        shared,
      };
      threads.push(new Thread(new URL('./thread-main.ts', import.meta.url), { workerData, name: `worker-${worker}` }));
    }
  } catch (error) {
    await Promise.all(threads.map((thread) => thread.terminate()));
    throw error;
  }
  return threads;
}

/** Follows the threads' messages from the building of the graphs to the results. */
class Gathering<R> {
  /** The results by worker. */
  readonly results: Promise<R[]>;
  /** Ends the gathering with an error. */
  readonly refuse: (error: Error) => void;
  /** The thread that carries everything to other processes. */
  link: Thread | undefined;
  readonly #threads: readonly Thread[];
  readonly #options: LaunchOptions;
  readonly #shared: SharedBlocks;
  readonly #outputs: string[];
  readonly #resolve: (results: R[]) => void;
  readonly #built: Extract<WorkerMessage, { type: 'built' }>[] = [];
  readonly #gathered: R[] = [];
  readonly #finished = new Set<number>();
  #builtCount = 0;
  #startedCount = 0;

  constructor(
    threads: readonly Thread[],
    options: LaunchOptions,
    firstWorker: number,
    shared: SharedBlocks,
    outputs: string[],
  ) {
    this.#threads = threads;
    this.#options = options;
    this.#shared = shared;
    this.#outputs = outputs;
    const { promise, resolve, reject } = Promise.withResolvers<R[]>();
    this.results = promise;
    this.#resolve = resolve;
    this.refuse = reject;
    threads.forEach((thread, worker) => {
      thread.on('message', (message: WorkerMessage) => {
        try {
          this.#hear(worker, message);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      thread.on('error', (error: Error) => {
        reject(new LaunchError(`worker ${firstWorker + worker}: ${error.message}`, error.stack ?? null, false));
      });
      thread.on('exit', (code) => {
        if (!this.#finished.has(worker)) {
          reject(
            new LaunchError(`worker ${firstWorker + worker}: the thread ended early with code ${code}`, null, false),
          );
        }
      });
    });
  }

  #hear(worker: number, message: WorkerMessage): void {
    const peers = this.#threads.length;
    switch (message.type) {
      case 'built':
        this.#built[worker] = message;
        if (++this.#builtCount === peers) this.#start();
        return;
      case 'started':
        if (++this.#startedCount === 1) this.#options.onStarted?.(message.startMs);
        return;
      case 'result':
        this.#gathered[worker] = message.result as R;
        this.#finished.add(worker);
        if (this.#finished.size < peers) return;
        if (this.link === undefined) this.#resolve(this.#gathered);
        else this.link.postMessage({ type: 'finish' } satisfies LinkCommand);
        return;
      case 'aborted':
        this.refuse(new LaunchError('the run was aborted', null, true));
        return;
      case 'failed':
        this.refuse(new LaunchError(message.message, message.stack, false));
    }
  }

  #start(): void {
    const built = this.#built;
    const first = built[0]!;
    checkSameGraph(built.map(({ text }) => text));
    this.#outputs.push(...first.outputs);
    const rings = allocateRings(first.ringSizes);
    this.#options.onBuilt?.(
      built.map(({ threadId }) => threadId),
      built.map((_, worker) => new Float64Array(this.#shared.stats, worker * STATS_PER_WORKER * 8, STATS_PER_WORKER)),
    );
    const go = (): void => {
      for (const thread of this.#threads) thread.postMessage({ type: 'start', rings } satisfies StartMessage);
    };
    const { processes, peers } = this.#options;
    if (processes === undefined || processes.addresses.length === 1) {
      go();
      return;
    }
    const { channels, outputs, text } = first;
    const workerData: LinkThreadData = {
      processes,
      peers,
      channels,
      outputs: outputs.length,
      text,
      shared: this.#shared,
      rings,
    };
    this.link = new Thread(new URL('./link-thread.ts', import.meta.url), { workerData, name: 'links' });
    this.link.on('message', (message: LinkMessage) => this.#hearLink(message, go));
    this.link.on('error', (error: Error) =>
      this.refuse(new LaunchError(`links: ${error.message}`, error.stack ?? null, false)),
    );
  }

  #hearLink(message: LinkMessage, go: () => void): void {
    switch (message.type) {
      case 'connected':
        this.#options.onConnected?.(message.wallOffsetMs, message.roundTripMs);
        go();
        return;
      case 'note':
        this.#options.onNote?.(message.message);
        return;
      case 'failed':
        this.refuse(new LaunchError(message.message, null, false));
        return;
      case 'closed':
        this.#resolve(this.#gathered);
    }
  }

  /** Tells the other processes why this one stops, and ends the link. */
  async stopLink(reason: string): Promise<void> {
    const { link } = this;
    if (link === undefined) return;
    const ended = once(link, 'exit');
    link.postMessage({ type: 'abort', reason: reason.split('\n', 1)[0]! } satisfies LinkCommand);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
  }
}

/**
 * Bytes of state that workers can hold together by default on a machine of `machineBytes` bytes: most of its memory, as pages of
 * the heap that are never touched cost nothing.
 */
export function defaultHeapBytes(machineBytes: number): number {
  return Math.min(2 ** 34, Math.floor(machineBytes * 0.6));
}
