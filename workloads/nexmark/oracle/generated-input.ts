/**
 * The first events of a generator as an input of the oracle. Nothing is stored: iterating a list generates it again.
 */
import {
  allocateAuctionColumns,
  allocateBidColumns,
  allocatePersonColumns,
  eventKinds,
  type EventKind,
  type NexmarkGenerator,
} from '../generator.ts';
import type { Auction, Bid, NexmarkInput, Person } from './records.ts';

/**
 * Presents events 0 .. count - 1.
 * @param generator makes the events; kept
 * @param count number of events, persons, auctions and bids together
 * @returns an input whose lists can be iterated any number of times, also at once
 */
export function generatedInput(generator: NexmarkGenerator, count: number): NexmarkInput {
  const numbersOf = (kind: EventKind): Iterable<number> => eventNumbers(generator, count, kind);
  const { person, auction, bid } = eventKinds;
  return {
    persons: { [Symbol.iterator]: () => persons(generator, numbersOf(person)) },
    auctions: { [Symbol.iterator]: () => auctions(generator, numbersOf(auction)) },
    bids: { [Symbol.iterator]: () => bids(generator, numbersOf(bid)) },
  };
}

function* eventNumbers(generator: NexmarkGenerator, count: number, kind: EventKind): Generator<number, undefined> {
  for (let n = 0; n < count; n++) if (generator.kindOf(n) === kind) yield n;
}

function* persons(generator: NexmarkGenerator, numbers: Iterable<number>): Generator<Person, undefined> {
  const columns = allocatePersonColumns(1);
  for (const n of numbers) {
    generator.fillPerson(n, columns, 0);
    yield {
      id: first(columns.id),
      name: first(columns.name),
      city: first(columns.city),
      state: first(columns.state),
      dateTime: first(columns.dateTime),
    };
  }
}

function* auctions(generator: NexmarkGenerator, numbers: Iterable<number>): Generator<Auction, undefined> {
  const columns = allocateAuctionColumns(1);
  for (const n of numbers) {
    generator.fillAuction(n, columns, 0);
    yield {
      id: first(columns.id),
      seller: first(columns.seller),
      category: first(columns.category),
      initialBid: first(columns.initialBid),
      reserve: first(columns.reserve),
      dateTime: first(columns.dateTime),
      expires: first(columns.expires),
    };
  }
}

function* bids(generator: NexmarkGenerator, numbers: Iterable<number>): Generator<Bid, undefined> {
  const columns = allocateBidColumns(1);
  for (const n of numbers) {
    generator.fillBids(n, 1, 1, columns, 0);
    yield {
      auction: first(columns.auction),
      bidder: first(columns.bidder),
      price: first(columns.price),
      dateTime: first(columns.dateTime),
    };
  }
}

/** The value of a column of one row. */
function first(column: Float64Array | Int32Array): number {
  return column[0] ?? NaN;
}
