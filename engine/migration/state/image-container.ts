/**
 * Base of the containers whose bin is one buffer, its *image*, that travels as it is: a header of a few words, then the
 * used prefix of the image.
 *
 * A hosted bin without entries shares one constant image, so that bins cost memory only once they are used. A bin that
 * outgrows its image leaves the old one to the garbage collector: the pool keeps what bins that arrive can use, and they
 * arrive at full size.
 */
import { checkBinShift } from '../hash.ts';
import { BinError, checkBin } from './bin-error.ts';
import { BufferPool } from './buffer-pool.ts';
import { ChunkStream } from './chunk-stream.ts';
import type { BinContainer, ChunkWriter } from './container.ts';
import { copyWords } from './copy-words.ts';

/** Index of the header word that holds the number of image words that follow. */
export const HEADER_IMAGE_WORDS = 0;

/** Index of the header word that holds the length of the buffer that the image needs. */
export const HEADER_BUFFER_WORDS = 1;

/** Most words that a header can have, so that it is never cut. */
const MAX_HEADER_WORDS = 8;

/** A bin of which the first, but not the last chunk has arrived. */
interface Arrival {
  readonly header: Float64Array;
  readonly image: Float64Array;
  filled: number;
}

/** A container with one image per hosted bin; the subclass gives the image its meaning. */
export abstract class ImageContainer implements BinContainer {
  /** Image of each bin; undefined while the bin is not hosted or has not arrived completely. */
  protected readonly images: (Float64Array | undefined)[];
  /** Image shared by all hosted bins without entries. */
  protected readonly emptyImage: Float64Array;
  /** Buffers of bins that have left. */
  protected readonly pool = new BufferPool();
  readonly #kind: string;
  readonly #header: Float64Array;
  readonly #arrivals = new Map<number, Arrival>();

  /**
   * For 2^binShift bins, none of them hosted. `kind` names the container in errors.
   * @throws {BinShiftError} when `binShift` is out of range.
   */
  protected constructor(kind: string, binShift: number, emptyImage: Float64Array, headerWords: number) {
    checkBinShift(binShift);
    if (headerWords > MAX_HEADER_WORDS) throw new RangeError(`${kind}: a header of ${headerWords} words could be cut`);
    this.images = new Array<Float64Array | undefined>(2 ** binShift).fill(undefined);
    this.emptyImage = emptyImage;
    this.#kind = kind;
    this.#header = new Float64Array(headerWords);
  }

  /** Words of free buffers that wait for bins. */
  get pooledWords(): number {
    return this.pool.words;
  }

  /** Starts to host `bin`, empty. */
  create(bin: number): void {
    checkBin(this.#kind, bin, this.images.length);
    if (this.hosts(bin)) throw new BinError(this.#kind, bin, 'is hosted already, expected a bin to create');
    this.images[bin] = this.emptyImage;
  }

  /** Whether the bin is hosted. */
  hosts(bin: number): boolean {
    return this.images[bin] !== undefined || this.#arrivals.has(bin);
  }

  /** Whether the first, but not the last chunk of the bin has arrived. */
  arriving(bin: number): boolean {
    return this.#arrivals.has(bin);
  }

  /** Entries in the bin. */
  abstract entries(bin: number): number;

  /** Bytes that moving the bin transfers now. */
  bytes(bin: number): number {
    if (this.entries(bin) === 0) return 0;
    const header = this.#header;
    this.describe(bin, header);
    return 8 * (header.length + header[HEADER_IMAGE_WORDS]!);
  }

  /** Writes the whole bin as chunks, then stops hosting it. */
  extract(bin: number, writer: ChunkWriter): void {
    const image = this.imageOf(bin);
    if (this.entries(bin) > 0) {
      const header = this.#header;
      this.describe(bin, header);
      const stream = new ChunkStream(writer);
      stream.put(header, 0, header.length);
      stream.put(image, 0, header[HEADER_IMAGE_WORDS]!);
      stream.end();
    }
    this.forget(bin);
    this.images[bin] = undefined;
    if (image !== this.emptyImage) this.pool.release(image);
  }

  /** Takes one chunk of a bin. */
  install(bin: number, words: Float64Array, start: number, count: number): void {
    let arrival = this.#arrivals.get(bin);
    const end = start + count;
    if (arrival === undefined) {
      if (this.entries(bin) > 0) throw new BinError(this.#kind, bin, 'holds entries already, expected an empty bin');
      arrival = this.#beginArrival(bin, words, start, count);
      start += arrival.header.length;
    }
    const expected = arrival.header[HEADER_IMAGE_WORDS]!;
    if (arrival.filled + end - start > expected) {
      throw new BinError(this.#kind, bin, `receives ${arrival.filled + end - start} words, expected ${expected}`);
    }
    copyWords(words, start, end - start, arrival.image, arrival.filled);
    arrival.filled += end - start;
    if (arrival.filled < expected) return;
    this.#arrivals.delete(bin);
    this.images[bin] = arrival.image;
    this.adopt(bin, arrival.header);
  }

  /**
   * Makes sure that `bins` more bins can arrive without touching fresh memory, if their sizes are distributed as those of
   * the hosted bins (or as set up, while no hosted bin has entries).
   */
  reserve(bins: number): void {
    const perLength = new Map<number, number>();
    let used = 0;
    for (const image of this.images) {
      if (image === undefined || image === this.emptyImage) continue;
      perLength.set(image.length, (perLength.get(image.length) ?? 0) + 1);
      used++;
    }
    if (used === 0) this.pool.reserve(this.initialWords(), bins);
    for (const [length, count] of perLength) this.pool.reserve(length, Math.ceil((bins * count) / used));
  }

  /**
   * The image of a bin.
   * @throws {BinError} when the bin is not hosted, or has not arrived completely.
   */
  protected imageOf(bin: number): Float64Array {
    const image = this.images[bin];
    if (image === undefined) throw this.missing(bin);
    return image;
  }

  /** Moves a bin to an image of `words` words with the same prefix, and returns it. */
  protected enlarge(bin: number, words: number): Float64Array {
    const image = this.pool.acquire(words);
    image.set(this.imageOf(bin));
    this.images[bin] = image;
    return image;
  }

  /** The error for access to a bin without an image. */
  protected missing(bin: number): BinError {
    const arriving = this.#arrivals.has(bin);
    return new BinError(this.#kind, bin, arriving ? 'has not arrived completely' : 'is not hosted by this worker');
  }

  /** Length of the image that a bin gets with its first entry. */
  protected abstract initialWords(): number;

  /** Fills in the header of a bin with entries. */
  protected abstract describe(bin: number, header: Float64Array): void;

  /** Takes over what `describe` said, after images[bin] has been set. */
  protected abstract adopt(bin: number, header: Float64Array): void;

  /** Clears what is known about a bin besides its image, which is still set. */
  protected abstract forget(bin: number): void;

  #beginArrival(bin: number, words: Float64Array, start: number, count: number): Arrival {
    const length = this.#header.length;
    if (count < length) throw new BinError(this.#kind, bin, `receives ${count} words, expected a header of ${length}`);
    const header = words.slice(start, start + length);
    const arrival = { header, image: this.pool.acquire(header[HEADER_BUFFER_WORDS]!), filled: 0 };
    this.images[bin] = undefined;
    this.#arrivals.set(bin, arrival);
    return arrival;
  }
}
