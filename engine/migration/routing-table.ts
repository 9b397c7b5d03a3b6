/**
 * The routing table: the configuration function (time, bin) -> worker of one router.
 *
 * It holds the configuration at one time, and the updates around it, ordered by time. Asking for another time applies or
 * takes back the updates in between, so the cost is that of the updates, not that of all bins. Updates that no record can
 * precede any more are retired.
 */
import type { Timestamp } from '../progress/timestamp.ts';

/** All updates of one time. */
export interface UpdateGroup {
  /** The time from which on the updates hold. */
  readonly time: Timestamp;
  /** Updated bins, in the order of the control stream. */
  readonly bins: number[];
  /** Their new owners. */
  readonly workers: number[];
  /** Their owners before, while the group is applied. */
  readonly previous: number[];
}

/** The configurations that records in flight can need. */
export class RoutingTable {
  /** Owner by bin, after the first `#applied` groups. */
  readonly #owners: Int32Array;
  /** Groups ascending by time. */
  readonly #groups: UpdateGroup[] = [];
  #applied = 0;

  /** A table that starts with a copy of `initial`. */
  constructor(initial: Int32Array) {
    this.#owners = initial.slice();
  }

  /** Groups that were not retired. */
  get groups(): readonly UpdateGroup[] {
    return this.#groups;
  }

  /** From `time` on, `bin` belongs to `worker`. No record at or after `time` may have been routed. */
  update(time: Timestamp, bin: number, worker: number): void {
    let at = this.#groups.length;
    while (at > 0 && this.#groups[at - 1]!.time > time) at--;
    let group = at > 0 ? this.#groups[at - 1]! : undefined;
    if (group === undefined || group.time !== time) {
      group = { time, bins: [], workers: [], previous: [] };
      this.#groups.splice(at, 0, group);
    }
    group.bins.push(bin);
    group.workers.push(worker);
  }

  /** Owner by bin at `time`, which the control frontier has passed. Valid until the next call of any method. */
  at(time: Timestamp): Int32Array {
    while (this.#applied < this.#groups.length && this.#groups[this.#applied]!.time <= time) {
      this.#apply(this.#groups[this.#applied]!);
      this.#applied += 1;
    }
    while (this.#applied > 0 && this.#groups[this.#applied - 1]!.time > time) {
      this.#applied -= 1;
      this.#takeBack(this.#groups[this.#applied]!);
    }
    return this.#owners;
  }

  /** Forgets what records at or after `frontier` cannot need. The control frontier has passed every forgotten time. */
  retire(frontier: Timestamp): void {
    const groups = this.#groups;
    if (groups.length === 0 || groups[0]!.time > frontier) return;
    this.at(frontier);
    groups.splice(0, this.#applied);
    this.#applied = 0;
  }

  #apply(group: UpdateGroup): void {
    for (let i = 0; i < group.bins.length; i++) {
      const bin = group.bins[i]!;
      group.previous[i] = this.#owners[bin]!;
      this.#owners[bin] = group.workers[i]!;
    }
  }

  #takeBack(group: UpdateGroup): void {
    for (let i = group.bins.length - 1; i >= 0; i--) this.#owners[group.bins[i]!] = group.previous[i]!;
  }
}
