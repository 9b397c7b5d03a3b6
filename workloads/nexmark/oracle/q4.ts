/**
 * Query 4, average price per category: the running average of the winning prices, one row per closed auction with a winner.
 *
 * Row: (category, average). Time: the `expires` of the auction that closed. The closings of a category count in the order
 * of (expires, auction id); average = sum / count as doubles, where the sum is an integer and exact below 2^53.
 */
import { closedAuctions } from './closed-auctions.ts';
import type { NexmarkInput, OutputRow } from './records.ts';

/**
 * Computes query 4.
 * @param input the whole input
 * @yields rows in the order of (expires, auction id)
 */
export function* q4(input: NexmarkInput): Generator<OutputRow> {
  const totals = new Map<number, { sum: number; count: number }>();
  for (const { auction, price } of closedAuctions(input)) {
    const total = totals.get(auction.category) ?? { sum: 0, count: 0 };
    totals.set(auction.category, total);
    total.sum += price;
    total.count += 1;
    yield { timeUs: auction.expires, values: [auction.category, total.sum / total.count] };
  }
}
