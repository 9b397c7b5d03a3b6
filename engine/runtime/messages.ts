/** Every message between the launching thread and worker threads, and the words of their shared control block. */
import type { DataflowSettings } from '../dataflow/scope.ts';
import type { SharedRings } from '../transport/shared-memory.ts';

/** Words of the shared control block (Int32). */
export const CONTROL = {
  /** Set to 1 to make every worker stop at once. */
  abort: 0,
  /** Workers that have reached the start barrier. */
  arrived: 1,
  /** Set to 1 when the clock starts. */
  started: 2,
} as const;

/** Bytes of the control block. */
export const CONTROL_BYTES = 64;

/** Memory that all workers of a run share from the beginning. */
export interface SharedBlocks {
  /** The control block. */
  readonly control: SharedArrayBuffer;
  /** One Float64: `performance.now()` of FIRST_TICK, valid once `CONTROL.started` is set. */
  readonly startMs: SharedArrayBuffer;
  /** The words of `Parking`. */
  readonly parking: SharedArrayBuffer;
  /** `STATS_PER_WORKER` Float64s per worker. */
  readonly stats: SharedArrayBuffer;
  /** The frontier cells. */
  readonly cells: SharedArrayBuffer;
  /** The heap of state (see `Extents`). */
  readonly heap: SharedArrayBuffer;
}

/** What a worker thread is born with. */
export interface ThreadData {
  /** Index of the worker. */
  readonly worker: number;
  /** Workers in all. */
  readonly peers: number;
  /** URL of the module that exports the program. */
  readonly module: string;
  /** Name of the export. */
  readonly program: string;
  /** The program's arguments. */
  readonly args: unknown;
  /** Nanoseconds per tick. */
  readonly tickNs: number;
  /** Sizes of batches and rings. */
  readonly settings: Partial<DataflowSettings>;
  /** What it shares with the others. */
  readonly shared: SharedBlocks;
}

/** From the launching thread: connect and run. */
export interface StartMessage {
  /** Tells the messages apart. */
  readonly type: 'start';
  /** The rings of all channels. */
  readonly rings: SharedRings;
}

/** From a worker thread. */
export type WorkerMessage =
  | {
      /** The graph was built; `text` is the same on all workers when they built the same graph. */
      readonly type: 'built';
      /** Bytes of all rings, by channel. */
      readonly ringSizes: readonly number[];
      /** Names of the operator outputs, by index. */
      readonly outputs: readonly string[];
      readonly text: string;
      /** Thread id of the operating system; null where it cannot be told. */
      readonly threadId: number | null;
    }
  | { /** The clock has started. */ readonly type: 'started'; readonly startMs: number }
  | { /** The dataflow has finished. */ readonly type: 'result'; readonly result: unknown }
  | { /** Stopped because of an abort. */ readonly type: 'aborted' }
  | {
      /** An error, with the worker's and the operator's name in the message. */
      readonly type: 'failed';
      readonly message: string;
      readonly stack: string;
    };
