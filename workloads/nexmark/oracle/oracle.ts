/**
 * The oracle: queries 1 to 8 computed in one thread from the whole input, straight from their definitions. What the
 * dataflow emits must be the same rows, as a multiset of (timeUs, values).
 *
 * The rows are a function of the input's event times alone, not of the order in which workers see the events. The end of
 * the input closes everything that is open: all windows and auctions emit their rows, also those whose time is after
 * the last event, as all pending timers of a dataflow fire when its inputs close.
 */
import type { NexmarkParameters } from '../parameters.ts';
import { q1 } from './q1.ts';
import { q2 } from './q2.ts';
import { q3 } from './q3.ts';
import { q4 } from './q4.ts';
import { q5 } from './q5.ts';
import { q6 } from './q6.ts';
import { q7 } from './q7.ts';
import { q8 } from './q8.ts';
import type { NexmarkInput, OutputRow } from './records.ts';

const queries = { q1, q2, q3, q4, q5, q6, q7, q8 } as const;

/** A query's name, as in a run's workload. */
export type NexmarkQuery = keyof typeof queries;

/** The names of all queries, `q1` to `q8`. */
export const nexmarkQueries = Object.keys(queries) as readonly NexmarkQuery[];

/**
 * Computes a query.
 * @param query which
 * @param input the whole input
 * @param parameters the same that the dataflow is given
 * @returns the rows, computed while they are iterated; each query's file says what a row is and in which order they come
 */
export function oracle(query: NexmarkQuery, input: NexmarkInput, parameters: NexmarkParameters): Iterable<OutputRow> {
  return queries[query](input, parameters);
}
