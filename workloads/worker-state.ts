/**
 * State that one worker owns alone and that never moves, for the variants without migration: the containers and pending entries of
 * the migratable variants, so that the two differ by the mechanism alone.
 */
import type { Capability, OutputPort, Timestamp } from 'megaphone-engine';
import { CLOSED } from 'megaphone-engine';
import { type BinContainer, HashedBinning, PendingQueue } from 'megaphone-engine/migration';

/** Two bins are the fewest that containers know. */
const FEWEST_BINS_LOG2 = 1;

/**
 * The containers that `make` makes, with all of their bins on this worker.
 *
 * A single table per worker is what a program without migration has; more bins (2^binShift) only cut what is done for one bin
 * at a time into shorter pieces.
 */
export function workerState<S extends Readonly<Record<string, BinContainer>>>(
  make: (binning: HashedBinning) => S,
  binShift = FEWEST_BINS_LOG2,
): S {
  const state = make(new HashedBinning(binShift));
  for (const container of Object.values(state)) {
    for (let bin = 0; bin < 2 ** binShift; bin++) container.create(bin);
  }
  return state;
}

/** The pending entries of one operator on one worker, in the order of (time, key, value); the output holds their earliest time. */
export class WorkerTimers {
  readonly #output: Pick<OutputPort, 'hold' | 'at'>;
  readonly #pending = new PendingQueue(FEWEST_BINS_LOG2);
  #held: Capability | null = null;
  #heldTime: Timestamp = CLOSED;

  /** No entries. */
  constructor(output: Pick<OutputPort, 'hold' | 'at'>) {
    this.#output = output;
    this.#pending.create(0);
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
      due(time, pending.poppedKey, pending.poppedValue);
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
