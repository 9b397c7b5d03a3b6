/** The open auctions of a worker in slots of typed arrays, for the variants without migration. */
import { doubled } from './doubled.ts';

/** A table from auction ids to slots; a slot is valid until its auction is deleted. */
export class OpenAuctions {
  /** Sellers by slot. */
  seller = new Float64Array(256);
  /** Categories by slot. */
  category = new Float64Array(256);
  /** Lowest prices that win, by slot. */
  reserve = new Float64Array(256);
  /** Opening times by slot, in microseconds of event time. */
  opens = new Float64Array(256);
  /** Closing times by slot, in microseconds of event time. */
  expires = new Float64Array(256);
  /** Highest valid bids by slot; 0 when there is none. */
  price = new Float64Array(256);
  readonly #slots = new Map<number, number>();
  readonly #free: number[] = [];
  #used = 0;

  /** Open auctions. */
  get size(): number {
    return this.#slots.size;
  }

  /** The slot of an auction, or undefined. */
  find(auction: number): number | undefined {
    return this.#slots.get(auction);
  }

  /** Gives an auction a slot, without a valid bid; the caller fills in the other columns. */
  add(auction: number): number {
    const slot = this.#free.pop() ?? this.#used++;
    if (slot === this.price.length) this.#grow();
    this.price[slot] = 0;
    this.#slots.set(auction, slot);
    return slot;
  }

  /** Takes the slot of an auction away. */
  delete(auction: number, slot: number): void {
    this.#slots.delete(auction);
    this.#free.push(slot);
  }

  #grow(): void {
    this.seller = doubled(this.seller);
    this.category = doubled(this.category);
    this.reserve = doubled(this.reserve);
    this.opens = doubled(this.opens);
    this.expires = doubled(this.expires);
    this.price = doubled(this.price);
  }
}
