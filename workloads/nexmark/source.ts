/** The NEXMark input as an open-loop source: event n of the schedule goes to the stream of its kind. */
import {
  CLOSED,
  FIRST_TICK,
  type OutputPort,
  type Schedule,
  type Scope,
  type SourceLogic,
  sources,
  tickOf,
  timestampOf,
} from 'megaphone-engine';

import type { SourceProgress } from '../workload.ts';
import type { NexmarkGenerator } from './generator.ts';
import {
  type Auctions,
  auctionSchema,
  type Bids,
  bidSchema,
  type NexmarkStreams,
  type Persons,
  personSchema,
} from './schemas.ts';

/** Most events that one step makes; they share a timestamp. */
const EVENTS_PER_STEP = 4096;
/**
 * From this worker's last event to the end of its input. What is due after the last event is due at the end (see EventTime): by
 * then the last events are through, and do not wait for it.
 */
const CLOSING_NS = 20e6;

/** The part of one worker: events n = worker mod peers. */
class NexmarkSource implements SourceLogic, SourceProgress {
  readonly loaded = true;
  sent = 0;
  readonly #persons: OutputPort<Persons>;
  readonly #auctions: OutputPort<Auctions>;
  readonly #bids: OutputPort<Bids>;
  readonly #schedule: Schedule;
  readonly #generator: NexmarkGenerator;
  readonly #peers: number;
  /** The tick after the last event's. */
  readonly #end: number;
  readonly #closingTicks: number;
  /** When this worker's last event was sent; negative before. */
  #doneAt = -1;
  #next: number;

  constructor(
    persons: OutputPort<Persons>,
    auctions: OutputPort<Auctions>,
    bids: OutputPort<Bids>,
    schedule: Schedule,
    generator: NexmarkGenerator,
    tickNs: number,
    worker: number,
    peers: number,
  ) {
    this.#persons = persons;
    this.#auctions = auctions;
    this.#bids = bids;
    this.#schedule = schedule;
    this.#generator = generator;
    this.#end = schedule.total === 0 ? 0 : schedule.intendedTick(schedule.total - 1) + 1;
    this.#closingTicks = Math.ceil(CLOSING_NS / tickNs);
    this.#next = worker;
    this.#peers = peers;
  }

  step(now: number, paused: boolean): number {
    const schedule = this.#schedule;
    if (!paused && now > FIRST_TICK) {
      // Ticks that are over: an event never leaves before its intended time, which lies anywhere within its tick.
      const due = schedule.dueAt(tickOf(now) - 1);
      if (this.#next < due) this.#emit(Math.min(due, this.#next + EVENTS_PER_STEP * this.#peers));
    }
    if (this.#next < schedule.total) return timestampOf(schedule.intendedTick(this.#next));
    if (this.#doneAt < 0) this.#doneAt = now;
    return now < this.#doneAt + this.#closingTicks ? timestampOf(this.#end) : CLOSED;
  }

  /** Sends this worker's events before `end`, all at the time of the first. */
  #emit(end: number): void {
    const time = timestampOf(this.#schedule.intendedTick(this.#next));
    this.#persons.at(time);
    this.#auctions.at(time);
    this.#bids.at(time);
    while (this.#next < end) {
      // Full batches are sent, and others begun.
      const persons = this.#persons.batch();
      const auctions = this.#auctions.batch();
      const bids = this.#bids.batch();
      const next = this.#generator.fill(this.#next, this.#peers, end, persons, auctions, bids);
      this.sent += (next - this.#next) / this.#peers;
      this.#next = next;
    }
  }
}

/**
 * Adds the source to a dataflow, in ticks of `tickNs` nanoseconds; every event is made, whether the query reads its stream or not.
 */
export function nexmarkSource(
  scope: Scope,
  schedule: Schedule,
  generator: NexmarkGenerator,
  tickNs: number,
): { readonly streams: NexmarkStreams; readonly source: SourceProgress } {
  let part: NexmarkSource | null = null;
  const [persons, auctions, bids] = sources(
    scope,
    'nexmark',
    [personSchema, auctionSchema, bidSchema] as const,
    ([personOutput, auctionOutput, bidOutput]) => {
      const { worker, peers } = scope;
      part = new NexmarkSource(personOutput, auctionOutput, bidOutput, schedule, generator, tickNs, worker, peers);
      return part;
    },
  );
  return { streams: { persons, auctions, bids }, source: part! };
}
