/** What a simulated migration is checked against: the configuration at every time, and where every bin is. */
import { ViolationError } from '../../runtime/tests/audit.ts';
import type { Timestamp } from '../../progress/timestamp.ts';
import type { ControlUpdates } from '../control-stream.ts';
import type { BinContainer, Image } from '../state/container.ts';

interface Update {
  readonly time: Timestamp;
  readonly bin: number;
  readonly worker: number;
}

/** The configuration function, as the control stream has announced it so far. Shared by all simulated workers. */
export class Configurations {
  readonly #initial: Int32Array;
  readonly #updates: Update[] = [];

  constructor(initial: Int32Array) {
    this.#initial = initial;
  }

  /** Updates that go to `updates`, and are remembered. */
  recording(updates: ControlUpdates): ControlUpdates {
    return {
      move: (time, bin, worker) => {
        updates.move(time, bin, worker);
        this.#updates.push({ time, bin, worker });
      },
    };
  }

  /** Owner of `bin` at `time`: its latest update at or before `time`, the one announced last among equals. */
  at(time: Timestamp, bin: number): number {
    let owner = this.#initial[bin]!;
    let since = -1;
    for (const update of this.#updates) {
      if (update.bin !== bin || update.time > time || update.time < since) continue;
      owner = update.worker;
      since = update.time;
    }
    return owner;
  }
}

const UNBORN = -1;
const IN_FLIGHT = -2;

/** Where the bins of one operator are. Shared by all simulated workers. */
export class Whereabouts {
  /** Owner by bin, UNBORN or IN_FLIGHT. */
  readonly #places: Int32Array;
  /** Times that a bin was sent away. */
  departures = 0;

  constructor(bins: number) {
    this.#places = new Int32Array(bins).fill(UNBORN);
  }

  /** A container of one worker, that holds nothing but reports where the bins are. */
  container(worker: number): BinContainer {
    const places = this.#places;
    const arrive = (bin: number): void => {
      if (places[bin]! >= 0) throw new ViolationError(`bin ${bin} arrives at ${worker}, but ${places[bin]} owns it`);
      places[bin] = worker;
    };
    return {
      totalBytes: 0,
      create: arrive,
      hosts: (bin: number) => places[bin] === worker,
      entries: () => 0,
      bytes: () => 0,
      release: (bin: number, image: Image): void => {
        if (places[bin] !== worker) throw new ViolationError(`bin ${bin} leaves ${worker}, but is at ${places[bin]}`);
        places[bin] = IN_FLIGHT;
        this.departures += 1;
        Object.assign(image, { used: 0, capacity: 0, detail: bin });
      },
      adopt: (bin: number, { detail }: Image): void => {
        if (detail !== bin) throw new ViolationError(`bin ${bin} arrives with what ${detail} had`);
        arrive(bin);
      },
    };
  }

  /** Checks that every bin is where the configuration at the end wants it. */
  settle(configurations: Configurations, end: Timestamp): void {
    this.#places.forEach((place, bin) => {
      const owner = configurations.at(end, bin);
      if (place !== owner) throw new ViolationError(`at the end bin ${bin} is at ${place}, expected ${owner}`);
    });
  }
}
