/** The launcher: runs a program on worker threads of this process, and gathers the results. */
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
  type SharedBlocks,
  type StartMessage,
  type ThreadData,
  type WorkerMessage,
} from './messages.ts';
import { Parking, parkingBytes } from './parking.ts';
import { STATS_PER_WORKER } from './program.ts';
import { checkSameGraph } from './same-graph.ts';
import { Watchdog } from './watchdog.ts';

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
  /** Workers, at least 1. */
  readonly peers: number;
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
   * The results by worker, once all outputs are closed. All threads have ended when the promise settles.
   *
   * @throws {LaunchError} when a worker fails, or when the signal aborts the run.
   * @throws {StallError} when the dataflow makes no progress although records or bins wait.
   * @throws {GraphError} when the workers built different graphs.
   */
  readonly results: Promise<R[]>;
  /** The frontier of every output by worker; empty until the graphs are built. Disturbs nobody. */
  frontiers(): OutputFrontier[];
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
    const shared = allocateBlocks(options);
    cells = new FrontierCells(peers, shared.cells);
    return runThreads<R>(options, shared, outputs, frontiers);
  };
  const results = start();
  // A caller may look at the results late; a rejection is not lost by that, and must not end the process before.
  results.catch(() => undefined);
  return { results, frontiers };
}

function allocateBlocks({ peers, heapBytes = defaultHeapBytes(totalmem()) }: LaunchOptions): SharedBlocks {
  if (!Number.isInteger(peers) || peers < 1) throw new EngineError(`workers: ${peers}; expected an integer from 1 on`);
  if (!(heapBytes > 0)) throw new EngineError(`heapBytes: ${heapBytes}; expected a number above 0`);
  return {
    control: new SharedArrayBuffer(CONTROL_BYTES),
    startMs: new SharedArrayBuffer(8),
    parking: new SharedArrayBuffer(parkingBytes(peers)),
    stats: new SharedArrayBuffer(peers * STATS_PER_WORKER * 8),
    cells: new SharedArrayBuffer(FrontierCells.byteLength(peers)),
    heap: allocateHeap(heapBytes),
  };
}

async function runThreads<R>(
  options: LaunchOptions,
  shared: SharedBlocks,
  outputs: string[],
  frontiers: () => OutputFrontier[],
): Promise<R[]> {
  const { peers, signal, stallMs = STALL_MS } = options;
  const threads = await startThreads(options, shared);
  const parking = new Parking(shared.parking, peers);
  const stopAll = (): void => {
    const control = new Int32Array(shared.control);
    Atomics.store(control, CONTROL.abort, 1);
    parking.wakeAll();
  };
  const gathering = new Gathering<R>(threads, options, shared.stats, outputs);
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
    throw error;
  } finally {
    clearInterval(watch);
    signal?.removeEventListener('abort', abort);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Starts all threads, or none: what one of them does not accept ends the others. */
async function startThreads(options: LaunchOptions, shared: SharedBlocks): Promise<Thread[]> {
  const { peers, module, program, args, tickNs = 1000, settings = {} } = options;
  const threads: Thread[] = [];
  try {
    for (let worker = 0; worker < peers; worker++) {
      const workerData: ThreadData = { worker, peers, module: module.href, program, args, tickNs, settings, shared };
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
  readonly #threads: readonly Thread[];
  readonly #options: LaunchOptions;
  readonly #stats: SharedArrayBuffer;
  readonly #outputs: string[];
  readonly #resolve: (results: R[]) => void;
  readonly #built: Extract<WorkerMessage, { type: 'built' }>[] = [];
  readonly #gathered: R[] = [];
  readonly #finished = new Set<number>();
  #builtCount = 0;
  #startedCount = 0;

  constructor(threads: readonly Thread[], options: LaunchOptions, stats: SharedArrayBuffer, outputs: string[]) {
    this.#threads = threads;
    this.#options = options;
    this.#stats = stats;
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
        reject(new LaunchError(`worker ${worker}: ${error.message}`, error.stack ?? null, false));
      });
      thread.on('exit', (code) => {
        if (!this.#finished.has(worker)) {
          reject(new LaunchError(`worker ${worker}: the thread ended early with code ${code}`, null, false));
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
        if (this.#finished.size === peers) this.#resolve(this.#gathered);
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
      built.map((_, worker) => new Float64Array(this.#stats, worker * STATS_PER_WORKER * 8, STATS_PER_WORKER)),
    );
    for (const thread of this.#threads) {
      const message: StartMessage = { type: 'start', rings };
      thread.postMessage(message);
    }
  }
}

/**
 * Bytes of state that workers can hold together by default on a machine of `machineBytes` bytes: most of its memory, as pages of
 * the heap that are never touched cost nothing.
 */
export function defaultHeapBytes(machineBytes: number): number {
  return Math.min(2 ** 34, Math.floor(machineBytes * 0.6));
}
