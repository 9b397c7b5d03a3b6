/** The auctions that closed with a winner: what the first operator of queries 4 and 6 hands to the averages. */
import { MAX_TIMESTAMP, Schema, type Timestamp } from 'megaphone-engine';

import type { QueryContext } from '../query.ts';

/**
 * Auction, its seller and category, price of the winning bid in cents, and when it closed, in microseconds of event time.
 * A record's timestamp is `closingTime(expires)`: later closings never have an earlier one, and the closings of one
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

/** When an auction that expires at the given event time is closed: by then every bid before `expires` was applied. */
export function closingTime({ parameters, eventTime }: QueryContext, expires: number): Timestamp {
  const step = parameters.closingStepTicks;
  return Math.min(MAX_TIMESTAMP, Math.ceil(eventTime.timerAt(expires) / step) * step);
}
