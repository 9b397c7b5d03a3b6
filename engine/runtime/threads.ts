/** The launcher: runs a program on worker threads of this process, and gathers the results. */
import { Worker as Thread } from 'node:worker_threads';

import type { DataflowSettings } from '../dataflow/scope.ts';
import { EngineError } from '../progress/engine-error.ts';
import { allocateShared } from '../transport/shared-memory.ts';
import { CONTROL, CONTROL_BYTES, type StartMessage, type ThreadData, type WorkerMessage } from './messages.ts';
import { Parking, parkingBytes } from './parking.ts';
import { STATS_PER_WORKER } from './program.ts';
import { checkSameGraph } from './same-graph.ts';

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
  /** Stops the run when aborted. */
  readonly signal?: AbortSignal;
  /** Called when all workers have built their graphs. */
  readonly onBuilt?: (threadIds: readonly (number | null)[], stats: readonly Float64Array[]) => void;
  /** Called when the clock has started; `startMs` is the `performance.now()` of FIRST_TICK. */
  readonly onStarted?: (startMs: number) => void;
}

/** A run that did not finish: an error on a worker (with its stack), or an abort. */
export class LaunchError extends EngineError {
  override readonly name = 'LaunchError';
  /** Whether the run was aborted by the caller's signal. */
  readonly aborted: boolean;

  /** An error with the stack of the worker, where there is one. */
  constructor(message: string, stack: string | null, aborted: boolean) {
    super(message);
    if (stack !== null) this.stack = stack;
    this.aborted = aborted;
  }
}

/**
 * Runs a program on `peers` worker threads until all its outputs are closed; returns the results by worker.
 *
 * @throws {LaunchError} when a worker fails, or when the signal aborts the run. All threads have ended then.
 * @throws {GraphError} when the workers built different graphs.
 */
export async function launch<R>(options: LaunchOptions): Promise<R[]> {
  const { peers } = options;
  if (!Number.isInteger(peers) || peers < 1) throw new EngineError(`workers: ${peers}; expected an integer from 1 on`);
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const startMs = new SharedArrayBuffer(8);
  const parking = new SharedArrayBuffer(parkingBytes(peers));
  const stats = new SharedArrayBuffer(peers * STATS_PER_WORKER * 8);
  const threads = Array.from({ length: peers }, (_, worker) => {
    const workerData: ThreadData = {
      worker,
      peers,
      module: options.module.href,
      program: options.program,
      args: options.args,
      tickNs: options.tickNs ?? 1000,
      settings: options.settings ?? {},
      control,
      startMs,
      parking,
      stats,
    };
    return new Thread(new URL('./thread-main.ts', import.meta.url), { workerData, name: `worker-${worker}` });
  });
  const stopAll = (): void => {
    Atomics.store(new Int32Array(control), CONTROL.abort, 1);
    Atomics.notify(new Int32Array(control), CONTROL.started);
    new Parking(parking, peers).wakeAll();
  };
  options.signal?.addEventListener('abort', stopAll);
  try {
    return await gather<R>(threads, options, stats);
  } catch (error) {
    stopAll();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stopAll);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Follows the threads' messages from the building of the graphs to the results. */
function gather<R>(threads: readonly Thread[], options: LaunchOptions, stats: SharedArrayBuffer): Promise<R[]> {
  const peers = threads.length;
  const built: Extract<WorkerMessage, { type: 'built' }>[] = [];
  const results: R[] = [];
  const finished = new Set<number>();
  let builtCount = 0;
  let startedCount = 0;
  return new Promise((resolve, reject) => {
    const refuse = (): void => reject(new LaunchError('the run was aborted', null, true));
    if (options.signal?.aborted === true) refuse();
    options.signal?.addEventListener('abort', refuse);
    const onMessage = (worker: number, message: WorkerMessage): void => {
      switch (message.type) {
        case 'built':
          built[worker] = message;
          if (++builtCount === peers) start(threads, built, options, stats);
          return;
        case 'started':
          if (++startedCount === 1) options.onStarted?.(message.startMs);
          return;
        case 'result':
          results[worker] = message.result as R;
          finished.add(worker);
          if (finished.size === peers) resolve(results);
          return;
        case 'aborted':
          refuse();
          return;
        case 'failed':
          reject(new LaunchError(message.message, message.stack, false));
      }
    };
    threads.forEach((thread, worker) => {
      thread.on('message', (message: WorkerMessage) => {
        try {
          onMessage(worker, message);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      thread.on('error', (error: Error) => {
        reject(new LaunchError(`worker ${worker}: ${error.message}`, error.stack ?? null, false));
      });
      thread.on('exit', (code) => {
        if (!finished.has(worker)) {
          reject(new LaunchError(`worker ${worker}: the thread ended early with code ${code}`, null, false));
        }
      });
    });
  });
}

function start(
  threads: readonly Thread[],
  built: readonly Extract<WorkerMessage, { type: 'built' }>[],
  options: LaunchOptions,
  stats: SharedArrayBuffer,
): void {
  const first = built[0]!;
  checkSameGraph(built.map(({ text }) => text));
  const buffers = allocateShared(first.sizes);
  options.onBuilt?.(
    built.map((message) => message.threadId),
    built.map((_, worker) => new Float64Array(stats, worker * STATS_PER_WORKER * 8, STATS_PER_WORKER)),
  );
  for (const thread of threads) {
    const message: StartMessage = { type: 'start', buffers };
    thread.postMessage(message);
  }
}
