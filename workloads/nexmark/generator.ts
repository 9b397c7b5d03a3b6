/**
 * The NEXMark input: event n is a person, an auction or a bid, and a pure function of the parameters, the seed and n.
 *
 * Events come in cycles (by default 50 events: 1 person, 3 auctions, 46 bids), so which persons and auctions exist at
 * event n is arithmetic on n, and ids ascend with n. Event time is floor(n * 10^6 * timeDilation / ratePerSecond)
 * microseconds: it never falls with n, and several events share a microsecond when the rate exceeds 10^6 per second.
 * Texts are codes of the dictionaries of vocabulary.ts; the long texts of the original are left out.
 */
import { EventRandom } from './random.ts';
import { microsPerAuction, type NexmarkParameters } from './parameters.ts';
import { cities, names, states } from './vocabulary.ts';

/** What an event can be. */
export const eventKinds = { person: 0, auction: 1, bid: 2 } as const;

/** One of the values of `eventKinds`. */
export type EventKind = (typeof eventKinds)[keyof typeof eventKinds];

/** Persons in columns; all columns have the same length. Times in microseconds of event time. */
export interface PersonColumns {
  /** Unique id, ascending with the event's number. */
  readonly id: Float64Array;
  /** Code in `names`. */
  readonly name: Int32Array;
  /** Code in `cities`. */
  readonly city: Int32Array;
  /** Code in `states`. */
  readonly state: Int32Array;
  /** Time of the event: the person registers. */
  readonly dateTime: Float64Array;
}

/** Auctions in columns; all columns have the same length. Times in microseconds of event time, prices in cents. */
export interface AuctionColumns {
  /** Unique id, ascending with the event's number. */
  readonly id: Float64Array;
  /** Id of a person, who may register only later (up to `idLead` ids ahead). */
  readonly seller: Float64Array;
  /** From `firstCategory` to `firstCategory + categories - 1`. */
  readonly category: Int32Array;
  /** The lowest price asked for, at least 100. */
  readonly initialBid: Float64Array;
  /** A bid below this cannot win; the initial bid plus a second price. */
  readonly reserve: Float64Array;
  /** Time of the event: the auction opens. */
  readonly dateTime: Float64Array;
  /** The auction is open at the times from `dateTime` up to and without this. */
  readonly expires: Float64Array;
}

/** Bids in columns; all columns have the same length. Times in microseconds of event time, prices in cents. */
export interface BidColumns {
  /** Id of an auction, which may be closed already, or may open only later (up to `idLead` ids ahead). */
  readonly auction: Float64Array;
  /** Id of a person, who may register only later. */
  readonly bidder: Float64Array;
  /** From 100 to 10^8. */
  readonly price: Float64Array;
  /** Time of the event. */
  readonly dateTime: Float64Array;
}

/**
 * Allocates columns for persons.
 * @param rows length of each column
 * @returns columns of zeros
 */
export function allocatePersonColumns(rows: number): PersonColumns {
  return {
    id: new Float64Array(rows),
    name: new Int32Array(rows),
    city: new Int32Array(rows),
    state: new Int32Array(rows),
    dateTime: new Float64Array(rows),
  };
}

/**
 * Allocates columns for auctions.
 * @param rows length of each column
 * @returns columns of zeros
 */
export function allocateAuctionColumns(rows: number): AuctionColumns {
  return {
    id: new Float64Array(rows),
    seller: new Float64Array(rows),
    category: new Int32Array(rows),
    initialBid: new Float64Array(rows),
    reserve: new Float64Array(rows),
    dateTime: new Float64Array(rows),
    expires: new Float64Array(rows),
  };
}

/**
 * Allocates columns for bids.
 * @param rows length of each column
 * @returns columns of zeros
 */
export function allocateBidColumns(rows: number): BidColumns {
  return {
    auction: new Float64Array(rows),
    bidder: new Float64Array(rows),
    price: new Float64Array(rows),
    dateTime: new Float64Array(rows),
  };
}

/** A price is 100 * 10^(6u), u uniform in [0, 1); this is the factor from 2^32 * u to the exponent of e. */
const PRICE_EXPONENT = (6 * Math.LN10) / 2 ** 32;

/**
 * Makes events by number. An instance belongs to one thread; instances with the same parameters and seed agree on every
 * event. Event numbers are integers from 0 to 2^40 (not checked); nothing is allocated per event.
 */
export class NexmarkGenerator {
  /** The parameters that it was made with. */
  readonly parameters: NexmarkParameters;
  readonly #random: EventRandom;
  readonly #personProportion: number;
  readonly #auctionProportion: number;
  /** Position in the cycle of the first bid. */
  readonly #firstBid: number;
  readonly #cycle: number;
  readonly #microsPerSecond: number;
  readonly #ratePerSecond: number;
  /** Length of the range that the time an auction is open is drawn from, in microseconds of event time. */
  readonly #openUs: number;

  /**
   * Makes a generator.
   * @param parameters as resolved by `resolveNexmarkParameters`
   * @param seed an integer from 0 to 2^53 - 1
   * @throws {RandomPositionError} when the seed is not such an integer
   */
  constructor(parameters: NexmarkParameters, seed: number) {
    this.parameters = parameters;
    this.#random = new EventRandom(seed);
    this.#personProportion = parameters.personProportion;
    this.#auctionProportion = parameters.auctionProportion;
    this.#firstBid = parameters.personProportion + parameters.auctionProportion;
    this.#cycle = this.#firstBid + parameters.bidProportion;
    this.#microsPerSecond = 1e6 * parameters.timeDilation;
    this.#ratePerSecond = parameters.ratePerSecond;
    this.#openUs = 2 * parameters.inFlightAuctions * microsPerAuction(parameters);
  }

  /**
   * What an event is.
   * @param n number of the event
   * @returns a value of `eventKinds`
   */
  kindOf(n: number): EventKind {
    const offset = n - Math.floor(n / this.#cycle) * this.#cycle;
    if (offset >= this.#firstBid) return eventKinds.bid;
    return offset < this.#personProportion ? eventKinds.person : eventKinds.auction;
  }

  /**
   * When an event happens.
   * @param n number of the event
   * @returns whole microseconds of event time
   */
  dateTimeOf(n: number): number {
    return Math.floor((n * this.#microsPerSecond) / this.#ratePerSecond);
  }

  /**
   * How many persons the events up to and with event n hold; the latest of them has the id firstPersonId + count - 1.
   * @param n number of an event
   * @returns a count, at least 1
   */
  personsUpTo(n: number): number {
    const cycle = Math.floor(n / this.#cycle);
    const offset = n - cycle * this.#cycle;
    return cycle * this.#personProportion + Math.min(offset + 1, this.#personProportion);
  }

  /**
   * How many auctions the events up to and with event n hold; the latest of them has the id firstAuctionId + count - 1.
   * @param n number of an event
   * @returns a count, 0 before the first auction
   */
  auctionsUpTo(n: number): number {
    const cycle = Math.floor(n / this.#cycle);
    const offset = n - cycle * this.#cycle;
    const ofThisCycle = Math.max(0, offset + 1 - this.#personProportion);
    return cycle * this.#auctionProportion + Math.min(ofThisCycle, this.#auctionProportion);
  }

  /**
   * Writes a person.
   * @param n number of an event that is a person
   * @param columns where to
   * @param row index in the columns
   */
  fillPerson(n: number, columns: PersonColumns, row: number): void {
    const random = this.#random;
    random.moveTo(n);
    columns.id[row] = this.parameters.firstPersonId + this.personsUpTo(n) - 1;
    columns.name[row] = random.below(0, names.length);
    columns.city[row] = random.below(1, cities.length);
    columns.state[row] = random.below(2, states.length);
    columns.dateTime[row] = this.dateTimeOf(n);
  }

  /**
   * Writes an auction.
   * @param n number of an event that is an auction
   * @param columns where to
   * @param row index in the columns
   */
  fillAuction(n: number, columns: AuctionColumns, row: number): void {
    const { firstAuctionId, firstCategory, categories, hotSellerRatio } = this.parameters;
    const random = this.#random;
    random.moveTo(n);
    const dateTime = this.dateTimeOf(n);
    const initialBid = this.#price(3);
    columns.id[row] = firstAuctionId + this.auctionsUpTo(n) - 1;
    columns.seller[row] = this.#person(this.personsUpTo(n), 0, hotSellerRatio, 0);
    columns.category[row] = firstCategory + random.below(2, categories);
    columns.initialBid[row] = initialBid;
    columns.reserve[row] = initialBid + this.#price(4);
    columns.dateTime[row] = dateTime;
    columns.expires[row] = dateTime + 1 + Math.floor(random.unit(5) * this.#openUs);
  }

  /**
   * Writes a bid.
   * @param n number of an event that is a bid
   * @param columns where to
   * @param row index in the columns
   */
  fillBid(n: number, columns: BidColumns, row: number): void {
    this.#random.moveTo(n);
    // Bids come last in their cycle: its persons and auctions all exist.
    const cycles = Math.floor(n / this.#cycle) + 1;
    columns.auction[row] = this.#auction(cycles * this.#auctionProportion, 0);
    columns.bidder[row] = this.#person(cycles * this.#personProportion, 2, this.parameters.hotBidderRatio, 1);
    columns.price[row] = this.#price(4);
    columns.dateTime[row] = this.dateTimeOf(n);
  }

  #price(draw: number): number {
    return Math.floor(Math.exp(this.#random.uint32(draw) * PRICE_EXPONENT) * 100 + 0.5);
  }

  /** Uses two draws from `draw`; the hot person has the position `hotPosition` in the latest block. */
  #person(persons: number, draw: number, hotRatio: number, hotPosition: number): number {
    const { firstPersonId, hotBlock, activePeople, idLead } = this.parameters;
    if (this.#random.below(draw, hotRatio) > 0) {
      return firstPersonId + Math.floor((persons - 1) / hotBlock) * hotBlock + hotPosition;
    }
    const active = Math.min(persons, activePeople);
    return firstPersonId + persons - active + this.#random.below(draw + 1, active + idLead);
  }

  /** Uses two draws from `draw`. */
  #auction(auctions: number, draw: number): number {
    const { firstAuctionId, hotAuctionRatio, hotBlock, inFlightAuctions, idLead } = this.parameters;
    if (this.#random.below(draw, hotAuctionRatio) > 0) {
      return firstAuctionId + Math.floor((auctions - 1) / hotBlock) * hotBlock;
    }
    const inFlight = Math.min(auctions, inFlightAuctions);
    return firstAuctionId + auctions - inFlight + this.#random.below(draw + 1, inFlight + idLead);
  }
}
