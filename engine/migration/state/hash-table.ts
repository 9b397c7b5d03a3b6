/**
 * Rows of numbers by key: one open-addressing table per bin, which is also the form in which the bin travels.
 *
 * A row is [key, value 0, value 1, ...]; rows of a table are a power of two, at most about 0.6 of them used, probed linearly
 * from the low bits of the key's hash (the bin is made of the top ones). A table never shrinks.
 */
import { hashKey } from '../../dataflow/hash.ts';
import type { KeyArray } from '../../dataflow/schema.ts';
import { EngineError } from '../../progress/engine-error.ts';
import type { HashedBinning } from '../binning.ts';
import { checkSize, KeyError } from './bin-error.ts';
import type { Bins } from './bins.ts';
import type { Image } from './container.ts';
import { ExtentContainer, NO_EXTENT } from './extent-container.ts';

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
/** Keys that `addAll` looks up together: their rows fit the fastest cache. */
const BLOCK_KEYS = 256;

/** Whether a table of `mask + 1` rows with `entries` entries has to grow before the next; always without a table. */
function isFull(entries: number, mask: number): boolean {
  return entries * 5 >= mask * 3;
}

/**
 * A table from keys (integers in 0..2^53 - 1) to rows of `valueColumns` numbers.
 *
 * `find` and `insert` return the *position* of a row, which holds until the next `insert`, `add`, `addAll`, `delete` or move
 * of a bin.
 */
export class HashTable extends ExtentContainer {
  /** Numbers in a row besides its key. */
  readonly valueColumns: number;
  /** Whether the last `insert` found no row and made one. */
  inserted = false;
  readonly #stride: number;
  readonly #binDrop: number;
  readonly #initialRows: number;
  /** Rows of each bin's table, less one; -1 without a table. */
  readonly #masks: Int32Array;
  /** Entries of each bin. */
  readonly #entries: Int32Array;
  /** Homes of the keys of a block. */
  readonly #homes = new Int32Array(BLOCK_KEYS);
  #size = 0;
  /** An unused row that belongs to no bin. */
  readonly #nowhere: number;
  /** Tables that a larger one has replaced so far. */
  #replaced = 0;

  /**
   * A table of rows of `valueColumns` numbers that hosts no bin.
   * @throws {ContainerSizeError} when a size is not a positive integer.
   */
  constructor({ binning, extents }: Bins<HashedBinning>, valueColumns: number, options: HashTableOptions = {}) {
    const expected = options.expectedEntriesPerBin ?? 4;
    checkSize(`${KIND}: valueColumns`, valueColumns, 1);
    checkSize(`${KIND}: expectedEntriesPerBin`, expected, 1);
    super(KIND, binning.binShift, extents);
    this.valueColumns = valueColumns;
    this.#stride = 1 + valueColumns;
    this.#binDrop = 32 - binning.binShift;
    this.#masks = new Int32Array(this.offsets.length).fill(-1);
    this.#entries = new Int32Array(this.offsets.length);
    this.#nowhere = extents.allocate(1);
    this.words[this.#nowhere] = NO_KEY;
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
    const offset = this.offsets[bin]!;
    if (offset < 0) {
      if (offset < NO_EXTENT) throw this.missing(bin);
      return NO_ROW;
    }
    const words = this.words;
    const stride = this.#stride;
    const mask = this.#masks[bin]!;
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const row = offset + index * stride;
      const found = words[row]!;
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
    const row = this.find(key);
    this.inserted = row === NO_ROW;
    return this.inserted ? this.#insertNew(key) : row;
  }

  /**
   * Adds `delta` to the key's first value, which is zero when it had no row, and returns the sum.
   * @throws {BinError} when the key's bin is not hosted.
   * @throws {KeyError} when the key is not an integer in 0..2^53 - 1.
   */
  add(key: number, delta: number): number {
    let row = this.find(key);
    if (row === NO_ROW) row = this.#insertNew(key);
    const sum = this.words[row + 1]! + delta;
    this.words[row + 1] = sum;
    return sum;
  }

  /**
   * Adds `delta` to the first values of keys[0..length), one after the other, and writes the sums to
   * sums[at..at + length). Faster than `add` on state that exceeds the caches: the rows at which the searches begin are
   * read first, so that the memory accesses of many records overlap.
   * @throws {BinError} when the bin of one of the keys is not hosted; up to 255 keys before it were not counted.
   * @throws {KeyError} when one of the keys is not an integer in 0..2^53 - 1; the keys before it were counted.
   */
  addAll(keys: KeyArray, length: number, delta: number, sums: Float64Array, at: number): void {
    for (let from = 0; from < length;) {
      const to = Math.min(from + BLOCK_KEYS, length);
      this.#findHomes(keys, from, to);
      this.#readHomes(to - from);
      from = this.#addBlock(keys, from, to, delta, sums, at);
    }
  }

  /** Value of a row in a column, from 0. */
  get(row: number, column: number): number {
    return this.words[row + 1 + column]!;
  }

  /** Replaces the value of a row in a column, from 0. */
  set(row: number, column: number, value: number): void {
    this.words[row + 1 + column] = value;
  }

  /**
   * Removes the key's row; returns whether it had one.
   * @throws {BinError} when the key's bin is not hosted.
   */
  delete(key: number): boolean {
    const row = this.find(key);
    if (row === NO_ROW) return false;
    const words = this.words;
    const stride = this.#stride;
    const bin = this.binOf(key);
    const offset = this.offsets[bin]!;
    const mask = this.#masks[bin]!;
    let hole = (row - offset) / stride;
    // Backward shift: a later row of the run moves into the hole unless its home lies behind the hole, so that no search
    // from a home to its row ever meets an unused row.
    for (let index = (hole + 1) & mask; ; index = (index + 1) & mask) {
      const from = offset + index * stride;
      const other = words[from]!;
      if (other === NO_KEY) break;
      const home = hashKey(other) & mask;
      if (((index - home) & mask) < ((index - hole) & mask)) continue;
      for (let column = 0; column < stride; column++) words[offset + hole * stride + column] = words[from + column]!;
      hole = index;
    }
    words[offset + hole * stride] = NO_KEY;
    this.#size--;
    if (--this.#entries[bin]! === 0) this.countUsed(-this.capacities[bin]!);
    return true;
  }

  /**
   * Calls `visit` for each row of the bin, in no particular order; `visit` may change values, but neither insert nor delete.
   * @throws {BinError} when the bin is not hosted.
   */
  forEachInBin(bin: number, visit: (key: number, row: number) => void): void {
    const offset = this.offsetOf(bin);
    if (offset === NO_EXTENT) return;
    const end = offset + this.capacities[bin]!;
    for (let row = offset; row < end; row += this.#stride) {
      const key = this.words[row]!;
      if (key !== NO_KEY) visit(key, row);
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
    this.requireHosted(bin);
    return this.#entries[bin]!;
  }

  protected override initialWords(): number {
    return this.#initialRows * this.#stride;
  }

  protected override usedWords(bin: number): number {
    return this.#entries[bin] === 0 ? 0 : this.capacities[bin]!;
  }

  protected override leaving(bin: number, image: Image): void {
    image.detail = this.#entries[bin]!;
    this.#size -= image.detail;
    this.#entries[bin] = 0;
    this.#masks[bin] = -1;
  }

  protected override arriving(bin: number, image: Image): void {
    this.#entries[bin] = image.detail;
    this.#size += image.detail;
    this.#masks[bin] = image.capacity / this.#stride - 1;
  }

  /** Finds the positions of the rows at which the searches for keys[from..to) begin; `#nowhere` where a bin has no table. */
  #findHomes(keys: KeyArray, from: number, to: number): void {
    const homes = this.#homes;
    const drop = this.#binDrop;
    const stride = this.#stride;
    const offsets = this.offsets;
    const masks = this.#masks;
    for (let i = from; i < to; i++) {
      const hash = hashKey(keys[i]!);
      const bin = hash >>> drop;
      const offset = offsets[bin]!;
      if (offset < NO_EXTENT) throw this.missing(bin);
      homes[i - from] = offset < 0 ? this.#nowhere : offset + (hash & masks[bin]!) * stride;
    }
  }

  /**
   * Reads the keys at all homes. A search branches on what it reads, and a branch that was mispredicted stops everything
   * until its read has come from memory; this loop has no branches, so that as many reads are in flight as the processor
   * can hold. Counting 8e6 keys takes half of the time with it.
   */
  #readHomes(count: number): void {
    const homes = this.#homes;
    const words = this.words;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += words[homes[i]!]!;
    // Keys are numbers, and so are the marks of unused rows: this only keeps the reads from being optimised away.
    if (Number.isNaN(sum)) throw new EngineError(`${KIND}: a row lies outside of the memory`);
  }

  /** Counts keys[from..to), or fewer when a table grows: its homes lie elsewhere then. Returns where it has stopped. */
  #addBlock(keys: KeyArray, from: number, to: number, delta: number, sums: Float64Array, at: number): number {
    const homes = this.#homes;
    const words = this.words;
    const replaced = this.#replaced;
    for (let i = from; i < to; i++) {
      const key = keys[i]!;
      const home = homes[i - from]!;
      // Most keys stand where their search begins.
      if (words[home] === key && key >= 0) {
        const sum = words[home + 1]! + delta;
        words[home + 1] = sum;
        sums[at + i] = sum;
      } else {
        sums[at + i] = this.add(key, delta);
        if (this.#replaced !== replaced) return i + 1;
      }
    }
    return to;
  }

  /** Makes a row of zeros for a key that has none. */
  #insertNew(key: number): number {
    if (!(Number.isSafeInteger(key) && key >= 0)) throw new KeyError(KIND, key, 'an integer in 0..2^53 - 1');
    const words = this.words;
    const stride = this.#stride;
    const hash = hashKey(key);
    const bin = hash >>> this.#binDrop;
    const entries = this.#entries[bin]!;
    if (isFull(entries, this.#masks[bin]!)) this.#enlargeTable(bin);
    else if (entries === 0) this.countUsed(this.capacities[bin]!);
    const row = unusedRow(words, this.offsets[bin]!, hash, this.#masks[bin]!, stride);
    words[row] = key;
    for (let column = 1; column < stride; column++) words[row + column] = 0;
    this.#entries[bin] = entries + 1;
    this.#size++;
    return row;
  }

  #enlargeTable(bin: number): void {
    const stride = this.#stride;
    const words = this.words;
    const old = this.offsets[bin]!;
    const oldCapacity = this.capacities[bin]!;
    const rows = oldCapacity === 0 ? this.#initialRows : (2 * oldCapacity) / stride;
    const offset = this.extents.allocate(rows * stride);
    for (let row = offset; row < offset + rows * stride; row += stride) words[row] = NO_KEY;
    for (let row = old; row < old + oldCapacity; row += stride) {
      const key = words[row]!;
      if (key === NO_KEY) continue;
      const to = unusedRow(words, offset, hashKey(key), rows - 1, stride);
      for (let column = 0; column < stride; column++) words[to + column] = words[row + column]!;
    }
    this.countUsed(rows * stride - this.usedWords(bin));
    if (oldCapacity > 0) {
      this.extents.free(old, oldCapacity);
      this.#replaced++;
    }
    this.offsets[bin] = offset;
    this.capacities[bin] = rows * stride;
    this.#masks[bin] = rows - 1;
  }
}

/** Position of the first unused row from the home of `hash`. */
function unusedRow(words: Float64Array, offset: number, hash: number, mask: number, stride: number): number {
  let index = hash & mask;
  while (words[offset + index * stride] !== NO_KEY) index = (index + 1) & mask;
  return offset + index * stride;
}
