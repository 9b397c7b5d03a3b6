/**
 * Lists of rows by key, such as the auctions of a seller.
 *
 * A hash table holds the first row, last row and length of each key's list; the rows stand in an arena of the bin. Both
 * are containers of their own, which move together.
 */
import type { HashedBinning } from '../binning.ts';
import { checkSize } from './bin-error.ts';
import type { Bins } from './bins.ts';
import { HashTable } from './hash-table.ts';
import { NO_ROW, RowArena } from './row-arena.ts';

/** Settings of a {@link Multimap}. */
export interface MultimapOptions {
  /**
   * Keys that a bin has room for at first; it grows by doubling.
   * @default 4
   */
  readonly expectedKeysPerBin?: number;
  /**
   * Rows that a bin has room for at first; it grows by doubling.
   * @default 8
   */
  readonly expectedRowsPerBin?: number;
}

const KIND = 'Multimap';

/** Columns of the table of keys. */
const HEAD = 0;
const TAIL = 1;
const COUNT = 2;

/**
 * A table from keys (integers in 0..2^53 - 1) to lists of rows of `valueColumns` numbers, in the order of insertion.
 *
 * `first` and `append` choose the bin that row positions refer to: `next`, `get` and `set` hold for rows of the key that
 * was accessed last, until the next access to another key, `append`, a deletion or move of a bin.
 */
export class Multimap {
  /** Numbers in a row. */
  readonly valueColumns: number;
  /** The containers that it is made of; they move together. */
  readonly parts: { readonly keys: HashTable; readonly rows: RowArena };
  readonly #words: Float64Array;
  /** Where the rows of the bin that was accessed last begin. */
  #base = 0;

  /**
   * Lists of rows of `valueColumns` numbers, no bin hosted.
   * @throws {ContainerSizeError} when a size is not a positive integer.
   */
  constructor(bins: Bins<HashedBinning>, valueColumns: number, options: MultimapOptions = {}) {
    const expectedRows = options.expectedRowsPerBin ?? 8;
    checkSize(`${KIND}: valueColumns`, valueColumns, 1);
    checkSize(`${KIND}: expectedRowsPerBin`, expectedRows, 1);
    this.valueColumns = valueColumns;
    this.parts = {
      keys: new HashTable(bins, 3, { expectedEntriesPerBin: options.expectedKeysPerBin ?? 4 }),
      rows: new RowArena(bins, valueColumns, expectedRows),
    };
    this.#words = bins.extents.words;
  }

  /** Keys with at least one row, of all hosted bins. */
  get size(): number {
    return this.parts.keys.size;
  }

  /**
   * Adds a row of zeros to the end of the key's list and returns its position.
   * @throws {BinError} when the key's bin is not hosted.
   * @throws {KeyError} when the key is not an integer in 0..2^53 - 1.
   */
  append(key: number): number {
    const { keys, rows } = this.parts;
    const entry = keys.insert(key);
    const bin = keys.binOf(key);
    const row = rows.allocate(bin);
    this.#base = rows.baseOf(bin);
    if (keys.inserted) keys.set(entry, HEAD, row);
    else this.#words[this.#base + keys.get(entry, TAIL)] = row;
    keys.set(entry, TAIL, row);
    keys.set(entry, COUNT, keys.get(entry, COUNT) + 1);
    return row;
  }

  /**
   * Position of the key's first row, or -1 when it has none.
   * @throws {BinError} when the key's bin is not hosted.
   */
  first(key: number): number {
    return this.#end(key, HEAD);
  }

  /**
   * Position of the key's last row, or -1 when it has none.
   * @throws {BinError} when the key's bin is not hosted.
   */
  last(key: number): number {
    return this.#end(key, TAIL);
  }

  /** Position of the row after `row` in the list of the same key, or -1 when it is the last. */
  next(row: number): number {
    return this.#words[this.#base + row]!;
  }

  /** Value of a row in a column, from 0. */
  get(row: number, column: number): number {
    return this.#words[this.#base + row + 1 + column]!;
  }

  /** Replaces the value of a row in a column, from 0. */
  set(row: number, column: number, value: number): void {
    this.#words[this.#base + row + 1 + column] = value;
  }

  /**
   * Rows of the key.
   * @throws {BinError} when the key's bin is not hosted.
   */
  count(key: number): number {
    const { keys } = this.parts;
    const entry = keys.find(key);
    return entry < 0 ? 0 : keys.get(entry, COUNT);
  }

  /**
   * Removes all rows of the key, in constant time, and returns how many there were.
   * @throws {BinError} when the key's bin is not hosted.
   */
  deleteKey(key: number): number {
    const { keys, rows } = this.parts;
    const entry = keys.find(key);
    if (entry < 0) return 0;
    const count = keys.get(entry, COUNT);
    rows.free(keys.binOf(key), keys.get(entry, HEAD), keys.get(entry, TAIL), count);
    keys.delete(key);
    return count;
  }

  /**
   * Removes the first `count` rows of the key, or all when it has no more, in time linear in `count`.
   * @throws {BinError} when the key's bin is not hosted.
   */
  deleteFirst(key: number, count: number): void {
    const { keys, rows } = this.parts;
    const entry = keys.find(key);
    if (entry < 0 || count === 0) return;
    const left = keys.get(entry, COUNT) - count;
    if (left <= 0) {
      this.deleteKey(key);
      return;
    }
    const bin = keys.binOf(key);
    this.#base = rows.baseOf(bin);
    const head = keys.get(entry, HEAD);
    let last = head;
    for (let i = 1; i < count; i++) last = this.next(last);
    keys.set(entry, HEAD, this.next(last));
    keys.set(entry, COUNT, left);
    rows.free(bin, head, last, count);
  }

  /**
   * Calls `visit` for each key of the bin, in no particular order; `visit` may neither append nor delete.
   * @throws {BinError} when the bin is not hosted.
   */
  forEachKeyInBin(bin: number, visit: (key: number) => void): void {
    this.parts.keys.forEachInBin(bin, visit);
  }

  /**
   * Removes all rows of the keys of the bin for which `remove` says so; `remove` may neither append nor delete.
   * @throws {BinError} when the bin is not hosted.
   */
  deleteKeysInBin(bin: number, remove: (key: number) => boolean): void {
    const removed: number[] = [];
    this.forEachKeyInBin(bin, (key) => {
      if (remove(key)) removed.push(key);
    });
    for (const key of removed) this.deleteKey(key);
  }

  #end(key: number, column: number): number {
    const { keys, rows } = this.parts;
    const entry = keys.find(key);
    if (entry < 0) return NO_ROW;
    this.#base = rows.baseOf(keys.binOf(key));
    return keys.get(entry, column);
  }
}
