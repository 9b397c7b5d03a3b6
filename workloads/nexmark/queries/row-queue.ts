/** Rows of numbers in the order in which they came, for the variants without migration: a ring that doubles when it is full. */

/** A queue of rows; a row is named by its number, counted from 0 since the start, and stays readable until it is dropped. */
export class RowQueue {
  /** Number of the oldest row. */
  first = 0;
  /** Number of the next row. */
  end = 0;
  readonly #stride: number;
  #words: Float64Array;
  /** Rows that the ring has room for, less one; they are a power of two, so that a mask takes a number to its place. */
  #mask = 255;

  /** An empty queue of rows of `columns` numbers. */
  constructor(columns: number) {
    this.#stride = columns;
    this.#words = new Float64Array(columns * (this.#mask + 1));
  }

  /** Rows in the queue. */
  get size(): number {
    return this.end - this.first;
  }

  /** Adds a row, which the caller fills, and returns its number. */
  push(): number {
    if (this.size > this.#mask) this.#grow();
    return this.end++;
  }

  /** Value of a row in a column. */
  get(row: number, column: number): number {
    return this.#words[(row & this.#mask) * this.#stride + column]!;
  }

  /** Replaces the value of a row in a column. */
  set(row: number, column: number, value: number): void {
    this.#words[(row & this.#mask) * this.#stride + column] = value;
  }

  /** Removes the oldest row; there must be one. */
  drop(): void {
    this.first++;
  }

  #grow(): void {
    const stride = this.#stride;
    const old = this.#words;
    const oldRows = this.#mask + 1;
    this.#words = new Float64Array(2 * old.length);
    this.#mask = 2 * oldRows - 1;
    for (let row = this.first; row < this.end; row++) {
      const from = (row & (oldRows - 1)) * stride;
      this.#words.set(old.subarray(from, from + stride), (row & this.#mask) * stride);
    }
  }
}
