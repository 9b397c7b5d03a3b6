/**
 * Rows of numbers by key: one open-addressing table per bin, which is also the form in which the bin travels.
 *
 * A row is [key, value 0, value 1, ...]; rows of a table are a power of two, at most about 0.6 of them used, probed linearly
 * from the low bits of the key's hash (the bin is made of the top ones). A table never shrinks.
 */
import { type HashedBinning, hashKey } from '../hash.ts';
import { checkSize, KeyError } from './bin-error.ts';
import { HEADER_BUFFER_WORDS, HEADER_IMAGE_WORDS, ImageContainer } from './image-container.ts';

/** Settings of a {@link HashTable}. */
export interface HashTableOptions {
  /**
   * Entries that a bin's first table has room for; it doubles when more come.
   * @default 4
   */
  readonly expectedEntriesPerBin?: number;
}

const KIND = 'HashTable';
/** Stands in the key column of unused rows; keys are not negative. */
const NO_KEY = -1;
const NO_ROW = -1;
const MIN_ROWS = 8;
const HEADER_WORDS = 3;
const HEADER_ENTRIES = 2;

/** Whether a table of `mask + 1` rows with `entries` entries has to grow before the next; always for the empty image. */
function isFull(entries: number, mask: number): boolean {
  return entries * 5 >= mask * 3;
}

/**
 * A table from keys (integers in 0..2^53 - 1) to rows of `valueColumns` numbers.
 *
 * `find` and `insert` return a *row position* in `table`, which both set; position and `table` hold until the next
 * `insert`, `add`, `delete`, `find` or move of a bin.
 */
export class HashTable extends ImageContainer {
  /** Numbers in a row besides its key. */
  readonly valueColumns: number;
  /** Table of the bin that was accessed last; row positions point into it. For reading and for storing values only. */
  table: Float64Array;
  /** Bin that was accessed last. */
  bin = 0;
  /** Whether the last `insert` found no row and made one. */
  inserted = false;
  readonly #stride: number;
  readonly #binDrop: number;
  readonly #initialRows: number;
  /** Rows of each bin's table, less one. */
  readonly #masks: Int32Array;
  /** Entries of each bin. */
  readonly #entries: Int32Array;
  #size = 0;

  /**
   * A table of rows of `valueColumns` numbers that hosts no bin.
   * @throws {ContainerSizeError} when a size is not a positive integer.
   */
  constructor(binning: HashedBinning, valueColumns: number, options: HashTableOptions = {}) {
    const expected = options.expectedEntriesPerBin ?? 4;
    checkSize(`${KIND}: valueColumns`, valueColumns, 1);
    checkSize(`${KIND}: expectedEntriesPerBin`, expected, 1);
    super(KIND, binning.binShift, new Float64Array(1 + valueColumns).fill(NO_KEY), HEADER_WORDS);
    this.valueColumns = valueColumns;
    this.table = this.emptyImage;
    this.#stride = 1 + valueColumns;
    this.#binDrop = 32 - binning.binShift;
    this.#masks = new Int32Array(this.images.length);
    this.#entries = new Int32Array(this.images.length);
    let rows = MIN_ROWS;
    while (isFull(expected - 1, rows - 1)) rows *= 2;
    this.#initialRows = rows;
  }

  /** Entries of all hosted bins. */
  get size(): number {
    return this.#size;
  }

  /** Bin of a key, whether hosted or not. */
  binOf(key: number): number {
    return hashKey(key) >>> this.#binDrop;
  }

  /**
   * Position of the key's row, or -1 when it has none.
   * @throws {BinError} when the key's bin is not hosted.
   */
  find(key: number): number {
    const hash = hashKey(key);
    const bin = hash >>> this.#binDrop;
    const table = this.images[bin];
    if (table === undefined) throw this.missing(bin);
    this.table = table;
    this.bin = bin;
    const stride = this.#stride;
    const mask = this.#masks[bin]!;
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const row = index * stride;
      const found = table[row]!;
      if (found === NO_KEY) return NO_ROW;
      if (found === key) return row;
    }
  }

  /**
   * Position of the key's row, which is made with zeros when there was none; `inserted` tells.
   * @throws {BinError} when the key's bin is not hosted.
   * @throws {KeyError} when the key is not an integer in 0..2^53 - 1.
   */
  insert(key: number): number {
    const hash = hashKey(key);
    const bin = hash >>> this.#binDrop;
    const table = this.images[bin];
    if (table === undefined) throw this.missing(bin);
    const stride = this.#stride;
    const mask = this.#masks[bin]!;
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const row = index * stride;
      const found = table[row]!;
      if (found === key && found !== NO_KEY) {
        this.table = table;
        this.bin = bin;
        this.inserted = false;
        return row;
      }
      if (found === NO_KEY) return this.#insertAt(table, row, key, hash, bin);
    }
  }

  /**
   * Adds `delta` to the key's first value, which is zero when it had no row, and returns the sum.
   * @throws {BinError} when the key's bin is not hosted.
   * @throws {KeyError} when the key is not an integer in 0..2^53 - 1.
   */
  add(key: number, delta: number): number {
    const hash = hashKey(key);
    const bin = hash >>> this.#binDrop;
    const table = this.images[bin];
    if (table === undefined) throw this.missing(bin);
    const stride = this.#stride;
    const mask = this.#masks[bin]!;
    // A search of its own: setting the fields that describe the row, as `insert` does, costs a fifth of the time.
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const row = index * stride;
      const found = table[row]!;
      if (found === key && found !== NO_KEY) {
        const sum = table[row + 1]! + delta;
        table[row + 1] = sum;
        return sum;
      }
      if (found === NO_KEY) {
        this.set(this.#insertAt(table, row, key, hash, bin), 0, delta);
        return delta;
      }
    }
  }

  /** Value of a row in a column, from 0. */
  get(row: number, column: number): number {
    return this.table[row + 1 + column]!;
  }

  /** Replaces the value of a row in a column, from 0. */
  set(row: number, column: number, value: number): void {
    this.table[row + 1 + column] = value;
  }

  /**
   * Removes the key's row; returns whether it had one.
   * @throws {BinError} when the key's bin is not hosted.
   */
  delete(key: number): boolean {
    const row = this.find(key);
    if (row === NO_ROW) return false;
    const table = this.table;
    const stride = this.#stride;
    const mask = this.#masks[this.bin]!;
    let hole = row / stride;
    // Backward shift: a later row of the run moves into the hole unless its home lies behind the hole, so that no search
    // from a home to its row ever meets an unused row.
    for (let index = (hole + 1) & mask; ; index = (index + 1) & mask) {
      const from = index * stride;
      const other = table[from]!;
      if (other === NO_KEY) break;
      const home = hashKey(other) & mask;
      if (((index - home) & mask) < ((index - hole) & mask)) continue;
      for (let column = 0; column < stride; column++) table[hole * stride + column] = table[from + column]!;
      hole = index;
    }
    table[hole * stride] = NO_KEY;
    this.#entries[this.bin]!--;
    this.#size--;
    return true;
  }

  /**
   * Calls `visit` for each row of the bin, in no particular order; `visit` may change values, but neither insert nor delete.
   * @throws {BinError} when the bin is not hosted.
   */
  forEachInBin(bin: number, visit: (key: number, row: number) => void): void {
    const table = this.imageOf(bin);
    const end = (this.#masks[bin]! + 1) * this.#stride;
    for (let row = 0; row < end; row += this.#stride) {
      const key = table[row]!;
      if (key === NO_KEY) continue;
      this.table = table;
      this.bin = bin;
      visit(key, row);
    }
  }

  /**
   * Removes the rows of the bin for which `remove` says so; `remove` may change values, but neither insert nor delete.
   * @throws {BinError} when the bin is not hosted.
   */
  deleteInBin(bin: number, remove: (key: number, row: number) => boolean): void {
    const removed: number[] = [];
    this.forEachInBin(bin, (key, row) => {
      if (remove(key, row)) removed.push(key);
    });
    for (const key of removed) this.delete(key);
  }

  /** Entries in the bin. */
  entries(bin: number): number {
    this.imageOf(bin);
    return this.#entries[bin]!;
  }

  protected initialWords(): number {
    return this.#initialRows * this.#stride;
  }

  protected describe(bin: number, header: Float64Array): void {
    const words = (this.#masks[bin]! + 1) * this.#stride;
    header[HEADER_IMAGE_WORDS] = words;
    header[HEADER_BUFFER_WORDS] = words;
    header[HEADER_ENTRIES] = this.#entries[bin]!;
  }

  protected adopt(bin: number, header: Float64Array): void {
    const entries = header[HEADER_ENTRIES]!;
    this.#masks[bin] = header[HEADER_IMAGE_WORDS]! / this.#stride - 1;
    this.#entries[bin] = entries;
    this.#size += entries;
  }

  protected forget(bin: number): void {
    this.#size -= this.#entries[bin]!;
    this.#entries[bin] = 0;
    this.#masks[bin] = 0;
    // A stale row position must not reach a buffer that another bin may get.
    this.table = this.emptyImage;
  }

  #insertAt(table: Float64Array, row: number, key: number, hash: number, bin: number): number {
    if (!(Number.isSafeInteger(key) && key >= 0)) throw new KeyError(KIND, key, 'an integer in 0..2^53 - 1');
    const stride = this.#stride;
    if (isFull(this.#entries[bin]!, this.#masks[bin]!)) {
      table = this.#enlargeTable(bin);
      row = unusedRow(table, hash, this.#masks[bin]!, stride);
    }
    table[row] = key;
    for (let column = 1; column < stride; column++) table[row + column] = 0;
    this.#entries[bin]!++;
    this.#size++;
    this.table = table;
    this.bin = bin;
    this.inserted = true;
    return row;
  }

  #enlargeTable(bin: number): Float64Array {
    const stride = this.#stride;
    const old = this.imageOf(bin);
    const oldEnd = (this.#masks[bin]! + 1) * stride;
    const rows = old === this.emptyImage ? this.#initialRows : 2 * (this.#masks[bin]! + 1);
    const table = this.pool.acquire(rows * stride).fill(NO_KEY);
    for (let row = 0; row < oldEnd; row += stride) {
      const key = old[row]!;
      if (key === NO_KEY) continue;
      const to = unusedRow(table, hashKey(key), rows - 1, stride);
      for (let column = 0; column < stride; column++) table[to + column] = old[row + column]!;
    }
    this.images[bin] = table;
    this.#masks[bin] = rows - 1;
    return table;
  }
}

/** Position of the first unused row from the home of `hash`. */
function unusedRow(table: Float64Array, hash: number, mask: number, stride: number): number {
  let index = hash & mask;
  while (table[index * stride] !== NO_KEY) index = (index + 1) & mask;
  return index * stride;
}
