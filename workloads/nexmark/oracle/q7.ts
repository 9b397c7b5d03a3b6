/**
 * Query 7, highest bid: the highest price of each window of 10 s.
 *
 * Row: (price). Time: the end of the window. Window k holds the bids with k * q7WindowUs <= dateTime < (k + 1) * q7WindowUs.
 * A window without bids has no row; at the end of the input the last window is emitted, too.
 */
import type { NexmarkParameters } from '../parameters.ts';
import type { NexmarkInput, OutputRow } from './records.ts';

/**
 * Computes query 7.
 * @param input the whole input
 * @param parameters `q7WindowUs` is used
 * @yields rows in the order of time
 */
export function* q7(input: NexmarkInput, parameters: NexmarkParameters): Generator<OutputRow> {
  const highest = new Map<number, number>();
  for (const { price, dateTime } of input.bids) {
    const end = (Math.floor(dateTime / parameters.q7WindowUs) + 1) * parameters.q7WindowUs;
    highest.set(end, Math.max(price, highest.get(end) ?? 0));
  }
  for (const [timeUs, price] of [...highest].sort(([a], [b]) => a - b)) yield { timeUs, values: [price] };
}
