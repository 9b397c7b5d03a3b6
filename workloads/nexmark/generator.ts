/**
 * The NEXMark input: event n is a person, an auction or a bid, and a pure function of the parameters, the seed and n.
 *
 * Events come in cycles (by default 50 events: 1 person, 3 auctions, 46 bids), so which persons and auctions exist at
 * event n is arithmetic on n, and ids ascend with n. Event time is floor(n * 10^6 * timeDilation / ratePerSecond)
 * microseconds: it never falls with n, and several events share a microsecond when the rate exceeds 10^6 per second.
 * Texts are codes of the dictionaries of vocabulary.ts; the long texts of the original are left out.
 */
import { mix, RandomDraws, TWO_POW_32 } from '../random.ts';
import { microsPerAuction, type NexmarkParameters } from './parameters.ts';
import { priceOf } from './price.ts';
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

/** Events of one kind in the making: rows `length .. capacity - 1` of the columns are free. */
export interface EventBatch<C> {
  /** The columns. */
  readonly columns: C;
  /** Rows that hold events. */
  length: number;
  /** Rows of the columns. */
  readonly capacity: number;
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

/** Draws by what they decide; an event is of one kind, so kinds share them. */
const [HOT_AUCTION, AUCTION, HOT_BIDDER, BIDDER, PRICE] = [0, 1, 2, 3, 4] as const;
const [HOT_SELLER, SELLER, CATEGORY, INITIAL_BID, RESERVE, OPEN_HIGH, OPEN_LOW] = [0, 1, 2, 3, 4, 5, 6] as const;
const [NAME, CITY, STATE] = [0, 1, 2] as const;
const DRAWS = 7;

/**
 * Makes events by number. An instance belongs to one thread; instances with the same parameters and seed agree on every
 * event. Event numbers are integers from 0 to 2^40 (not checked); nothing is allocated per event.
 *
 * The hot one of a choice with ratio r comes up unless a first word falls into the lowest r-th of its range; a choice among k is
 * floor(word * k / 2^32), whose bias is at most k / 2^32.
 */
export class NexmarkGenerator {
  /** The parameters that it was made with. */
  readonly parameters: NexmarkParameters;
  readonly #random: RandomDraws;
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
   * @throws {SeedError} when the seed is not such an integer
   */
  constructor(parameters: NexmarkParameters, seed: number) {
    this.parameters = parameters;
    this.#random = new RandomDraws(seed, DRAWS);
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
   * Appends the events n, n + stride and so on below `end` to the batches of their kinds, until one of these has no room for
   * the next event.
   * @param n number of the first event
   * @param stride distance of the events, a positive integer
   * @param end number after the last event
   * @param persons takes the persons; so do the others their kind
   * @param auctions takes the auctions
   * @param bids takes the bids
   * @returns number of the first event that was not made, at least `end` when all were
   */
  fill(
    n: number,
    stride: number,
    end: number,
    persons: EventBatch<PersonColumns>,
    auctions: EventBatch<AuctionColumns>,
    bids: EventBatch<BidColumns>,
  ): number {
    const cycle = this.#cycle;
    // Carried along, since a division per event would cost as much as its random numbers.
    let start = Math.floor(n / cycle) * cycle;
    while (n < end) {
      while (n >= start + cycle) start += n < start + 2 * cycle ? cycle : Math.floor((n - start) / cycle) * cycle;
      if (n >= start + this.#firstBid) {
        const wanted = Math.ceil((Math.min(end, start + cycle) - n) / stride);
        const count = Math.min(wanted, bids.capacity - bids.length);
        this.fillBids(n, stride, count, bids.columns, bids.length);
        bids.length += count;
        n += count * stride;
        if (count < wanted) return n;
      } else {
        const isPerson = n < start + this.#personProportion;
        const batch = isPerson ? persons : auctions;
        if (batch.length === batch.capacity) return n;
        if (isPerson) this.fillPerson(n, persons.columns, batch.length);
        else this.fillAuction(n, auctions.columns, batch.length);
        batch.length += 1;
        n += stride;
      }
    }
    return n;
  }

  /**
   * Writes a person.
   * @param n number of an event that is a person
   * @param columns where to
   * @param row index in the columns
   */
  fillPerson(n: number, columns: PersonColumns, row: number): void {
    this.#random.moveTo(Math.floor(n / TWO_POW_32));
    columns.id[row] = this.parameters.firstPersonId + this.personsUpTo(n) - 1;
    columns.name[row] = this.#below(n, NAME, names.length);
    columns.city[row] = this.#below(n, CITY, cities.length);
    columns.state[row] = this.#below(n, STATE, states.length);
    columns.dateTime[row] = this.dateTimeOf(n);
  }

  /**
   * Writes an auction.
   * @param n number of an event that is an auction
   * @param columns where to
   * @param row index in the columns
   */
  fillAuction(n: number, columns: AuctionColumns, row: number): void {
    const { firstPersonId, firstAuctionId, firstCategory, categories } = this.parameters;
    const { hotSellerRatio, hotBlock, activePeople, idLead } = this.parameters;
    const random = this.#random;
    random.moveTo(Math.floor(n / TWO_POW_32));
    const persons = this.personsUpTo(n);
    const active = Math.min(persons, activePeople);
    const isHot = this.#below(n, HOT_SELLER, hotSellerRatio) > 0;
    const dateTime = this.dateTimeOf(n);
    const initialBid = priceOf(random.word(n, INITIAL_BID));
    const unit = ((random.word(n, OPEN_HIGH) >>> 5) * 2 ** 26 + (random.word(n, OPEN_LOW) >>> 6)) * 2 ** -53;
    columns.id[row] = firstAuctionId + this.auctionsUpTo(n) - 1;
    columns.seller[row] = isHot
      ? hotId(firstPersonId, persons, hotBlock)
      : firstPersonId + persons - active + this.#below(n, SELLER, active + idLead);
    columns.category[row] = firstCategory + this.#below(n, CATEGORY, categories);
    columns.initialBid[row] = initialBid;
    columns.reserve[row] = initialBid + priceOf(random.word(n, RESERVE));
    columns.dateTime[row] = dateTime;
    columns.expires[row] = dateTime + 1 + Math.floor(unit * this.#openUs);
  }

  /**
   * Writes the bids n, n + stride and so on, which belong to one cycle.
   * @param n number of an event that is a bid
   * @param stride distance of the events
   * @param count how many; all of them are bids of the cycle of n
   * @param columns where to
   * @param row index in the columns of the first
   */
  fillBids(n: number, stride: number, count: number, columns: BidColumns, row: number): void {
    const random = this.#random;
    const upper = Math.floor(n / TWO_POW_32);
    if (count > 1 && n + (count - 1) * stride >= (upper + 1) * TWO_POW_32) {
      // The draws' salts change within the cycle.
      for (let i = 0; i < count; i++) this.fillBids(n + i * stride, stride, 1, columns, row + i);
      return;
    }
    random.moveTo(upper);
    const { firstPersonId, firstAuctionId, hotBlock, activePeople, inFlightAuctions, idLead } = this.parameters;
    // Bids come last in their cycle: its persons and auctions all exist.
    const cycles = Math.floor(n / this.#cycle) + 1;
    const persons = cycles * this.#personProportion;
    const active = Math.min(persons, activePeople);
    const bidderFrom = firstPersonId + persons - active;
    const bidderScale = (active + idLead) / TWO_POW_32;
    const hotBidder = hotId(firstPersonId, persons, hotBlock) + 1;
    const hotBidderScale = this.parameters.hotBidderRatio / TWO_POW_32;
    const auctions = cycles * this.#auctionProportion;
    const inFlight = Math.min(auctions, inFlightAuctions);
    const auctionFrom = firstAuctionId + auctions - inFlight;
    const auctionScale = (inFlight + idLead) / TWO_POW_32;
    const hotAuction = hotId(firstAuctionId, auctions, hotBlock);
    const hotAuctionScale = this.parameters.hotAuctionRatio / TWO_POW_32;
    const { multipliers: m, salts: s } = random;
    const m0 = m[HOT_AUCTION]!;
    const s0 = s[HOT_AUCTION]!;
    const m1 = m[AUCTION]!;
    const s1 = s[AUCTION]!;
    const m2 = m[HOT_BIDDER]!;
    const s2 = s[HOT_BIDDER]!;
    const m3 = m[BIDDER]!;
    const s3 = s[BIDDER]!;
    const m4 = m[PRICE]!;
    const s4 = s[PRICE]!;
    const microsPerSecond = this.#microsPerSecond;
    const ratePerSecond = this.#ratePerSecond;
    const { auction, bidder, price, dateTime } = columns;
    for (let i = 0; i < count; i++) {
      const low = n | 0;
      // Both ids of a choice are made, and one is chosen by a multiplication: half of the branches would be mispredicted.
      const auctionChoice = ((mix(Math.imul(low, m0) + s0) >>> 0) * hotAuctionScale) | 0;
      const coldAuction = auctionFrom + Math.floor((mix(Math.imul(low, m1) + s1) >>> 0) * auctionScale);
      auction[row + i] = coldAuction + oneIfPositive(auctionChoice) * (hotAuction - coldAuction);
      const bidderChoice = ((mix(Math.imul(low, m2) + s2) >>> 0) * hotBidderScale) | 0;
      const coldBidder = bidderFrom + Math.floor((mix(Math.imul(low, m3) + s3) >>> 0) * bidderScale);
      bidder[row + i] = coldBidder + oneIfPositive(bidderChoice) * (hotBidder - coldBidder);
      price[row + i] = priceOf(mix(Math.imul(low, m4) + s4));
      dateTime[row + i] = Math.floor((n * microsPerSecond) / ratePerSecond);
      n += stride;
    }
  }

  /** An integer below `bound`, which is at most 2^32. */
  #below(n: number, draw: number, bound: number): number {
    return Math.floor(this.#random.word(n, draw) * (bound / TWO_POW_32));
  }
}

/** The first id of the latest block, when `count` ids from `first` on exist. */
function hotId(first: number, count: number, block: number): number {
  return first + Math.floor((count - 1) / block) * block;
}

/** 1 for a positive 32-bit integer and 0 for zero, without a branch. */
function oneIfPositive(value: number): number {
  return -value >>> 31;
}
