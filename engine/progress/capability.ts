/**
 * Capabilities: the right to send at a time or later. While an operator holds one, the frontier of its output stays at or
 * below that time.
 */
import { EngineError } from './engine-error.ts';
import { CLOSED, type Timestamp } from './timestamp.ts';

/** A capability used against its time, or after it was dropped. */
export class CapabilityError extends EngineError {
  override readonly name = 'CapabilityError';
}

/** The times that an operator holds at one of its outputs: a sorted multiset. */
export class CapabilitySet {
  /** Names the output in errors. */
  readonly where: string;
  /** Held times, ascending and distinct. */
  readonly #times: Timestamp[] = [];
  /** How often each of them is held. */
  readonly #counts: number[] = [];

  /** An empty set; `where` names the output in errors. */
  constructor(where: string) {
    this.where = where;
  }

  /** The earliest held time; CLOSED when nothing is held. */
  minimum(): Timestamp {
    return this.#times[0] ?? CLOSED;
  }

  /** Adds one hold of `time`. */
  add(time: Timestamp): void {
    const at = this.#lowerBound(time);
    if (this.#times[at] === time) {
      this.#counts[at]! += 1;
    } else {
      this.#times.splice(at, 0, time);
      this.#counts.splice(at, 0, 1);
    }
  }

  /**
   * Takes one hold of `time` away.
   *
   * @throws {CapabilityError} when the time is not held.
   */
  remove(time: Timestamp): void {
    const at = this.#lowerBound(time);
    if (this.#times[at] !== time) {
      throw new CapabilityError(`${this.where}: time ${time} is not held; held are [${this.#times.join(', ')}]`);
    }
    this.#counts[at]! -= 1;
    if (this.#counts[at] === 0) {
      this.#times.splice(at, 1);
      this.#counts.splice(at, 1);
    }
  }

  #lowerBound(time: Timestamp): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The right to send at `time` or later from one output of one worker. */
export class Capability {
  readonly #set: CapabilitySet;
  #time: Timestamp;
  #held = true;

  /** Holds `time` in `set` until dropped. */
  constructor(set: CapabilitySet, time: Timestamp) {
    this.#set = set;
    this.#time = time;
    set.add(time);
  }

  /** The held time. */
  get time(): Timestamp {
    return this.#time;
  }

  /**
   * A second capability at `time`, which must not be before this one's.
   *
   * @throws {CapabilityError} when it is, when it is not an integer, or when this one was dropped.
   */
  delayed(time: Timestamp): Capability {
    this.#check(time, 'delay');
    return new Capability(this.#set, time);
  }

  /**
   * Moves this capability to `time`, which must not be before its own.
   *
   * @throws {CapabilityError} when it is, when it is not an integer, or when this one was dropped.
   */
  downgrade(time: Timestamp): void {
    this.#check(time, 'downgrade');
    this.#set.add(time);
    this.#set.remove(this.#time);
    this.#time = time;
  }

  /** Gives the right up. Dropping twice has no effect. */
  drop(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#set.remove(this.#time);
  }

  #check(time: Timestamp, action: string): void {
    if (!this.#held) {
      throw new CapabilityError(`${this.#set.where}: cannot ${action} to ${time}: the capability was dropped`);
    }
    if (!Number.isInteger(time)) {
      throw new CapabilityError(`${this.#set.where}: cannot ${action} to ${time}: expected an integer`);
    }
    if (time < this.#time) {
      throw new CapabilityError(`${this.#set.where}: cannot ${action} to ${time}: the capability is at ${this.#time}`);
    }
  }
}
