/** The auctions that closed with a winner: what the first operator of queries 4 and 6 hands to the averages. */
import { Schema } from 'megaphone-engine';

/**
 * Auction, its seller and category, price of the winning bid in cents, and when it closed, in microseconds of event time.
 * A record's timestamp is that of a timer at `expires`: later closings never have an earlier one, and the closings of one
 * timestamp come in any order.
 */
export const closedAuctionSchema = new Schema({
  auction: 'float64',
  seller: 'float64',
  category: 'float64',
  price: 'float64',
  expires: 'float64',
});

/** Columns of the closed auctions. */
export type ClosedAuctions = (typeof closedAuctionSchema)['columns'];
