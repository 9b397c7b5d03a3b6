/**
 * Query 3, incremental join: who sells in category 10 and lives in OR, ID or CA.
 *
 * Row: (name, city, state, auction), one per auction whose seller is in the input. Time: the later of the auction's and
 * the seller's dateTime, since either may come first.
 */
import type { NexmarkParameters } from '../parameters.ts';
import { query3States } from '../vocabulary.ts';
import type { NexmarkInput, OutputRow, Person } from './records.ts';

/**
 * Computes query 3.
 * @param input the whole input
 * @param parameters `q3Category` is used
 * @yields rows in the order of the auctions (so not always of time)
 */
export function* q3(input: NexmarkInput, parameters: NexmarkParameters): Generator<OutputRow> {
  const sellers = new Map<number, Person>();
  for (const person of input.persons) {
    if (query3States.includes(person.state)) sellers.set(person.id, person);
  }
  for (const auction of input.auctions) {
    const seller = sellers.get(auction.seller);
    if (auction.category !== parameters.q3Category || seller === undefined) continue;
    yield {
      timeUs: Math.max(auction.dateTime, seller.dateTime),
      values: [seller.name, seller.city, seller.state, auction.id],
    };
  }
}
