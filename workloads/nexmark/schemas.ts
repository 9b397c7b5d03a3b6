/** The three input streams of NEXMark. Times in microseconds of event time, prices in cents, texts as dictionary codes. */
import { Schema, type Stream } from 'megaphone-engine';

/** Persons who register. */
export const personSchema = new Schema({
  id: 'float64',
  name: 'int32',
  city: 'int32',
  state: 'int32',
  dateTime: 'float64',
});

/** Auctions that open. */
export const auctionSchema = new Schema({
  id: 'float64',
  seller: 'float64',
  category: 'int32',
  initialBid: 'float64',
  reserve: 'float64',
  dateTime: 'float64',
  expires: 'float64',
});

/** Bids. */
export const bidSchema = new Schema({
  auction: 'float64',
  bidder: 'float64',
  price: 'float64',
  dateTime: 'float64',
});

/** Columns of the persons. */
export type Persons = (typeof personSchema)['columns'];
/** Columns of the auctions. */
export type Auctions = (typeof auctionSchema)['columns'];
/** Columns of the bids. */
export type Bids = (typeof bidSchema)['columns'];

/** The events, one stream per kind. All three have the same frontier. */
export interface NexmarkStreams {
  /** Persons who register. */
  readonly persons: Stream<Persons>;
  /** Auctions that open. */
  readonly auctions: Stream<Auctions>;
  /** Bids. */
  readonly bids: Stream<Bids>;
}
