/** Linked rows of numbers, one arena per bin: the storage behind {@link Multimap}. */
import type { Bins } from './bins.ts';
import type { Image } from './container.ts';
import { ExtentContainer } from './extent-container.ts';

const KIND = 'RowArena';

/** Ends a list of rows. */
export const NO_ROW = -1;

/**
 * Rows [next, value 0, value 1, ...] at positions, relative to the bin's extent, that hold wherever the bin moves. Removed
 * rows form a list of free rows, which moves along; an arena without rows starts afresh.
 */
export class RowArena extends ExtentContainer {
  readonly #stride: number;
  readonly #initialRows: number;
  /** Words of each bin's arena that have been in use. */
  readonly #used: Int32Array;
  /** Rows in use of each bin. */
  readonly #entries: Int32Array;
  /** First free row of each bin, or NO_ROW. */
  readonly #free: Int32Array;

  constructor({ binning, extents }: Bins, valueColumns: number, initialRows: number) {
    super(KIND, binning.binShift, extents);
    this.#stride = 1 + valueColumns;
    this.#initialRows = initialRows;
    this.#used = new Int32Array(this.offsets.length);
    this.#entries = new Int32Array(this.offsets.length);
    this.#free = new Int32Array(this.offsets.length).fill(NO_ROW);
  }

  /**
   * Where the rows of a bin begin in the words of the memory; elsewhere after `allocate`.
   * @throws {BinError} when the bin is not hosted.
   */
  baseOf(bin: number): number {
    return this.offsetOf(bin);
  }

  /**
   * Position of a new row of zeros that ends a list.
   * @throws {BinError} when the bin is not hosted.
   */
  allocate(bin: number): number {
    let base = this.offsetOf(bin);
    const stride = this.#stride;
    const words = this.words;
    let row = this.#free[bin]!;
    if (row !== NO_ROW) {
      this.#free[bin] = words[base + row]!;
    } else {
      row = this.#used[bin]!;
      if (row + stride > this.capacities[bin]!) base = this.enlarge(bin);
      this.#used[bin] = row + stride;
      this.countUsed(stride);
    }
    words[base + row] = NO_ROW;
    for (let column = 1; column < stride; column++) words[base + row + column] = 0;
    this.#entries[bin]!++;
    return row;
  }

  /** Frees the list from row `head` to row `tail`, `count` rows in all. */
  free(bin: number, head: number, tail: number, count: number): void {
    this.#entries[bin]! -= count;
    if (this.#entries[bin] === 0) {
      this.countUsed(-this.#used[bin]!);
      this.#used[bin] = 0;
      this.#free[bin] = NO_ROW;
    } else {
      this.words[this.offsetOf(bin) + tail] = this.#free[bin]!;
      this.#free[bin] = head;
    }
  }

  /** Rows in use in the bin. */
  entries(bin: number): number {
    this.requireHosted(bin);
    return this.#entries[bin]!;
  }

  protected override initialWords(): number {
    return this.#initialRows * this.#stride;
  }

  protected override usedWords(bin: number): number {
    return this.#used[bin]!;
  }

  protected override leaving(bin: number, image: Image): void {
    image.detail = this.#entries[bin]!;
    image.detail2 = this.#free[bin]!;
    this.#used[bin] = 0;
    this.#entries[bin] = 0;
    this.#free[bin] = NO_ROW;
  }

  protected override arriving(bin: number, image: Image): void {
    this.#used[bin] = image.used;
    this.#entries[bin] = image.detail;
    this.#free[bin] = image.detail2;
  }
}
