/** Bids that wait for their auction, for the variants without migration. */
import { doubled } from './doubled.ts';

/** Bids in the order of arrival, in columns that grow. */
export class HeldBids {
  /** Auction ids. */
  auction = new Float64Array(256);
  /** Prices in cents. */
  price = new Float64Array(256);
  /** Times of the bids in microseconds of event time. */
  dateTime = new Float64Array(256);
  /** Number of bids: rows `0 .. length - 1` of the columns. */
  length = 0;

  /** Adds a bid. */
  push(auction: number, price: number, dateTime: number): void {
    if (this.length === this.auction.length) {
      this.auction = doubled(this.auction);
      this.price = doubled(this.price);
      this.dateTime = doubled(this.dateTime);
    }
    const row = this.length++;
    this.auction[row] = auction;
    this.price[row] = price;
    this.dateTime[row] = dateTime;
  }
}
