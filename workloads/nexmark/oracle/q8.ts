/**
 * Query 8, monitor new users: who opened an auction within 12 h after registering.
 *
 * Row: (person, name, auction), one per such auction (a join: a person who opened three auctions has three rows).
 * Time: the auction's dateTime. An auction matches if
 * person.dateTime <= auction.dateTime < person.dateTime + q8WindowUs; times decide, not the order of the events, so an
 * auction in the same microsecond as the registration matches, and one that names a person who registers later does not.
 */
import type { NexmarkParameters } from '../parameters.ts';
import type { NexmarkInput, OutputRow, Person } from './records.ts';

/**
 * Computes query 8.
 * @param input the whole input
 * @param parameters `q8WindowUs` is used
 * @yields rows in the order of the auctions
 */
export function* q8(input: NexmarkInput, parameters: NexmarkParameters): Generator<OutputRow> {
  const persons = new Map<number, Person>();
  for (const person of input.persons) persons.set(person.id, person);
  for (const { id, seller, dateTime } of input.auctions) {
    const person = persons.get(seller);
    if (person === undefined) continue;
    const sinceUs = dateTime - person.dateTime;
    if (sinceUs >= 0 && sinceUs < parameters.q8WindowUs) {
      yield { timeUs: dateTime, values: [person.id, person.name, id] };
    }
  }
}
