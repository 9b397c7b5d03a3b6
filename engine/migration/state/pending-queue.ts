/**
 * Post-dated values: (time, key, value) triples that wait for their time, and move with their bin (paper section 3.4).
 *
 * Each bin has a heap of triples, which is also the form in which it travels; an indexed heap of bins, ordered by their
 * smallest triples, finds the smallest triple of the worker. A node of either heap has four children: half as many levels
 * as with two, and on each of them children that lie side by side.
 *
 * Triples that are due before any bin can move stand apart in a single heap, small and therefore cached.
 */
import { BinError, checkSize } from './bin-error.ts';
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
/** A node at index i has its children from 4i + 1 on. */
const CHILDREN = 4;
const LOG2_CHILDREN = 2;
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
  /** Triples with times before it, if pushed from now on, will be popped before a bin moves. The host raises it. */
  horizon = 0;
  /** Words of each bin's heap in use: three for each triple. */
  readonly #used: Int32Array;
  readonly #initialWords: number;
  /** Heap of the bins with triples. */
  readonly #queue: Int32Array;
  /** Smallest time of each bin of `#queue`: bins are compared without a look at their triples, but for equal times. */
  readonly #times: Float64Array;
  #queued = 0;
  /** Index of each bin in #queue, or NOT_QUEUED. */
  readonly #position: Int32Array;
  #size = 0;
  /** Heap of the triples before the horizon, which belong to no bin's heap; and its words in use. */
  #near = new Float64Array(64 * TRIPLE);
  #nearUsed = 0;

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
    this.#times = new Float64Array(this.images.length);
    this.#position = new Int32Array(this.images.length).fill(NOT_QUEUED);
  }

  /** Triples of all hosted bins. */
  get size(): number {
    return this.#size;
  }

  /** Smallest time over all hosted bins, or NOTHING_PENDING. Constant time. */
  nextTime(): number {
    const time = this.#queued === 0 ? NOTHING_PENDING : this.#times[0]!;
    return this.#nearUsed === 0 ? time : Math.min(time, this.#near[0]!);
  }

  /**
   * Smallest time of the bin, or NOTHING_PENDING; without what was pushed before the horizon. Constant time.
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
    this.#size++;
    if (time < this.horizon) {
      this.#pushNear(time, key, value);
      return;
    }
    const used = this.#used[bin]!;
    if (used === heap.length) heap = this.enlarge(bin, used === 0 ? this.#initialWords : 2 * used);
    this.#used[bin] = used + TRIPLE;
    if (siftUp(heap, used, time, key, value) > 0) return;
    if (used === 0) this.#enqueue(bin);
    else this.#raise(this.#position[bin]!, bin);
  }

  /** Removes the smallest triple over all hosted bins into the `popped` fields; returns false when nothing is pending. */
  pop(): boolean {
    if (this.#nearUsed > 0 && !this.#binComesFirst()) {
      this.#take(this.#near);
      this.#nearUsed -= TRIPLE;
      siftDown(this.#near, this.#nearUsed);
      return true;
    }
    if (this.#queued === 0) return false;
    const bin = this.#queue[0]!;
    const heap = this.images[bin]!;
    this.#take(heap);
    const used = this.#used[bin]! - TRIPLE;
    this.#used[bin] = used;
    if (used === 0) {
      this.#dequeue(bin);
    } else {
      siftDown(heap, used);
      this.#sink(0, bin);
    }
    return true;
  }

  /** Triples in the bin, without what was pushed before the horizon. */
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
    if (this.#nearUsed > 0) throw new BinError(KIND, bin, 'leaves before everything before the horizon was popped');
    this.#size -= this.#used[bin]! / TRIPLE;
    if (this.#used[bin]! > 0) this.#dequeue(bin);
    this.#used[bin] = 0;
  }

  #pushNear(time: number, key: number, value: number): void {
    const used = this.#nearUsed;
    if (used === this.#near.length) {
      const larger = new Float64Array(2 * used);
      larger.set(this.#near);
      this.#near = larger;
    }
    siftUp(this.#near, used, time, key, value);
    this.#nearUsed = used + TRIPLE;
  }

  /** Whether the smallest triple of all bins comes before those that stand apart, of which there are some. */
  #binComesFirst(): boolean {
    if (this.#queued === 0 || this.#times[0]! > this.#near[0]!) return false;
    return precedes(this.images[this.#queue[0]!]!, 0, this.#near, 0);
  }

  /** Copies the first triple of a heap to the `popped` fields, and counts it. */
  #take(heap: Float64Array): void {
    this.poppedTime = heap[0]!;
    this.poppedKey = heap[1]!;
    this.poppedValue = heap[2]!;
    this.#size--;
  }

  /** Adds a bin that has got its first triples to the heap of bins. */
  #enqueue(bin: number): void {
    this.#raise(this.#queued++, bin);
  }

  /** Takes a bin that loses its last triples out of the heap of bins. */
  #dequeue(bin: number): void {
    const at = this.#position[bin]!;
    this.#position[bin] = NOT_QUEUED;
    const last = this.#queue[--this.#queued]!;
    if (last === bin) return;
    this.#raise(at, last);
    this.#sink(this.#position[last]!, last);
  }

  /** Puts a bin at `at` or above, where its smallest triple belongs when it is not larger than before. */
  #raise(at: number, bin: number): void {
    const time = this.images[bin]![0]!;
    while (at > 0) {
      const parent = (at - 1) >> LOG2_CHILDREN;
      if (!this.#precedes(time, bin, parent)) break;
      this.#place(this.#queue[parent]!, this.#times[parent]!, at);
      at = parent;
    }
    this.#place(bin, time, at);
  }

  /** Puts a bin at `at` or below, where its smallest triple belongs when it is not smaller than before. */
  #sink(at: number, bin: number): void {
    const time = this.images[bin]![0]!;
    const queued = this.#queued;
    for (;;) {
      const first = CHILDREN * at + 1;
      if (first >= queued) break;
      const end = Math.min(first + CHILDREN, queued);
      let least = first;
      for (let child = first + 1; child < end; child++) {
        if (this.#precedes(this.#times[child]!, this.#queue[child]!, least)) least = child;
      }
      if (this.#precedes(time, bin, least)) break;
      this.#place(this.#queue[least]!, this.#times[least]!, at);
      at = least;
    }
    this.#place(bin, time, at);
  }

  #place(bin: number, time: number, at: number): void {
    this.#queue[at] = bin;
    this.#times[at] = time;
    this.#position[bin] = at;
  }

  /** Whether a bin with the given smallest time comes before the bin at `other` of the heap. */
  #precedes(time: number, bin: number, other: number): boolean {
    const otherTime = this.#times[other]!;
    if (time !== otherTime) return time < otherTime;
    return precedes(this.images[bin]!, 0, this.images[this.#queue[other]!]!, 0);
  }
}

/** Adds a triple to a heap of `used` words, and returns its index. */
function siftUp(heap: Float64Array, used: number, time: number, key: number, value: number): number {
  let at = used / TRIPLE;
  while (at > 0) {
    const parent = (at - 1) >> LOG2_CHILDREN;
    const from = parent * TRIPLE;
    const other = heap[from]!;
    if (other < time) break;
    if (other === time && (heap[from + 1]! < key || (heap[from + 1] === key && heap[from + 2]! <= value))) break;
    moveTriple(heap, from, at * TRIPLE);
    at = parent;
  }
  heap[at * TRIPLE] = time;
  heap[at * TRIPLE + 1] = key;
  heap[at * TRIPLE + 2] = value;
  return at;
}

/** Puts the triple behind a heap of `used` words in the place of the first one, and restores the order. */
function siftDown(heap: Float64Array, used: number): void {
  let at = 0;
  for (;;) {
    const first = CHILDREN * at + TRIPLE;
    if (first >= used) break;
    const end = Math.min(first + CHILDREN * TRIPLE, used);
    let least = first;
    for (let child = first + TRIPLE; child < end; child += TRIPLE) {
      if (precedes(heap, child, heap, least)) least = child;
    }
    if (precedes(heap, used, heap, least)) break;
    moveTriple(heap, least, at);
    at = least;
  }
  moveTriple(heap, used, at);
}

function moveTriple(heap: Float64Array, from: number, to: number): void {
  heap[to] = heap[from]!;
  heap[to + 1] = heap[from + 1]!;
  heap[to + 2] = heap[from + 2]!;
}
