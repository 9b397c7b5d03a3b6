/**
 * The auctions that closed with a winner, for queries 4 and 6.
 *
 * A bid is valid if auction.dateTime <= bid.dateTime < auction.expires and bid.price >= auction.reserve; times decide, not
 * the order of the events (several events may share a microsecond). The winner is the valid bid with the highest price,
 * the earliest of these. An auction without a valid bid has no winner and is left out.
 *
 * At the end of the input all auctions close, also those that expire after the last event.
 */
import type { Auction, NexmarkInput } from './records.ts';

/** An auction with the price it was sold for. */
export interface ClosedAuction {
  /** The auction; it closed at its `expires`. */
  readonly auction: Auction;
  /** Price of the winning bid. */
  readonly price: number;
}

/**
 * Finds the winners.
 * @param input the whole input
 * @returns the closed auctions that have a winner, ordered by (expires, id)
 */
export function closedAuctions(input: NexmarkInput): ClosedAuction[] {
  const auctions = new Map<number, Auction>();
  for (const auction of input.auctions) auctions.set(auction.id, auction);

  // Of equal prices the earliest wins; which one that is shows in no output, so the price alone is kept.
  const winningPrices = new Map<number, number>();
  for (const bid of input.bids) {
    const auction = auctions.get(bid.auction);
    if (auction === undefined) continue;
    if (bid.dateTime < auction.dateTime || bid.dateTime >= auction.expires || bid.price < auction.reserve) continue;
    winningPrices.set(bid.auction, Math.max(bid.price, winningPrices.get(bid.auction) ?? 0));
  }

  const closed: ClosedAuction[] = [];
  for (const auction of auctions.values()) {
    const price = winningPrices.get(auction.id);
    if (price !== undefined) closed.push({ auction, price });
  }
  return closed.sort((a, b) => a.auction.expires - b.auction.expires || a.auction.id - b.auction.id);
}
