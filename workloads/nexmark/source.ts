/** The NEXMark input as an open-loop source: event n of the schedule goes to the stream of its kind. */
import {
  CLOSED,
  FIRST_TICK,
  type OutputPort,
  type Schedule,
  type Scope,
  type SourceLogic,
  sources,
} from 'megaphone-engine';

import type { SourceProgress } from '../workload.ts';
import { eventKinds, type NexmarkGenerator } from './generator.ts';
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
 * Ticks from this worker's last event to the end of its input. What is due after the last event is due at the end (see
 * EventTime): by then the last events are through, and do not wait for it.
 */
const CLOSING_TICKS = 20_000;

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
  /** When this worker's last event was sent; negative before. */
  #doneAt = -1;
  #next: number;

  constructor(
    persons: OutputPort<Persons>,
    auctions: OutputPort<Auctions>,
    bids: OutputPort<Bids>,
    schedule: Schedule,
    generator: NexmarkGenerator,
    worker: number,
    peers: number,
  ) {
    this.#persons = persons;
    this.#auctions = auctions;
    this.#bids = bids;
    this.#schedule = schedule;
    this.#generator = generator;
    this.#end = schedule.total === 0 ? 0 : schedule.intendedTick(schedule.total - 1) + 1;
    this.#next = worker;
    this.#peers = peers;
  }

  step(now: number, paused: boolean): number {
    const schedule = this.#schedule;
    if (!paused && now > FIRST_TICK) {
      // Ticks that are over: an event never leaves before its intended time, which lies anywhere within its tick.
      const due = schedule.dueAt(now - FIRST_TICK - 1);
      if (this.#next < due) this.#emit(Math.min(due, this.#next + EVENTS_PER_STEP * this.#peers));
    }
    if (this.#next < schedule.total) return FIRST_TICK + schedule.intendedTick(this.#next);
    if (this.#doneAt < 0) this.#doneAt = now;
    return now < this.#doneAt + CLOSING_TICKS ? FIRST_TICK + this.#end : CLOSED;
  }

  /** Sends this worker's events before `end`, all at the time of the first. */
  #emit(end: number): void {
    const time = FIRST_TICK + this.#schedule.intendedTick(this.#next);
    const persons = this.#persons.at(time);
    const auctions = this.#auctions.at(time);
    const bids = this.#bids.at(time);
    const generator = this.#generator;
    for (; this.#next < end; this.#next += this.#peers) {
      const n = this.#next;
      const kind = generator.kindOf(n);
      if (kind === eventKinds.bid) {
        const row = bids.append();
        generator.fillBid(n, bids.columns, row);
      } else if (kind === eventKinds.auction) {
        const row = auctions.append();
        generator.fillAuction(n, auctions.columns, row);
      } else {
        const row = persons.append();
        generator.fillPerson(n, persons.columns, row);
      }
      this.sent += 1;
    }
  }
}

/** Adds the source to a dataflow; every event is made, whether the query reads its stream or not. */
export function nexmarkSource(
  scope: Scope,
  schedule: Schedule,
  generator: NexmarkGenerator,
): { readonly streams: NexmarkStreams; readonly source: SourceProgress } {
  let part: NexmarkSource | null = null;
  const [persons, auctions, bids] = sources(
    scope,
    'nexmark',
    [personSchema, auctionSchema, bidSchema] as const,
    ([personOutput, auctionOutput, bidOutput]) => {
      part = new NexmarkSource(personOutput, auctionOutput, bidOutput, schedule, generator, scope.worker, scope.peers);
      return part;
    },
  );
  return { streams: { persons, auctions, bids }, source: part! };
}
