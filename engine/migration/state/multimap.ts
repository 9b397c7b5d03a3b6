/**
 * Lists of rows by key, such as the auctions of a seller.
 *
 * A hash table holds the first row, last row and length of each key's list; the rows stand in an arena of the bin. A bin
 * travels as the table's chunks, then the arena's.
 */
import type { HashedBinning } from '../hash.ts';
import { BinError, checkSize } from './bin-error.ts';
import type { BinContainer, ChunkWriter } from './container.ts';
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
const NO_ROWS = new Float64Array(0);

/** Columns of the table of keys. */
const HEAD = 0;
const TAIL = 1;
const COUNT = 2;

/**
 * A table from keys (integers in 0..2^53 - 1) to lists of rows of `valueColumns` numbers, in the order of insertion.
 *
 * `first` and `append` choose the bin that row positions refer to: `next`, `get` and `set` hold for rows of the key that
 * was accessed last, until the next access to another key, `append`, `deleteKey` or move of a bin.
 */
export class Multimap implements BinContainer {
  /** Numbers in a row. */
  readonly valueColumns: number;
  readonly #binning: HashedBinning;
  readonly #keys: HashTable;
  readonly #arena: RowArena;
  /** Bins whose table of keys has arrived, but not all of their rows. */
  readonly #halfArrived = new Set<number>();
  /** Rows of the bin that was accessed last. */
  #rows: Float64Array = NO_ROWS;

  /**
   * Lists of rows of `valueColumns` numbers, no bin hosted.
   * @throws {ContainerSizeError} when a size is not a positive integer.
   */
  constructor(binning: HashedBinning, valueColumns: number, options: MultimapOptions = {}) {
    const expectedRows = options.expectedRowsPerBin ?? 8;
    checkSize(`${KIND}: valueColumns`, valueColumns, 1);
    checkSize(`${KIND}: expectedRowsPerBin`, expectedRows, 1);
    this.valueColumns = valueColumns;
    this.#binning = binning;
    this.#keys = new HashTable(binning, 3, { expectedEntriesPerBin: options.expectedKeysPerBin ?? 4 });
    this.#arena = new RowArena(binning.binShift, valueColumns, expectedRows);
  }

  /** Keys with at least one row, of all hosted bins. */
  get size(): number {
    return this.#keys.size;
  }

  /** Words of free buffers that wait for bins. */
  get pooledWords(): number {
    return this.#keys.pooledWords + this.#arena.pooledWords;
  }

  /**
   * Adds a row of zeros to the end of the key's list and returns its position.
   * @throws {BinError} when the key's bin is not hosted.
   * @throws {KeyError} when the key is not an integer in 0..2^53 - 1.
   */
  append(key: number): number {
    this.#checkKey(key);
    const keys = this.#keys;
    const entry = keys.insert(key);
    const row = this.#arena.allocate(keys.bin);
    this.#rows = this.#arena.rowsOf(keys.bin);
    if (keys.inserted) keys.set(entry, HEAD, row);
    else this.#rows[keys.get(entry, TAIL)] = row;
    keys.set(entry, TAIL, row);
    keys.set(entry, COUNT, keys.get(entry, COUNT) + 1);
    return row;
  }

  /**
   * Position of the key's first row, or -1 when it has none.
   * @throws {BinError} when the key's bin is not hosted.
   */
  first(key: number): number {
    this.#checkKey(key);
    const entry = this.#keys.find(key);
    if (entry < 0) return NO_ROW;
    this.#rows = this.#arena.rowsOf(this.#keys.bin);
    return this.#keys.get(entry, HEAD);
  }

  /** Position of the row after `row` in the list of the same key, or -1 when it is the last. */
  next(row: number): number {
    return this.#rows[row]!;
  }

  /** Value of a row in a column, from 0. */
  get(row: number, column: number): number {
    return this.#rows[row + 1 + column]!;
  }

  /** Replaces the value of a row in a column, from 0. */
  set(row: number, column: number, value: number): void {
    this.#rows[row + 1 + column] = value;
  }

  /**
   * Rows of the key.
   * @throws {BinError} when the key's bin is not hosted.
   */
  count(key: number): number {
    this.#checkKey(key);
    const entry = this.#keys.find(key);
    return entry < 0 ? 0 : this.#keys.get(entry, COUNT);
  }

  /**
   * Removes all rows of the key, in constant time, and returns how many there were.
   * @throws {BinError} when the key's bin is not hosted.
   */
  deleteKey(key: number): number {
    this.#checkKey(key);
    const keys = this.#keys;
    const entry = keys.find(key);
    if (entry < 0) return 0;
    const count = keys.get(entry, COUNT);
    this.#arena.free(keys.bin, keys.get(entry, HEAD), keys.get(entry, TAIL), count);
    keys.delete(key);
    return count;
  }

  /**
   * Calls `visit` for each key of the bin, in no particular order; `visit` may neither append nor delete.
   * @throws {BinError} when the bin is not hosted.
   */
  forEachKeyInBin(bin: number, visit: (key: number) => void): void {
    this.#checkComplete(bin);
    this.#keys.forEachInBin(bin, visit);
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

  /** Starts to host `bin`, empty. */
  create(bin: number): void {
    this.#keys.create(bin);
    this.#arena.create(bin);
  }

  /** Whether the bin is hosted. */
  hosts(bin: number): boolean {
    return this.#arena.hosts(bin);
  }

  /** Whether some, but not all chunks of the bin have arrived. */
  arriving(bin: number): boolean {
    return this.#halfArrived.has(bin) || this.#keys.arriving(bin) || this.#arena.arriving(bin);
  }

  /** Rows in the bin. */
  entries(bin: number): number {
    this.#checkComplete(bin);
    return this.#arena.entries(bin);
  }

  /** Bytes that moving the bin transfers now. */
  bytes(bin: number): number {
    this.#checkComplete(bin);
    return this.#keys.bytes(bin) + this.#arena.bytes(bin);
  }

  /** Writes the whole bin as chunks, then stops hosting it. */
  extract(bin: number, writer: ChunkWriter): void {
    this.#checkComplete(bin);
    this.#keys.extract(bin, writer);
    this.#arena.extract(bin, writer);
    this.#rows = NO_ROWS;
  }

  /** Takes one chunk of a bin: those of the table until it is complete, then those of the arena. */
  install(bin: number, words: Float64Array, start: number, count: number): void {
    if (this.#halfArrived.has(bin)) {
      this.#arena.install(bin, words, start, count);
      if (!this.#arena.arriving(bin)) this.#halfArrived.delete(bin);
    } else {
      this.#keys.install(bin, words, start, count);
      if (!this.#keys.arriving(bin)) this.#halfArrived.add(bin);
    }
  }

  /** Makes sure that `bins` more bins, sized as those hosted, can arrive without touching fresh memory. */
  reserve(bins: number): void {
    this.#keys.reserve(bins);
    this.#arena.reserve(bins);
  }

  #checkKey(key: number): void {
    if (this.#halfArrived.size > 0) this.#checkComplete(this.#binning.binOf(key));
  }

  #checkComplete(bin: number): void {
    if (this.#halfArrived.has(bin) || this.#keys.arriving(bin)) {
      throw new BinError(KIND, bin, 'has not arrived completely');
    }
  }
}
