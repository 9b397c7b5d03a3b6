/**
 * Arbitrary structured state by key: a Map per bin. For user state that fits no container of numbers; several times slower
 * and larger than those, and a bin is serialised as a whole when it moves.
 */
import { deserialize, serialize } from 'node:v8';
import type { Binning } from '../hash.ts';
import { BinError, checkBin } from './bin-error.ts';
import { ChunkStream } from './chunk-stream.ts';
import type { BinContainer, ChunkWriter } from './container.ts';

/** A bin of which the first, but not the last chunk has arrived. */
interface Arrival {
  /** Padded to whole words. */
  readonly bytes: Buffer;
  readonly length: number;
  filled: number;
}

const KIND = 'MapContainer';

/**
 * Serialised bytes carried by a word, as an integer. Eight reinterpreted bytes could form a signalling NaN, which some
 * copies change.
 */
const BYTES_PER_WORD = 6;

function wordsFor(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_WORD);
}

/** A map from keys to values that the structured clone algorithm can copy. */
export class MapContainer<V> implements BinContainer {
  readonly #binning: Binning;
  /** Map of each bin; undefined while the bin is not hosted or has not arrived completely. */
  readonly #maps: (Map<number, V> | undefined)[];
  readonly #arrivals = new Map<number, Arrival>();

  constructor(binning: Binning) {
    this.#binning = binning;
    this.#maps = new Array<Map<number, V> | undefined>(2 ** binning.binShift).fill(undefined);
  }

  /**
   * The key's value, or undefined when it has none.
   * @throws {BinError} when the key's bin is not hosted.
   */
  get(key: number): V | undefined {
    return this.#mapOf(this.#binning.binOf(key)).get(key);
  }

  /**
   * Whether the key has a value.
   * @throws {BinError} when the key's bin is not hosted.
   */
  has(key: number): boolean {
    return this.#mapOf(this.#binning.binOf(key)).has(key);
  }

  /**
   * Replaces the key's value.
   * @throws {BinError} when the key's bin is not hosted.
   */
  set(key: number, value: V): void {
    this.#mapOf(this.#binning.binOf(key)).set(key, value);
  }

  /**
   * Replaces the key's value by what `change` makes of it (undefined when it has none), and returns that.
   * @throws {BinError} when the key's bin is not hosted.
   */
  update(key: number, change: (value: V | undefined) => V): V {
    const map = this.#mapOf(this.#binning.binOf(key));
    const value = change(map.get(key));
    map.set(key, value);
    return value;
  }

  /**
   * Removes the key's value; returns whether it had one.
   * @throws {BinError} when the key's bin is not hosted.
   */
  delete(key: number): boolean {
    return this.#mapOf(this.#binning.binOf(key)).delete(key);
  }

  /**
   * Calls `visit` for each key of the bin, in the order of insertion.
   * @throws {BinError} when the bin is not hosted.
   */
  forEachInBin(bin: number, visit: (key: number, value: V) => void): void {
    for (const [key, value] of this.#mapOf(bin)) visit(key, value);
  }

  /** Starts to host `bin`, empty. */
  create(bin: number): void {
    checkBin(KIND, bin, this.#maps.length);
    if (this.hosts(bin)) throw new BinError(KIND, bin, 'is hosted already, expected a bin to create');
    this.#maps[bin] = new Map();
  }

  /** Whether the bin is hosted. */
  hosts(bin: number): boolean {
    return this.#maps[bin] !== undefined || this.#arrivals.has(bin);
  }

  /** Whether some, but not all chunks of the bin have arrived. */
  arriving(bin: number): boolean {
    return this.#arrivals.has(bin);
  }

  /** Entries in the bin. */
  entries(bin: number): number {
    return this.#mapOf(bin).size;
  }

  /** Bytes that moving the bin transfers now. Serialises the bin to find out. */
  bytes(bin: number): number {
    const map = this.#mapOf(bin);
    return map.size === 0 ? 0 : 8 * (1 + wordsFor(serialize(map).length));
  }

  /**
   * Writes the number of serialised bytes and the bytes, six to a word, then stops hosting the bin. A value that cannot be
   * serialised makes it throw and leaves the bin where it is.
   */
  extract(bin: number, writer: ChunkWriter): void {
    const map = this.#mapOf(bin);
    if (map.size > 0) {
      const bytes = serialize(map);
      const padded = Buffer.alloc(wordsFor(bytes.length) * BYTES_PER_WORD);
      bytes.copy(padded);
      const words = new Float64Array(1 + padded.length / BYTES_PER_WORD);
      words[0] = bytes.length;
      for (let i = 1; i < words.length; i++) words[i] = padded.readUIntLE((i - 1) * BYTES_PER_WORD, BYTES_PER_WORD);
      const stream = new ChunkStream(writer);
      stream.put(words, 0, words.length);
      stream.end();
    }
    this.#maps[bin] = undefined;
  }

  /** Takes one chunk of a bin. */
  install(bin: number, words: Float64Array, start: number, count: number): void {
    const end = start + count;
    let arrival = this.#arrivals.get(bin);
    if (arrival === undefined) {
      if (this.entries(bin) > 0) throw new BinError(KIND, bin, 'holds entries already, expected an empty bin');
      if (count === 0) throw new BinError(KIND, bin, 'receives 0 words, expected the number of bytes');
      const length = words[start++]!;
      arrival = { bytes: Buffer.alloc(wordsFor(length) * BYTES_PER_WORD), length, filled: 0 };
      this.#arrivals.set(bin, arrival);
      this.#maps[bin] = undefined;
    }
    const { bytes, length } = arrival;
    const filled = arrival.filled + (end - start) * BYTES_PER_WORD;
    if (filled > bytes.length) throw new BinError(KIND, bin, `receives ${filled} bytes, expected ${bytes.length}`);
    for (let i = start; i < end; i++) {
      bytes.writeUIntLE(words[i]!, arrival.filled, BYTES_PER_WORD);
      arrival.filled += BYTES_PER_WORD;
    }
    if (arrival.filled < bytes.length) return;
    this.#arrivals.delete(bin);
    this.#maps[bin] = deserialize(bytes.subarray(0, length)) as Map<number, V>;
  }

  /** Does nothing: maps live on the JavaScript heap, whose memory cannot be set aside. */
  reserve(_bins: number): void {}

  #mapOf(bin: number): Map<number, V> {
    const map = this.#maps[bin];
    if (map !== undefined) return map;
    const arriving = this.#arrivals.has(bin);
    throw new BinError(KIND, bin, arriving ? 'has not arrived completely' : 'is not hosted by this worker');
  }
}
