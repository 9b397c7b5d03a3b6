/** Closings of auctions in the order of (expires, auction): a binary heap for the variants without migration. */

/** Numbers in a row: expires, auction, group, price. */
const ROW = 4;

/** A priority queue of rows of numbers; the first row is read by the getters. */
export class ClosingHeap {
  #rows = new Float64Array(ROW * 256);
  #used = 0;

  /** Rows in the heap. */
  get size(): number {
    return this.#used / ROW;
  }

  /** When the first auction closes; Infinity when there is none. */
  get expires(): number {
    return this.#used === 0 ? Infinity : this.#rows[0]!;
  }

  /** Id of the first auction. */
  get auction(): number {
    return this.#rows[1]!;
  }

  /** What the first auction's price counts for. */
  get group(): number {
    return this.#rows[2]!;
  }

  /** Price of the first auction. */
  get price(): number {
    return this.#rows[3]!;
  }

  /** Adds a closing. */
  push(expires: number, auction: number, group = 0, price = 0): void {
    if (this.#used === this.#rows.length) {
      const rows = new Float64Array(2 * this.#used);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    const rows = this.#rows;
    let at = this.#used;
    this.#used += ROW;
    while (at > 0) {
      const parent = ((at / ROW - 1) >> 1) * ROW;
      if (!(expires < rows[parent]! || (expires === rows[parent] && auction < rows[parent + 1]!))) break;
      moveRow(rows, parent, at);
      at = parent;
    }
    rows[at] = expires;
    rows[at + 1] = auction;
    rows[at + 2] = group;
    rows[at + 3] = price;
  }

  /** Removes the first closing. */
  pop(): void {
    this.#used -= ROW;
    const last = this.#used;
    let at = 0;
    for (;;) {
      let child = 2 * at + ROW;
      if (child >= last) break;
      if (child + ROW < last && this.#precedes(child + ROW, child)) child += ROW;
      if (!this.#precedes(child, last)) break;
      moveRow(this.#rows, child, at);
      at = child;
    }
    moveRow(this.#rows, last, at);
  }

  #precedes(a: number, b: number): boolean {
    const rows = this.#rows;
    return rows[a]! < rows[b]! || (rows[a] === rows[b] && rows[a + 1]! < rows[b + 1]!);
  }
}

function moveRow(rows: Float64Array, from: number, to: number): void {
  for (let i = 0; i < ROW; i++) rows[to + i] = rows[from + i]!;
}
