/**
 * A ring of numbers in shared memory: one thread writes records, another one reads them while the first goes on. Neither waits for the
 * other, and writing allocates nothing. Until a reader is there nothing need be written.
 *
 * The writer stores a record's words, then raises `head`; the reader loads `head`, reads the words before it, then raises `tail`. So the
 * reader sees whole records only, and the writer overwrites only what was read.
 */

/** Indexes of the header. */
const HEAD = 0;
const TAIL = 1;
const IS_READ = 2;
const HEADER_BYTES = 16;

/** Words of a ring: 256 KiB, many times what a worker writes between two reads. */
const CAPACITY = 2 ** 15;

/** Shared memory for a ring. */
export function allocateRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + CAPACITY * Float64Array.BYTES_PER_ELEMENT);
}

/** The end of a ring that one thread writes to. */
export class RingWriter {
  readonly #header: Int32Array<SharedArrayBuffer>;
  readonly #words: Float64Array<SharedArrayBuffer>;
  /** Words written so far, modulo 2^32. */
  #head = 0;

  /** Writes to the memory that `allocateRing` made; nobody else does. */
  constructor(memory: SharedArrayBuffer) {
    this.#header = new Int32Array(memory, 0, HEADER_BYTES / 4);
    this.#words = new Float64Array(memory, HEADER_BYTES);
  }

  /** Whether somebody reads. */
  get isRead(): boolean {
    return Atomics.load(this.#header, IS_READ) !== 0;
  }

  /**
   * Begins a record of `length` words, of which the first is written here: its length. False when there is no room before the reader has
   * been there; nothing is written then.
   */
  begin(length: number): boolean {
    const used = (this.#head - Atomics.load(this.#header, TAIL)) >>> 0;
    if (used + length > CAPACITY) return false;
    this.put(length);
    return true;
  }

  /** Writes the next word of the record that was begun. */
  put(word: number): void {
    this.#words[this.#head & (CAPACITY - 1)] = word;
    this.#head = (this.#head + 1) | 0;
  }

  /** Hands the record to the reader, after its last word. */
  commit(): void {
    Atomics.store(this.#header, HEAD, this.#head);
  }
}

/** The end of a ring that one thread reads from. */
export class RingReader {
  readonly #header: Int32Array<SharedArrayBuffer>;
  readonly #words: Float64Array<SharedArrayBuffer>;
  /** The record that is read, in one piece: in the ring it may stand at the end and at the beginning. */
  readonly #record = new Float64Array(CAPACITY);
  #tail = 0;

  /** Reads from the memory that `allocateRing` made; nobody else does. */
  constructor(memory: SharedArrayBuffer) {
    this.#header = new Int32Array(memory, 0, HEADER_BYTES / 4);
    this.#words = new Float64Array(memory, HEADER_BYTES);
    Atomics.store(this.#header, IS_READ, 1);
  }

  /** Takes out all records that are there, in order; each is its words without the length, to be used before the function returns. */
  read(onRecord: (words: Float64Array) => void): void {
    const head = Atomics.load(this.#header, HEAD);
    while (this.#tail !== head) {
      const length = this.#words[this.#tail & (CAPACITY - 1)]!;
      for (let i = 1; i < length; i++) this.#record[i - 1] = this.#words[(this.#tail + i) & (CAPACITY - 1)]!;
      this.#tail = (this.#tail + length) | 0;
      onRecord(this.#record.subarray(0, length - 1));
    }
    Atomics.store(this.#header, TAIL, this.#tail);
  }
}
