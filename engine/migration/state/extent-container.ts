/**
 * Base of the containers whose bin is one extent, of which a prefix is in use.
 *
 * A hosted bin without entries has no extent, so that bins cost memory only once they are used. A bin that outgrows its
 * extent gets one of twice the length; the old one is free for bins that grow later.
 */
import { type Extents, WORD_BYTES } from '../../dataflow/extents.ts';
import { checkBinShift } from '../binning.ts';
import { BinError, checkClaim } from './bin-error.ts';
import type { BinContainer, Image } from './container.ts';

/** Offset of a hosted bin without an extent. */
export const NO_EXTENT = -1;
/** Offset of a bin that is not hosted. */
const NOT_HOSTED = -2;

/** A container with at most one extent per hosted bin; the subclass gives its words a meaning. */
export abstract class ExtentContainer implements BinContainer {
  /** Memory of the worker. */
  protected readonly extents: Extents;
  /** Words of the memory; an extent's first word has its offset as index. */
  protected readonly words: Float64Array;
  /** Extent of each bin; NO_EXTENT, or less when the bin is not hosted. */
  protected readonly offsets: Int32Array;
  /** Length of each bin's extent in words. */
  protected readonly capacities: Int32Array;
  #totalBytes = 0;
  readonly #kind: string;

  /**
   * For 2^binShift bins, none of them hosted. `kind` names the container in errors.
   * @throws {BinShiftError} when `binShift` is out of range.
   */
  protected constructor(kind: string, binShift: number, extents: Extents) {
    checkBinShift(binShift);
    this.#kind = kind;
    this.extents = extents;
    this.words = extents.words;
    this.offsets = new Int32Array(2 ** binShift).fill(NOT_HOSTED);
    this.capacities = new Int32Array(2 ** binShift);
  }

  /** Bytes of all hosted bins. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Starts to host `bin`, empty. */
  create(bin: number): void {
    checkClaim(this.#kind, bin, this.offsets.length, this.hosts(bin));
    this.offsets[bin] = NO_EXTENT;
    this.capacities[bin] = 0;
  }

  /** Whether the bin is hosted. */
  hosts(bin: number): boolean {
    return this.offsets[bin]! >= NO_EXTENT;
  }

  /** Entries in the bin. */
  abstract entries(bin: number): number;

  /** Bytes that moving the bin transfers now. */
  bytes(bin: number): number {
    this.requireHosted(bin);
    return this.usedWords(bin) * WORD_BYTES;
  }

  /** Stops hosting the bin and hands its image over. */
  release(bin: number, image: Image): void {
    this.requireHosted(bin);
    image.used = this.usedWords(bin);
    image.offset = this.offsets[bin]!;
    image.capacity = this.capacities[bin]!;
    image.detail = 0;
    image.detail2 = 0;
    this.countUsed(-image.used);
    this.leaving(bin, image);
    if (image.used === 0 && image.capacity > 0) {
      this.extents.free(image.offset, image.capacity);
      image.capacity = 0;
    }
    this.offsets[bin] = NOT_HOSTED;
    this.capacities[bin] = 0;
  }

  /** Hosts a bin as its image says. */
  adopt(bin: number, image: Image): void {
    checkClaim(this.#kind, bin, this.offsets.length, this.hosts(bin));
    this.offsets[bin] = image.capacity === 0 ? NO_EXTENT : image.offset;
    this.capacities[bin] = image.capacity;
    this.countUsed(image.used);
    this.arriving(bin, image);
  }

  /** Length of the extent that a bin gets with its first entry. */
  protected abstract initialWords(): number;

  /** Words of the bin's extent that are in use: the first ones. */
  protected abstract usedWords(bin: number): number;

  /** Adds the subclass's numbers to the image of a bin that leaves, and forgets them. */
  protected abstract leaving(bin: number, image: Image): void;

  /** Takes the subclass's numbers from the image of a bin that has arrived. */
  protected abstract arriving(bin: number, image: Image): void;

  /** Counts words that came into use, or went out of it. */
  protected countUsed(words: number): void {
    this.#totalBytes += words * WORD_BYTES;
  }

  /**
   * Offset of the bin's extent, or NO_EXTENT.
   * @throws {BinError} when the bin is not hosted.
   */
  protected offsetOf(bin: number): number {
    const offset = this.offsets[bin] ?? NOT_HOSTED;
    if (offset < NO_EXTENT) throw this.missing(bin);
    return offset;
  }

  /** Checks that the bin is hosted. */
  protected requireHosted(bin: number): void {
    this.offsetOf(bin);
  }

  /** Moves a bin to an extent twice as long, or to its first one, with the same first words; returns its offset. */
  protected enlarge(bin: number): number {
    const capacity = this.capacities[bin]!;
    const larger = capacity === 0 ? this.initialWords() : 2 * capacity;
    const offset = this.extents.allocate(larger);
    if (capacity > 0) {
      const old = this.offsets[bin]!;
      this.extents.copy(old, capacity, offset);
      this.extents.free(old, capacity);
    }
    this.offsets[bin] = offset;
    this.capacities[bin] = larger;
    return offset;
  }

  /** The error for access to a bin that is not hosted. */
  protected missing(bin: number): BinError {
    return new BinError(this.#kind, bin, 'is not hosted by this worker');
  }
}
