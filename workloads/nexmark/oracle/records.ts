/**
 * What the oracle reads and writes: plain objects, one per record. Times are whole microseconds of event time, prices are
 * whole cents, texts are codes of the dictionaries of vocabulary.ts.
 */

/** A person registers. */
export interface Person {
  /** Unique id. */
  readonly id: number;
  /** Code in `names`. */
  readonly name: number;
  /** Code in `cities`. */
  readonly city: number;
  /** Code in `states`. */
  readonly state: number;
  /** Time of registration. */
  readonly dateTime: number;
}

/** An auction opens. */
export interface Auction {
  /** Unique id. */
  readonly id: number;
  /** Id of the person who sells; that person may register later, or never. */
  readonly seller: number;
  /** The category. */
  readonly category: number;
  /** The lowest price asked for. */
  readonly initialBid: number;
  /** The lowest price that wins. */
  readonly reserve: number;
  /** Time at which it opens. */
  readonly dateTime: number;
  /** Time at which it closes; later than `dateTime`. */
  readonly expires: number;
}

/** A person bids. */
export interface Bid {
  /** Id of the auction, which may be closed, may open later, or never. */
  readonly auction: number;
  /** Id of the person who bids. */
  readonly bidder: number;
  /** The price. */
  readonly price: number;
  /** Time of the bid. */
  readonly dateTime: number;
}

/**
 * A whole input. Each list is in the order of the events, so its times never fall; a list may be iterated more than once
 * (an array may, a generator object may not).
 */
export interface NexmarkInput {
  /** All persons. */
  readonly persons: Iterable<Person, undefined>;
  /** All auctions. */
  readonly auctions: Iterable<Auction, undefined>;
  /** All bids. */
  readonly bids: Iterable<Bid, undefined>;
}

/** A row that a query emits. */
export interface OutputRow {
  /** Event time of the row, in microseconds. */
  readonly timeUs: number;
  /** The columns of the row, in the order that the query's file documents. */
  readonly values: readonly number[];
}
