/**
 * Query 2, selection: the bids of every 123rd auction.
 *
 * Row: (auction, price). Time: the bid's.
 */
import type { NexmarkParameters } from '../parameters.ts';
import type { NexmarkInput, OutputRow } from './records.ts';

/**
 * Computes query 2.
 * @param input the whole input
 * @param parameters `q2Modulus` is used
 * @yields rows in the order of the bids
 */
export function* q2(input: NexmarkInput, parameters: NexmarkParameters): Generator<OutputRow> {
  for (const { auction, price, dateTime } of input.bids) {
    if (auction % parameters.q2Modulus === 0) yield { timeUs: dateTime, values: [auction, price] };
  }
}
