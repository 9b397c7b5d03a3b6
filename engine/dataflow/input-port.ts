/**
 * The inputs of operators: the frontier and the batches that arrived, read in the order that makes them fit together.
 */
import type { FrontierCells } from '../progress/frontier-cells.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { type Batch, BatchPool } from './batch.ts';
import type { ColumnTypes, Schema } from './schema.ts';
import type { BatchReceiver } from './transport.ts';

/** Where the batches of an input come from. */
export interface InputOrigin<C extends ColumnTypes> {
  /** Operator and port, for errors. */
  readonly where: string;
  /** Columns that arrive. */
  readonly schema: Schema<C>;
  /** The frontier cells of the dataflow. */
  readonly cells: FrontierCells;
  /** Index of the output that the input follows. */
  readonly output: number;
  /** The worker whose output it follows; null for that of all workers. */
  readonly worker: number | null;
}

/** One input of one operator on one worker. */
export abstract class InputPort<C extends ColumnTypes = ColumnTypes> {
  /** Operator and port, for errors. */
  readonly where: string;
  /** Columns that arrive. */
  readonly schema: Schema<C>;
  /** Lower bound of the times that may still arrive after the batches that are here. Never falls. */
  frontier: Timestamp = 0;
  /** Queues of batches, by sending worker; connected when the dataflow starts. */
  readonly lanes: BatchReceiver<C>[] = [];
  protected readonly origin: InputOrigin<C>;

  /** An input that follows `origin`. */
  protected constructor(origin: InputOrigin<C>) {
    this.origin = origin;
    this.where = origin.where;
    this.schema = origin.schema;
  }

  /** Whether nothing can arrive any more. */
  get closed(): boolean {
    return this.frontier === CLOSED;
  }

  /** Reads the frontier, then the batches. Returns whether either brought something new. */
  poll(): boolean {
    const { cells, output, worker } = this.origin;
    // The order is the protocol: cells first, lanes second. The other way round, data that was sent between the two
    // reads would still be in flight while the frontier says that it has arrived.
    const frontier = worker === null ? cells.minimum(output) : cells.read(output, worker);
    const arrived = this.collect();
    const changed = frontier !== this.frontier || arrived;
    this.frontier = frontier;
    return changed;
  }

  /** Looks for batches; returns whether there are more than before. */
  protected abstract collect(): boolean;

  /** Releases the batches that the operator has done with. */
  abstract finish(): void;

  /** Whether a batch is here that the operator has not done with. */
  abstract waiting(): boolean;
}

/** An input whose operator handles all arrivals of a run, whatever their times. */
export class ArrivalsPort<C extends ColumnTypes = ColumnTypes> extends InputPort<C> {
  /** Batches that arrived for the current run of the operator; gone after it. */
  readonly arrivals: Batch<C>[] = [];
  /** Batches of `arrivals` by lane. */
  readonly #taken: number[] = [];

  constructor(origin: InputOrigin<C>) {
    super(origin);
  }

  protected override collect(): boolean {
    for (let from = 0; from < this.lanes.length; from++) {
      const lane = this.lanes[from]!;
      const count = lane.available();
      for (let i = 0; i < count; i++) this.arrivals.push(lane.at(i));
      this.#taken[from] = count;
    }
    return this.arrivals.length > 0;
  }

  /** Releases all arrivals. */
  override finish(): void {
    if (this.arrivals.length === 0) return;
    for (let from = 0; from < this.lanes.length; from++) {
      const count = this.#taken[from]!;
      if (count > 0) this.lanes[from]!.release(count);
    }
    this.arrivals.length = 0;
  }

  /** Never: all arrivals are handled by the run that they came in. */
  override waiting(): boolean {
    return false;
  }
}

/** Batches of one sender that an ordered port has not handed out. */
interface OrderedLane<C extends ColumnTypes> {
  /** Batches in the lane, as counted by the last poll. */
  available: number;
  /** How many of them were handed out in the current run. */
  taken: number;
  /** Copies of earlier batches, which did not fit into the ring. */
  readonly overflow: Batch<C>[];
  /** Handed out of `overflow` in the current run. */
  overflowTaken: number;
}

/**
 * An input whose operator handles batches in the order of time. A batch that is not due stays where it arrived: the ring
 * is the waiting room, and its being full holds the sender back. Every lane must ascend in time.
 *
 * Where waiting in the ring would hold up the very frontier that is waited for, the batches of a full ring are copied to
 * memory of this worker: when there are more batches of a single time than slots, as none of them is due before the last
 * one has come; and at the end of a link, where bins and raises of cells queue up behind the batch that has no room.
 */
export class OrderedPort<C extends ColumnTypes = ColumnTypes> extends InputPort<C> {
  readonly #lanes: OrderedLane<C>[] = [];
  readonly #pool: BatchPool<C>;

  constructor(origin: InputOrigin<C>, rows: number) {
    super(origin);
    this.#pool = new BatchPool(origin.schema, rows);
  }

  protected override collect(): boolean {
    let arrived = false;
    for (let from = 0; from < this.lanes.length; from++) {
      const count = this.lanes[from]!.available();
      const lane = (this.#lanes[from] ??= { available: 0, taken: 0, overflow: [], overflowTaken: 0 });
      if (count !== lane.available) {
        lane.available = count;
        arrived = true;
      }
    }
    return arrived;
  }

  /** Time of the earliest batch that was not taken; CLOSED when there is none. */
  earliest(): Timestamp {
    let earliest: Timestamp = CLOSED;
    for (let from = 0; from < this.#lanes.length; from++) earliest = Math.min(earliest, this.#headTime(from));
    return earliest;
  }

  /** The earliest batch before `bound`, valid until the end of the run; null when there is none. */
  take(bound: Timestamp): Batch<C> | null {
    let earliest = bound;
    let of = -1;
    for (let from = 0; from < this.#lanes.length; from++) {
      const time = this.#headTime(from);
      if (time < earliest) {
        earliest = time;
        of = from;
      }
    }
    if (of < 0) return null;
    const lane = this.#lanes[of]!;
    if (lane.overflowTaken < lane.overflow.length) return lane.overflow[lane.overflowTaken++]!;
    return this.lanes[of]!.at(lane.taken++);
  }

  /** Releases the batches that were taken, and makes room where a full ring must not wait. */
  override finish(): void {
    for (let from = 0; from < this.#lanes.length; from++) {
      const lane = this.#lanes[from]!;
      const receiver = this.lanes[from]!;
      if (lane.overflowTaken > 0) {
        for (const batch of lane.overflow.splice(0, lane.overflowTaken)) batch.release();
        lane.overflowTaken = 0;
      }
      if (lane.taken > 0) {
        receiver.release(lane.taken);
        lane.available -= lane.taken;
        lane.taken = 0;
      }
      if (lane.available < receiver.capacity) continue;
      if (receiver.holdsUpSender || this.#senderIsHeld(from)) this.#makeRoom(from);
    }
  }

  /** Whether a batch is here that was not taken. */
  override waiting(): boolean {
    return this.#lanes.some(({ available, overflow }) => available > 0 || overflow.length > 0);
  }

  #headTime(from: number): Timestamp {
    const lane = this.#lanes[from]!;
    if (lane.overflowTaken < lane.overflow.length) return lane.overflow[lane.overflowTaken]!.time;
    return lane.taken < lane.available ? this.lanes[from]!.at(lane.taken).time : CLOSED;
  }

  /** Whether the sender has more of the time of the lane's first batch. */
  #senderIsHeld(from: number): boolean {
    const { cells, output } = this.origin;
    return cells.read(output, from) <= this.lanes[from]!.at(0).time;
  }

  #makeRoom(from: number): void {
    const lane = this.#lanes[from]!;
    const receiver = this.lanes[from]!;
    for (let i = 0; i < lane.available; i++) lane.overflow.push(this.#pool.copy(receiver.at(i)));
    receiver.release(lane.available);
    lane.available = 0;
  }
}
