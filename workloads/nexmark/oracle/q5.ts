/**
 * Query 5, hot items: at each slide, the auction with the most bids of the window that ends there.
 *
 * Row: (auction, bids). Time: the end of the window, a multiple of the slide. The window holds the bids with
 * end - q5WindowUs <= dateTime < end, over all auctions; of equal counts the lowest auction id is emitted. A window without
 * bids has no row. At the end of the input every window that holds a bid is emitted, also those that end after the last event.
 */
import type { NexmarkParameters } from '../parameters.ts';
import type { NexmarkInput, OutputRow } from './records.ts';

/**
 * Computes query 5.
 * @param input the whole input; its bids are iterated twice, at both ends of the window
 * @param parameters `q5WindowUs` and `q5SlideUs` are used
 * @yields rows in the order of time
 */
export function* q5(input: NexmarkInput, parameters: NexmarkParameters): Generator<OutputRow> {
  const { q5WindowUs, q5SlideUs } = parameters;
  const counts = new Map<number, number>();
  const entering = input.bids[Symbol.iterator]();
  const leaving = input.bids[Symbol.iterator]();
  let newest = entering.next().value;
  let oldest = leaving.next().value;
  for (let end = q5SlideUs; oldest !== undefined; end += q5SlideUs) {
    while (newest !== undefined && newest.dateTime < end) {
      counts.set(newest.auction, (counts.get(newest.auction) ?? 0) + 1);
      newest = entering.next().value;
    }
    while (oldest !== undefined && oldest.dateTime < end - q5WindowUs) {
      const count = (counts.get(oldest.auction) ?? 0) - 1;
      if (count === 0) counts.delete(oldest.auction);
      else counts.set(oldest.auction, count);
      oldest = leaving.next().value;
    }
    if (counts.size > 0) yield { timeUs: end, values: hottest(counts) };
  }
}

/** The auction with the most bids, the lowest id on ties, and its bids. */
function hottest(counts: ReadonlyMap<number, number>): [auction: number, bids: number] {
  let best: [number, number] = [0, 0];
  for (const [auction, bids] of counts) {
    if (bids > best[1] || (bids === best[1] && auction < best[0])) best = [auction, bids];
  }
  return best;
}
