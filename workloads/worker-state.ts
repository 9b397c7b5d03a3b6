/**
 * State that one worker owns alone and that never moves, for the variants without migration: the containers and pending entries of
 * the migratable variants, so that the two differ by the mechanism alone.
 */
import { type Capability, CLOSED, type Extents, type OutputPort, type Timestamp } from 'megaphone-engine';
import {
  type Bins,
  BinState,
  type Containers,
  HashedBinning,
  PendingEntries,
  PendingQueue,
} from 'megaphone-engine/migration';

/** Two bins are the fewest that containers know. */
const FEWEST_BINS_LOG2 = 1;

/**
 * The containers that `make` makes, with all of their bins on this worker.
 *
 * A single table per worker is what a program without migration has; more bins (2^binShift) only cut what is done for one bin
 * at a time into shorter pieces.
 */
export function workerState<S extends Containers>(
  make: (bins: Bins<HashedBinning>) => S,
  extents: Extents,
  binShift = FEWEST_BINS_LOG2,
): S {
  const containers = make({ binning: new HashedBinning(binShift), extents });
  const state = new BinState(binShift, containers);
  for (let bin = 0; bin < 2 ** binShift; bin++) state.create(bin);
  return containers;
}

/** The pending entries of one operator on one worker, in the order of (time, key, value); the output holds their earliest time. */
export class WorkerTimers {
  readonly #output: Pick<OutputPort, 'hold' | 'at'>;
  readonly #pending: PendingEntries;
  #held: Capability | null = null;
  #heldTime: Timestamp = CLOSED;

  /** No entries. */
  constructor(output: Pick<OutputPort, 'hold' | 'at'>, extents: Extents) {
    this.#output = output;
    const queue = new PendingQueue({ binning: new HashedBinning(FEWEST_BINS_LOG2), extents });
    queue.create(0);
    this.#pending = new PendingEntries(queue, extents.words);
  }

  /**
   * Adds an entry.
   * @throws {CapabilityError} when `time` lies before the output's frontier.
   */
  notifyAt(time: Timestamp, key: number, value: number): void {
    this.#pending.push(0, time, key, value);
    if (time < this.#heldTime) this.#hold(time);
  }

  /** Hands all entries before `frontier` to `due`, which may add others, and sets the output to their times. */
  run(frontier: Timestamp, due: (time: Timestamp, key: number, value: number) => void): void {
    const pending = this.#pending;
    if (pending.nextTime() >= frontier) return;
    for (let time = pending.nextTime(); time < frontier; time = pending.nextTime()) {
      pending.pop();
      this.#output.at(time);
      due(time, pending.key, pending.value);
    }
    this.#hold(pending.nextTime());
  }

  #hold(time: number): void {
    const before = this.#held;
    this.#held = time < CLOSED ? this.#output.hold(time) : null;
    this.#heldTime = this.#held === null ? CLOSED : time;
    before?.drop();
  }
}
