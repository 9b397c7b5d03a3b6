/**
 * The notificator: lets an operator act at a time once everything before and at that time has arrived.
 */
import type { Capability } from '../progress/capability.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import type { OutputPort } from './output-port.ts';

/** What the notificator needs of an input. */
interface HasFrontier {
  readonly frontier: Timestamp;
}

/** Requested times of one operator on one worker; each holds a capability at the output until it was delivered. */
export class Notificator {
  readonly #output: Pick<OutputPort, 'hold'>;
  readonly #inputs: readonly HasFrontier[];
  /** Requested times, ascending and distinct. */
  readonly #times: Timestamp[] = [];
  /** Capabilities by position in `#times`. */
  readonly #held: Capability[] = [];
  #delivered: Capability | null = null;

  /** Watches all `inputs`, holds times at `output`. */
  constructor(output: Pick<OutputPort, 'hold'>, inputs: readonly HasFrontier[]) {
    this.#output = output;
    this.#inputs = inputs;
  }

  /**
   * Asks for a notification at `time`. Asking twice for a time gives one notification.
   *
   * @throws {CapabilityError} when the output's frontier is beyond `time`.
   */
  notifyAt(time: Timestamp): void {
    let at = this.#times.length;
    while (at > 0 && this.#times[at - 1]! > time) at--;
    if (at > 0 && this.#times[at - 1] === time) return;
    this.#held.splice(at, 0, this.#output.hold(time));
    this.#times.splice(at, 0, time);
  }

  /**
   * The earliest requested time that all inputs' frontiers have passed, or null. Records may be sent at that time until
   * the next call, which gives it up: call until it returns null.
   */
  next(): Timestamp | null {
    this.#delivered?.drop();
    this.#delivered = null;
    let frontier: Timestamp = CLOSED;
    for (const input of this.#inputs) frontier = Math.min(frontier, input.frontier);
    const time = this.#times[0];
    if (time === undefined || time >= frontier) return null;
    this.#times.shift();
    this.#delivered = this.#held.shift()!;
    return time;
  }
}
