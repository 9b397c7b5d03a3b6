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

/** A requested time with the capability that holds it. */
interface Request {
  readonly time: Timestamp;
  readonly held: Capability;
}

/** Delivered requests at the front of the list are dropped in one go from this many on. */
const COMPACT_AT = 256;

/** Requested times of one operator on one worker; each holds a capability at the output until it was delivered. */
export class Notificator {
  readonly #output: Pick<OutputPort, 'hold'>;
  readonly #inputs: readonly HasFrontier[];
  /** Requests ascending by distinct times, from `#first` on. */
  #requests: Request[] = [];
  #first = 0;
  #delivered: Capability | null = null;

  /** Watches all `inputs`, holds times at `output`. */
  constructor(output: Pick<OutputPort, 'hold'>, inputs: readonly HasFrontier[]) {
    this.#output = output;
    this.#inputs = inputs;
  }

  /**
   * Asks for a notification at `time`. Asking twice for a time gives one notification. Cheap when times mostly ascend.
   *
   * @throws {CapabilityError} when the output's frontier is beyond `time`.
   */
  notifyAt(time: Timestamp): void {
    const requests = this.#requests;
    let at = requests.length;
    while (at > this.#first && requests[at - 1]!.time > time) at--;
    if (at > this.#first && requests[at - 1]!.time === time) return;
    const request = { time, held: this.#output.hold(time) };
    if (at === requests.length) requests.push(request);
    else requests.splice(at, 0, request);
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
    const request = this.#requests[this.#first];
    if (request === undefined || request.time >= frontier) {
      this.#compact();
      return null;
    }
    this.#first += 1;
    this.#delivered = request.held;
    return request.time;
  }

  #compact(): void {
    if (this.#first < COMPACT_AT) return;
    this.#requests = this.#requests.slice(this.#first);
    this.#first = 0;
  }
}
