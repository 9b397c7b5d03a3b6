/**
 * What the dataflow needs of a transport: single-producer single-consumer queues of batches between workers, and the
 * frontier cells. Threads share memory; links between processes stand behind the same interface.
 */
import type { Batch } from './batch.ts';
import type { ColumnTypes, Schema } from './schema.ts';

/** One exchange or broadcast channel: it joins every worker's output with every worker's input. */
export interface ChannelSpec<C extends ColumnTypes = ColumnTypes> {
  /** Index of the channel in the dataflow, the same on all workers. */
  readonly id: number;
  /** For errors and logs: producing and consuming operator. */
  readonly name: string;
  /** Columns of the batches. */
  readonly schema: Schema<C>;
  /** Records that a slot holds, a multiple of 8. */
  readonly rows: number;
  /** Slots of the ring between two workers, a power of two. */
  readonly slots: number;
  /** Index of the output whose batches it carries. */
  readonly output: number;
  /** Whether the batches are extent frames (extent-frames.ts), and a link sends what they name. */
  readonly namesExtents: boolean;
}

/** The sending end of one (channel, sender, receiver). */
export interface BatchSender<C extends ColumnTypes = ColumnTypes> {
  /** Whether the receiver sees the extents of this worker's state (see `Extents`). */
  readonly sharesExtents: boolean;
  /** The next free batch to be filled, empty; null when the receiver has released none. The same until `publish`. */
  reserve(): Batch<C> | null;
  /** Hands the reserved batch over. Its frontier cell may be raised only afterwards. */
  publish(): void;
}

/** The receiving end of one (channel, sender, receiver), or of a pipeline: a queue of batches. */
export interface BatchReceiver<C extends ColumnTypes = ColumnTypes> {
  /** Most batches that it can hold. */
  readonly capacity: number;
  /** Whether a full queue holds up all else that the sender sends: batches of other channels, and raises of its cells. */
  readonly holdsUpSender: boolean;
  /** Counts the batches that can be read now. Frontier cells must have been read before. */
  available(): number;
  /** The i-th of them, valid until it is released. */
  at(i: number): Batch<C>;
  /** Releases the first `count` of them. */
  release(count: number): void;
}

/** What joins one worker with its peers. */
export interface Transport {
  /** The end that sends to worker `to`. */
  sender<C extends ColumnTypes>(channel: ChannelSpec<C>, to: number): BatchSender<C>;
  /** The end that receives from worker `from`. */
  receiver<C extends ColumnTypes>(channel: ChannelSpec<C>, from: number): BatchReceiver<C>;
}
