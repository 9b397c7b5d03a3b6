/** Every message between the launching thread and worker threads, and the words of their shared control block. */
import type { DataflowSettings } from '../dataflow/scope.ts';
import type { ColumnTypes } from '../dataflow/schema.ts';
import type { ChannelSpec } from '../dataflow/transport.ts';
import type { SharedRings } from '../transport/shared-memory.ts';

/** Words of the shared control block (Int32). */
export const CONTROL = {
  /** Set to 1 to make every worker stop at once. */
  abort: 0,
  /** Workers that have reached the start barrier. */
  arrived: 1,
  /** Set to 1 when the clock starts. */
  started: 2,
  /** Set to 1 when all workers of this process have reached the start barrier, and others have to be waited for. */
  ready: 3,
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
  /** The first worker of this process, and how many it has. */
  readonly local: { readonly first: number; readonly count: number };
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

/** A channel without its methods: `ChannelSpec` with the columns of its schema. */
export interface ChannelDescription extends Omit<ChannelSpec, 'schema'> {
  /** Column names and their types. */
  readonly columns: ColumnTypes;
}

/** The processes of a dataflow, as one of them sees them. */
export interface ProcessOptions {
  /** Index of this process. */
  readonly index: number;
  /** Where each process listens, by index. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** Secret that all share; may be empty where all addresses are of the loopback. */
  readonly token: string;
  /** Digest of what all must agree on. */
  readonly digest: string;
  /** How long the others are waited for at the start, in milliseconds. */
  readonly connectMs: number;
}

/** What the thread that carries everything to other processes is born with. */
export interface LinkThreadData {
  /** The processes. */
  readonly processes: ProcessOptions;
  /** Workers in all. */
  readonly peers: number;
  /** All channels. */
  readonly channels: readonly ChannelDescription[];
  /** Operator outputs. */
  readonly outputs: number;
  /** The graph in words. */
  readonly text: string;
  /** What the workers of this process share. */
  readonly shared: SharedBlocks;
  /** The rings of all channels. */
  readonly rings: SharedRings;
}

/** To that thread: all local workers have finished, or have stopped because of an error. */
export type LinkCommand = { readonly type: 'finish' } | { readonly type: 'abort'; readonly reason: string };

/** From that thread. */
export type LinkMessage =
  | {
      /** All processes are there; how far the clock on the wall of process 0 is ahead of this one's. */
      readonly type: 'connected';
      readonly wallOffsetMs: number;
      readonly roundTripMs: number;
    }
  | { /** Something that is no fault of this run. */ readonly type: 'note'; readonly message: string }
  | {
      /** The run is over: a process was lost, or says something wrong. */ readonly type: 'failed';
      readonly message: string;
    }
  | { /** Everything has gone out and come in. */ readonly type: 'closed' };

/** From a worker thread. */
export type WorkerMessage =
  | {
      /** The graph was built; `text` is the same on all workers when they built the same graph. */
      readonly type: 'built';
      /** Bytes of all rings, by channel. */
      readonly ringSizes: readonly number[];
      /** Names of the operator outputs, by index. */
      readonly outputs: readonly string[];
      /** All channels. */
      readonly channels: readonly ChannelDescription[];
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
