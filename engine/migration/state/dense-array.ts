/**
 * A number per key of a dense domain: one slab per worker, cut into equal places, one per hosted bin.
 *
 * A key is slot * 2^binShift + bin; the number stands at base(bin) + slot. Places that bins have left are given to bins
 * that come. Offsets are doubles, as a slab may have more than 2^31 words.
 */
import type { LowBitsBinning } from '../hash.ts';
import { BinError, checkBin, checkSize, KeyError } from './bin-error.ts';
import { touchPages } from './buffer-pool.ts';
import { ChunkStream } from './chunk-stream.ts';
import type { BinContainer, ChunkWriter } from './container.ts';

/** Settings of a {@link DenseArray}. */
export interface DenseArrayOptions {
  /**
   * Bins that the slab has room for at the start; it doubles (and is copied) when more are hosted.
   * @default 0
   */
  readonly capacityBins?: number;
}

/** A bin of which the first, but not the last chunk has arrived. */
interface Arrival {
  readonly base: number;
  filled: number;
}

const KIND = 'DenseArray';
const NOT_HOSTED = -1;

/** Numbers addressed by keys in 0 .. slotsPerBin * 2^binShift - 1, zero at first. */
export class DenseArray implements BinContainer {
  /** Keys per bin. */
  readonly slotsPerBin: number;
  readonly #mask: number;
  readonly #scale: number;
  /** Keys are below this. */
  readonly #domain: number;
  /** Offset of each bin's place in the slab; NOT_HOSTED when it has none, or is arriving. */
  readonly #base: Float64Array;
  /** Offsets of free places whose pages have been touched. */
  readonly #free: number[] = [];
  readonly #arrivals = new Map<number, Arrival>();
  #words: Float64Array;
  /** Offsets of the keys of one `addAll`. */
  #offsets = new Float64Array(0);
  /** Places of the slab that have been in use; those above are fresh. */
  #usedPlaces = 0;

  /**
   * Room for no bin, or for `capacityBins`; none is hosted.
   * @throws {ContainerSizeError} when a size is not a positive integer.
   */
  constructor(binning: LowBitsBinning, slotsPerBin: number, options: DenseArrayOptions = {}) {
    const capacityBins = options.capacityBins ?? 0;
    checkSize(`${KIND}: slotsPerBin`, slotsPerBin, 1);
    checkSize(`${KIND}: capacityBins`, capacityBins, 0);
    const bins = 2 ** binning.binShift;
    this.slotsPerBin = slotsPerBin;
    this.#mask = bins - 1;
    this.#scale = 1 / bins;
    this.#domain = bins * slotsPerBin;
    this.#base = new Float64Array(bins).fill(NOT_HOSTED);
    this.#words = new Float64Array(capacityBins * slotsPerBin);
  }

  /** Words of places that wait for bins. */
  get pooledWords(): number {
    return this.#free.length * this.slotsPerBin;
  }

  /**
   * Adds `delta` to the key's number and returns the sum.
   * @throws {BinError} when the key's bin is not hosted.
   * @throws {KeyError} when the key is outside the domain.
   */
  add(key: number, delta: number): number {
    const bin = key & this.#mask;
    const base = this.#base[bin]!;
    // Beyond the domain, a slot would lie in the place of another bin. Written so that NaN fails, too.
    if (!(base >= 0 && key >= 0 && key < this.#domain)) throw this.#refuse(key, bin);
    const words = this.#words;
    const index = base + (key - bin) * this.#scale;
    const sum = words[index]! + delta;
    words[index] = sum;
    return sum;
  }

  /**
   * Adds `delta` to the numbers of keys[0..length), one after the other, and writes the sums to sums[at..at + length) (which
   * may be the keys themselves). Faster than `add` on state that exceeds the caches: all offsets are computed first, so that the memory
   * accesses of many records overlap. Nothing is added when it throws.
   * @throws {BinError} when the bin of one of the keys is not hosted.
   * @throws {KeyError} when one of the keys is outside the domain.
   */
  addAll(keys: Float64Array, length: number, delta: number, sums: Float64Array, at: number): void {
    if (this.#offsets.length < length) this.#offsets = new Float64Array(2 * length);
    const offsets = this.#offsets;
    const mask = this.#mask;
    const scale = this.#scale;
    const domain = this.#domain;
    const bases = this.#base;
    for (let i = 0; i < length; i++) {
      const key = keys[i]!;
      const bin = key & mask;
      const base = bases[bin]!;
      if (!(base >= 0 && key >= 0 && key < domain)) throw this.#refuse(key, bin);
      offsets[i] = base + (key - bin) * scale;
    }
    const words = this.#words;
    for (let i = 0; i < length; i++) {
      const offset = offsets[i]!;
      const sum = words[offset]! + delta;
      words[offset] = sum;
      sums[at + i] = sum;
    }
  }

  /**
   * The key's number.
   * @throws {BinError} when the key's bin is not hosted.
   * @throws {KeyError} when the key is outside the domain.
   */
  get(key: number): number {
    const bin = key & this.#mask;
    const base = this.#base[bin]!;
    if (!(base >= 0 && key >= 0 && key < this.#domain)) throw this.#refuse(key, bin);
    return this.#words[base + (key - bin) * this.#scale]!;
  }

  /**
   * Replaces the key's number.
   * @throws {BinError} when the key's bin is not hosted.
   * @throws {KeyError} when the key is outside the domain.
   */
  set(key: number, value: number): void {
    const bin = key & this.#mask;
    const base = this.#base[bin]!;
    if (!(base >= 0 && key >= 0 && key < this.#domain)) throw this.#refuse(key, bin);
    this.#words[base + (key - bin) * this.#scale] = value;
  }

  /** Starts to host `bin`, all zero. */
  create(bin: number): void {
    checkBin(KIND, bin, this.#base.length);
    if (this.hosts(bin)) throw new BinError(KIND, bin, 'is hosted already, expected a bin to create');
    const base = this.#free.pop() ?? this.#freshPlace();
    // Fresh places are zero already; filling them touches their pages before the first record does.
    this.#words.fill(0, base, base + this.slotsPerBin);
    this.#base[bin] = base;
  }

  /** Whether the bin is hosted. */
  hosts(bin: number): boolean {
    return this.#base[bin]! >= 0 || this.#arrivals.has(bin);
  }

  /** Whether some, but not all chunks of the bin have arrived. */
  arriving(bin: number): boolean {
    return this.#arrivals.has(bin);
  }

  /** Slots of the bin. */
  entries(bin: number): number {
    this.#baseOf(bin);
    return this.slotsPerBin;
  }

  /** Bytes that moving the bin transfers. */
  bytes(bin: number): number {
    return 8 * this.entries(bin);
  }

  /** Writes the bin's numbers by slot, then stops hosting it. */
  extract(bin: number, writer: ChunkWriter): void {
    const base = this.#baseOf(bin);
    const stream = new ChunkStream(writer);
    stream.put(this.#words, base, this.slotsPerBin);
    stream.end();
    this.#base[bin] = NOT_HOSTED;
    this.#free.push(base);
  }

  /** Takes one chunk of the bin's numbers. */
  install(bin: number, words: Float64Array, start: number, count: number): void {
    const arrival = this.#arrivals.get(bin) ?? { base: this.#baseOf(bin), filled: 0 };
    const filled = arrival.filled + count;
    if (filled > this.slotsPerBin) {
      throw new BinError(KIND, bin, `receives ${filled} words, expected ${this.slotsPerBin}`);
    }
    this.#words.set(words.subarray(start, start + count), arrival.base + arrival.filled);
    arrival.filled = filled;
    if (filled === this.slotsPerBin) {
      this.#arrivals.delete(bin);
      this.#base[bin] = arrival.base;
    } else {
      this.#arrivals.set(bin, arrival);
      this.#base[bin] = NOT_HOSTED;
    }
  }

  /** Makes sure that `bins` places are free and touched. */
  reserve(bins: number): void {
    const fresh = bins - this.#free.length;
    if (fresh <= 0) return;
    const slots = this.slotsPerBin;
    const places = this.#usedPlaces + fresh;
    if (places * slots > this.#words.length) this.#enlarge(places);
    touchPages(this.#words, this.#usedPlaces * slots, places * slots);
    // Lowest last, so that it is the first to be used.
    for (let place = places - 1; place >= this.#usedPlaces; place--) this.#free.push(place * slots);
    this.#usedPlaces = places;
  }

  #freshPlace(): number {
    const base = this.#usedPlaces * this.slotsPerBin;
    if (base === this.#words.length) this.#enlarge(Math.max(1, 2 * this.#usedPlaces));
    this.#usedPlaces++;
    return base;
  }

  #enlarge(places: number): void {
    const words = new Float64Array(places * this.slotsPerBin);
    words.set(this.#words.subarray(0, this.#usedPlaces * this.slotsPerBin));
    this.#words = words;
  }

  #baseOf(bin: number): number {
    const base = this.#base[bin] ?? NOT_HOSTED;
    if (base < 0) throw this.#missing(bin);
    return base;
  }

  #missing(bin: number): BinError {
    const arriving = this.#arrivals.has(bin);
    return new BinError(KIND, bin, arriving ? 'has not arrived completely' : 'is not hosted by this worker');
  }

  #refuse(key: number, bin: number): Error {
    if (!(key >= 0 && key < this.#domain)) return new KeyError(KIND, key, `an integer in 0..${this.#domain - 1}`);
    return this.#missing(bin);
  }
}
