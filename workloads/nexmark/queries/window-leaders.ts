/**
 * Which auctions lead the sliding windows of query 5, as far as one worker has reported.
 *
 * Counts only rise, so an auction that does not lead a window among those reported before need not be reported for it. This
 * is a filter, not state: what it has forgotten is reported once more, which changes no result.
 */

/** The leading auction of each of the latest windows. A window is named by its end, a slice by its start, in slides. */
export class WindowLeaders {
  readonly #slices: number;
  /** Ends, leaders and their bids of the windows, by end modulo the length. */
  readonly #ends: Float64Array;
  readonly #auctions: Float64Array;
  readonly #bids: Float64Array;
  /** What `least` has found out, for one slice. */
  #leastSlice = -1;
  #least = 0;

  /** Knows no leader; a window has `slices` slices. */
  constructor(slices: number) {
    // Twice the windows that share a slice: events that come out of order seldom forget one another's windows.
    const length = 2 * slices;
    this.#slices = slices;
    this.#ends = new Float64Array(length);
    this.#auctions = new Float64Array(length);
    this.#bids = new Float64Array(length);
  }

  /** The fewest bids that lead any of the windows with the slice: an auction with fewer leads none of them. */
  least(slice: number): number {
    return slice === this.#leastSlice ? this.#least : this.#findLeast(slice);
  }

  /** Whether an auction with `bids` bids leads the window that ends at `end`; if so it is the leader from now on. */
  raise(end: number, auction: number, bids: number): boolean {
    const at = end % this.#ends.length;
    if (this.#ends[at] === end) {
      const most = this.#bids[at]!;
      if (bids < most || (bids === most && auction >= this.#auctions[at]!)) return false;
    } else if (this.#ends[at]! > end) {
      return true;
    }
    this.#ends[at] = end;
    this.#auctions[at] = auction;
    this.#bids[at] = bids;
    this.#leastSlice = -1;
    return true;
  }

  #findLeast(slice: number): number {
    let least = Infinity;
    for (let end = slice + 1; end <= slice + this.#slices; end++) {
      const at = end % this.#ends.length;
      least = Math.min(least, this.#ends[at] === end ? this.#bids[at]! : 0);
    }
    this.#leastSlice = slice;
    this.#least = least;
    return least;
  }
}
