/** Linked rows of numbers, one arena per bin: the storage behind {@link Multimap}. */
import { HEADER_BUFFER_WORDS, HEADER_IMAGE_WORDS, ImageContainer } from './image-container.ts';

const KIND = 'RowArena';
const HEADER_WORDS = 4;
const HEADER_ENTRIES = 2;
const HEADER_FREE = 3;

/** Ends a list of rows. */
export const NO_ROW = -1;

/**
 * Rows [next, value 0, value 1, ...] at positions that hold until the bin moves. Removed rows form a list of free rows,
 * which moves along; an arena without rows starts afresh.
 */
export class RowArena extends ImageContainer {
  readonly #stride: number;
  readonly #initialRows: number;
  /** Words of each bin's arena that have been in use. */
  readonly #used: Float64Array;
  /** Rows in use of each bin. */
  readonly #entries: Float64Array;
  /** First free row of each bin, or NO_ROW. */
  readonly #free: Float64Array;

  constructor(binShift: number, valueColumns: number, initialRows: number) {
    super(KIND, binShift, new Float64Array(0), HEADER_WORDS);
    this.#stride = 1 + valueColumns;
    this.#initialRows = initialRows;
    this.#used = new Float64Array(this.images.length);
    this.#entries = new Float64Array(this.images.length);
    this.#free = new Float64Array(this.images.length).fill(NO_ROW);
  }

  /**
   * The rows of a bin; another array after `allocate`.
   * @throws {BinError} when the bin is not hosted.
   */
  rowsOf(bin: number): Float64Array {
    return this.imageOf(bin);
  }

  /**
   * Position of a new row of zeros that ends a list.
   * @throws {BinError} when the bin is not hosted.
   */
  allocate(bin: number): number {
    let rows = this.imageOf(bin);
    const stride = this.#stride;
    let row = this.#free[bin]!;
    if (row !== NO_ROW) {
      this.#free[bin] = rows[row]!;
    } else {
      row = this.#used[bin]!;
      if (row + stride > rows.length)
        rows = this.enlarge(bin, rows.length === 0 ? this.initialWords() : 2 * rows.length);
      this.#used[bin] = row + stride;
    }
    rows[row] = NO_ROW;
    for (let column = 1; column < stride; column++) rows[row + column] = 0;
    this.#entries[bin]!++;
    return row;
  }

  /** Frees the list from row `head` to row `tail`, `count` rows in all. */
  free(bin: number, head: number, tail: number, count: number): void {
    this.#entries[bin]! -= count;
    if (this.#entries[bin] === 0) {
      this.#used[bin] = 0;
      this.#free[bin] = NO_ROW;
    } else {
      this.imageOf(bin)[tail] = this.#free[bin]!;
      this.#free[bin] = head;
    }
  }

  /** Rows in use in the bin. */
  entries(bin: number): number {
    this.imageOf(bin);
    return this.#entries[bin]!;
  }

  protected initialWords(): number {
    return this.#initialRows * this.#stride;
  }

  protected describe(bin: number, header: Float64Array): void {
    header[HEADER_IMAGE_WORDS] = this.#used[bin]!;
    header[HEADER_BUFFER_WORDS] = this.imageOf(bin).length;
    header[HEADER_ENTRIES] = this.#entries[bin]!;
    header[HEADER_FREE] = this.#free[bin]!;
  }

  protected adopt(bin: number, header: Float64Array): void {
    this.#used[bin] = header[HEADER_IMAGE_WORDS]!;
    this.#entries[bin] = header[HEADER_ENTRIES]!;
    this.#free[bin] = header[HEADER_FREE]!;
  }

  protected forget(bin: number): void {
    this.#used[bin] = 0;
    this.#entries[bin] = 0;
    this.#free[bin] = NO_ROW;
  }
}
