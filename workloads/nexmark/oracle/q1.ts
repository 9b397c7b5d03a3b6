/**
 * Query 1, currency conversion: every bid with its price in euro.
 *
 * Row: (auction, bidder, price). Time: the bid's. The price is price * 89 / 100 as a double, in cents of a euro; it is not rounded.
 */
import type { NexmarkInput, OutputRow } from './records.ts';

/**
 * Computes query 1.
 * @param input the whole input
 * @yields rows in the order of the bids
 */
export function* q1(input: NexmarkInput): Generator<OutputRow> {
  for (const { auction, bidder, price, dateTime } of input.bids) {
    yield { timeUs: dateTime, values: [auction, bidder, (price * 89) / 100] };
  }
}
