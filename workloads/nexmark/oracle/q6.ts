/**
 * Query 6, average selling price by seller: over the last 10 auctions of the seller that closed with a winner.
 *
 * Row: (seller, average), one per closed auction with a winner. Time: its `expires`. The closings of a seller are ordered
 * by (expires, auction id); average = sum / count as doubles, where count is less than 10 at first.
 */
import type { NexmarkParameters } from '../parameters.ts';
import { closedAuctions } from './closed-auctions.ts';
import type { NexmarkInput, OutputRow } from './records.ts';

/**
 * Computes query 6.
 * @param input the whole input
 * @param parameters `q6Closings` is used
 * @yields rows in the order of (expires, auction id)
 */
export function* q6(input: NexmarkInput, parameters: NexmarkParameters): Generator<OutputRow> {
  const lastPrices = new Map<number, number[]>();
  for (const { auction, price } of closedAuctions(input)) {
    const prices = [...(lastPrices.get(auction.seller) ?? []), price].slice(-parameters.q6Closings);
    lastPrices.set(auction.seller, prices);
    const sum = prices.reduce((a, b) => a + b);
    yield { timeUs: auction.expires, values: [auction.seller, sum / prices.length] };
  }
}
