/**
 * Post-dated values: (time, key, value) triples that wait for their time, and move with their bin (paper section 3.4).
 *
 * Each bin has a binary heap of triples, which is also the form in which it travels; an indexed heap of bins, ordered by
 * their smallest triples, finds the smallest triple of the worker.
 */
import { checkSize } from './bin-error.ts';
import { HEADER_BUFFER_WORDS, HEADER_IMAGE_WORDS, ImageContainer } from './image-container.ts';

/** Settings of a {@link PendingQueue}. */
export interface PendingQueueOptions {
  /**
   * Triples that a bin has room for at first; it doubles when more come.
   * @default 8
   */
  readonly expectedEntriesPerBin?: number;
}

/** What `nextTime` and `minTime` return when nothing is pending. */
export const NOTHING_PENDING = Infinity;

const KIND = 'PendingQueue';
const TRIPLE = 3;
const HEADER_WORDS = 2;
const NOT_QUEUED = -1;

/** Whether the triple at `a` of `left` comes before the triple at `b` of `right`. */
function precedes(left: Float64Array, a: number, right: Float64Array, b: number): boolean {
  if (left[a]! !== right[b]!) return left[a]! < right[b]!;
  if (left[a + 1]! !== right[b + 1]!) return left[a + 1]! < right[b + 1]!;
  return left[a + 2]! < right[b + 2]!;
}

/** Triples of numbers (none of them NaN) in the total order of (time, key, value), whatever the order they came in. */
export class PendingQueue extends ImageContainer {
  /** Time of the triple that was popped last. */
  poppedTime = 0;
  /** Key of the triple that was popped last. */
  poppedKey = 0;
  /** Value of the triple that was popped last. */
  poppedValue = 0;
  /** Bin of the triple that was popped last. */
  poppedBin = 0;
  /** Words of each bin's heap in use: three for each triple. */
  readonly #used: Int32Array;
  readonly #initialWords: number;
  /** Heap of the bins with triples. */
  readonly #queue: Int32Array;
  #queued = 0;
  /** Index of each bin in #queue, or NOT_QUEUED. */
  readonly #position: Int32Array;
  #size = 0;

  /**
   * An empty queue that hosts none of the 2^binShift bins.
   * @throws {BinShiftError} when `binShift` is out of range.
   * @throws {ContainerSizeError} when `expectedEntriesPerBin` is not a positive integer.
   */
  constructor(binShift: number, options: PendingQueueOptions = {}) {
    const expected = options.expectedEntriesPerBin ?? 8;
    checkSize(`${KIND}: expectedEntriesPerBin`, expected, 1);
    super(KIND, binShift, new Float64Array(0), HEADER_WORDS);
    this.#initialWords = expected * TRIPLE;
    this.#used = new Int32Array(this.images.length);
    this.#queue = new Int32Array(this.images.length);
    this.#position = new Int32Array(this.images.length).fill(NOT_QUEUED);
  }

  /** Triples of all hosted bins. */
  get size(): number {
    return this.#size;
  }

  /** Smallest time over all hosted bins, or NOTHING_PENDING. Constant time. */
  nextTime(): number {
    return this.#queued === 0 ? NOTHING_PENDING : this.images[this.#queue[0]!]![0]!;
  }

  /**
   * Smallest time of the bin, or NOTHING_PENDING. Constant time.
   * @throws {BinError} when the bin is not hosted, or has not arrived completely.
   */
  minTime(bin: number): number {
    const heap = this.imageOf(bin);
    return this.#used[bin] === 0 ? NOTHING_PENDING : heap[0]!;
  }

  /**
   * Adds a triple to the bin.
   * @throws {BinError} when the bin is not hosted, or has not arrived completely.
   */
  push(bin: number, time: number, key: number, value: number): void {
    let heap = this.imageOf(bin);
    const used = this.#used[bin]!;
    if (used === heap.length) heap = this.enlarge(bin, used === 0 ? this.#initialWords : 2 * used);
    this.#used[bin] = used + TRIPLE;
    this.#size++;
    heap[used] = time;
    heap[used + 1] = key;
    heap[used + 2] = value;
    // The new triple stands at the end already, so sifting up swaps it with larger parents.
    let at = used;
    while (at > 0) {
      const parent = ((at / TRIPLE - 1) >> 1) * TRIPLE;
      if (!precedes(heap, at, heap, parent)) return;
      swapTriples(heap, at, parent);
      at = parent;
    }
    if (used === 0) this.#enqueue(bin);
    else this.#raise(this.#position[bin]!);
  }

  /** Removes the smallest triple over all hosted bins into the `popped` fields; returns false when nothing is pending. */
  pop(): boolean {
    if (this.#queued === 0) return false;
    const bin = this.#queue[0]!;
    const heap = this.images[bin]!;
    this.poppedTime = heap[0]!;
    this.poppedKey = heap[1]!;
    this.poppedValue = heap[2]!;
    this.poppedBin = bin;
    const used = this.#used[bin]! - TRIPLE;
    this.#used[bin] = used;
    this.#size--;
    if (used === 0) {
      this.#dequeue(bin);
    } else {
      heap.copyWithin(0, used, used + TRIPLE);
      siftDown(heap, used);
      this.#sink(0);
    }
    return true;
  }

  /** Triples in the bin. */
  entries(bin: number): number {
    this.imageOf(bin);
    return this.#used[bin]! / TRIPLE;
  }

  protected initialWords(): number {
    return this.#initialWords;
  }

  protected describe(bin: number, header: Float64Array): void {
    header[HEADER_IMAGE_WORDS] = this.#used[bin]!;
    header[HEADER_BUFFER_WORDS] = this.imageOf(bin).length;
  }

  protected adopt(bin: number, header: Float64Array): void {
    this.#used[bin] = header[HEADER_IMAGE_WORDS]!;
    this.#size += this.#used[bin] / TRIPLE;
    this.#enqueue(bin);
  }

  protected forget(bin: number): void {
    this.#size -= this.#used[bin]! / TRIPLE;
    if (this.#used[bin]! > 0) this.#dequeue(bin);
    this.#used[bin] = 0;
  }

  /** Adds a bin that has got its first triples to the heap of bins. */
  #enqueue(bin: number): void {
    const at = this.#queued++;
    this.#place(bin, at);
    this.#raise(at);
  }

  /** Takes a bin that loses its last triples out of the heap of bins. */
  #dequeue(bin: number): void {
    const at = this.#position[bin]!;
    this.#position[bin] = NOT_QUEUED;
    const last = this.#queue[--this.#queued]!;
    if (last === bin) return;
    this.#place(last, at);
    this.#raise(at);
    this.#sink(this.#position[last]!);
  }

  /** Restores the order of bins after the minimum of the bin at `at` has fallen. */
  #raise(at: number): void {
    const bin = this.#queue[at]!;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = this.#queue[parent]!;
      if (!this.#binPrecedes(bin, other)) break;
      this.#place(other, at);
      at = parent;
    }
    this.#place(bin, at);
  }

  /** Restores the order of bins after the minimum of the bin at `at` has risen. */
  #sink(at: number): void {
    const bin = this.#queue[at]!;
    const queued = this.#queued;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= queued) break;
      if (child + 1 < queued && this.#binPrecedes(this.#queue[child + 1]!, this.#queue[child]!)) child++;
      const other = this.#queue[child]!;
      if (!this.#binPrecedes(other, bin)) break;
      this.#place(other, at);
      at = child;
    }
    this.#place(bin, at);
  }

  #place(bin: number, at: number): void {
    this.#queue[at] = bin;
    this.#position[bin] = at;
  }

  #binPrecedes(left: number, right: number): boolean {
    return precedes(this.images[left]!, 0, this.images[right]!, 0);
  }
}

/** Restores the order of a heap of `used` words after its first triple has been replaced. */
function siftDown(heap: Float64Array, used: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + TRIPLE;
    if (child >= used) return;
    if (child + TRIPLE < used && precedes(heap, child + TRIPLE, heap, child)) child += TRIPLE;
    if (!precedes(heap, child, heap, at)) return;
    swapTriples(heap, at, child);
    at = child;
  }
}

function swapTriples(heap: Float64Array, a: number, b: number): void {
  for (let i = 0; i < TRIPLE; i++) {
    const word = heap[a + i]!;
    heap[a + i] = heap[b + i]!;
    heap[b + i] = word;
  }
}
