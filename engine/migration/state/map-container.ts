/**
 * Arbitrary structured state by key: a Map per bin. For user state that fits no container of numbers; several times slower
 * and larger than those, and a bin is serialised as a whole when it moves.
 */
import { deserialize, serialize } from 'node:v8';
import type { Extents } from '../../dataflow/extents.ts';
import type { Binning } from '../binning.ts';
import { BinError, checkClaim } from './bin-error.ts';
import type { Bins } from './bins.ts';
import type { BinContainer, Image } from './container.ts';

const KIND = 'MapContainer';

/**
 * Serialised bytes carried by a word, as an integer. Eight reinterpreted bytes could form a signalling NaN, which some
 * copies change.
 */
const BYTES_PER_WORD = 6;
/** What an entry counts for in `bytes`; its true size is known only once it is serialised. */
const BYTES_PER_ENTRY = 64;

/** A map from keys to values that the structured clone algorithm can copy. */
export class MapContainer<V> implements BinContainer {
  readonly #binning: Binning;
  readonly #extents: Extents;
  /** Map of each bin; undefined while the bin is not hosted. */
  readonly #maps: (Map<number, V> | undefined)[];
  #entries = 0;

  constructor({ binning, extents }: Bins) {
    this.#binning = binning;
    this.#extents = extents;
    this.#maps = new Array<Map<number, V> | undefined>(2 ** binning.binShift).fill(undefined);
  }

  /** An estimate: 64 bytes for each entry. */
  get totalBytes(): number {
    return this.#entries * BYTES_PER_ENTRY;
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
    const map = this.#mapOf(this.#binning.binOf(key));
    this.#entries -= map.size;
    map.set(key, value);
    this.#entries += map.size;
  }

  /**
   * Replaces the key's value by what `change` makes of it (undefined when it has none), and returns that.
   * @throws {BinError} when the key's bin is not hosted.
   */
  update(key: number, change: (value: V | undefined) => V): V {
    const value = change(this.get(key));
    this.set(key, value);
    return value;
  }

  /**
   * Removes the key's value; returns whether it had one.
   * @throws {BinError} when the key's bin is not hosted.
   */
  delete(key: number): boolean {
    const deleted = this.#mapOf(this.#binning.binOf(key)).delete(key);
    if (deleted) this.#entries -= 1;
    return deleted;
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
    this.#host(bin, new Map());
  }

  /** Whether the bin is hosted. */
  hosts(bin: number): boolean {
    return this.#maps[bin] !== undefined;
  }

  /** Entries in the bin. */
  entries(bin: number): number {
    return this.#mapOf(bin).size;
  }

  /** An estimate: 64 bytes for each entry. */
  bytes(bin: number): number {
    return this.#mapOf(bin).size * BYTES_PER_ENTRY;
  }

  /**
   * Serialises the bin into an extent, six bytes to a word, then stops hosting it. A value that cannot be serialised makes it
   * throw and leaves the bin where it is.
   */
  release(bin: number, image: Image): void {
    const map = this.#mapOf(bin);
    const bytes = map.size === 0 ? Buffer.alloc(0) : serialize(map);
    const words = Math.ceil(bytes.length / BYTES_PER_WORD);
    // Freed extents are used again for the same length: there must be few lengths.
    image.capacity = words === 0 ? 0 : 2 ** Math.ceil(Math.log2(words));
    image.offset = words === 0 ? 0 : this.#extents.allocate(image.capacity);
    image.used = words;
    image.detail = bytes.length;
    image.detail2 = 0;
    const padded = Buffer.concat([bytes], words * BYTES_PER_WORD);
    for (let i = 0; i < words; i++) {
      this.#extents.words[image.offset + i] = padded.readUIntLE(i * BYTES_PER_WORD, BYTES_PER_WORD);
    }
    this.#entries -= map.size;
    this.#maps[bin] = undefined;
  }

  /** Hosts the map that an image holds, and frees its extent. */
  adopt(bin: number, image: Image): void {
    const padded = Buffer.alloc(image.used * BYTES_PER_WORD);
    for (let i = 0; i < image.used; i++) {
      padded.writeUIntLE(this.#extents.words[image.offset + i]!, i * BYTES_PER_WORD, BYTES_PER_WORD);
    }
    const bytes = padded.subarray(0, image.detail);
    this.#host(bin, bytes.length === 0 ? new Map<number, V>() : (deserialize(bytes) as Map<number, V>));
    if (image.capacity > 0) this.#extents.free(image.offset, image.capacity);
  }

  #host(bin: number, map: Map<number, V>): void {
    checkClaim(KIND, bin, this.#maps.length, this.hosts(bin));
    this.#maps[bin] = map;
    this.#entries += map.size;
  }

  #mapOf(bin: number): Map<number, V> {
    const map = this.#maps[bin];
    if (map === undefined) throw new BinError(KIND, bin, 'is not hosted by this worker');
    return map;
  }
}
