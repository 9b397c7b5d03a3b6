/** The containers of one operator, hosted together: a bin is in all of them or in none. */
import { checkBinShift } from '../binning.ts';
import { BinError, checkClaim } from './bin-error.ts';
import { type BinContainer, emptyImage, type Image } from './container.ts';

/** A container made of others, which move together. */
export interface CompoundContainer {
  /** The containers that it is made of, by name. */
  readonly parts: Readonly<Record<string, BinContainer>>;
}

/** The containers of an operator by name. */
export type Containers = Readonly<Record<string, BinContainer | CompoundContainer>>;

const KIND = 'BinState';

/** State of the bins that one worker hosts, in an ordered list of containers, which may be empty. */
export class BinState {
  /** The containers and the parts of compound ones; the same order on every worker. */
  readonly containers: readonly BinContainer[];
  /** An image per container: what `release` fills in and `adopt` reads. */
  readonly images: readonly Image[];
  readonly #hosted: Uint8Array;

  /**
   * State for 2^binShift bins, none of them hosted.
   * @throws {BinShiftError} when `binShift` is out of range.
   */
  constructor(binShift: number, containers: Containers) {
    checkBinShift(binShift);
    this.containers = Object.values(containers).flatMap((container) =>
      'parts' in container ? Object.values(container.parts) : [container],
    );
    this.images = this.containers.map(emptyImage);
    this.#hosted = new Uint8Array(2 ** binShift);
  }

  /** Bytes of all hosted bins. Kept as it changes: costs nothing. */
  get totalBytes(): number {
    let bytes = 0;
    for (const container of this.containers) bytes += container.totalBytes;
    return bytes;
  }

  /**
   * Starts to host `bin`, empty, in every container.
   * @throws {BinError} when it is hosted already, or is no bin.
   */
  create(bin: number): void {
    checkClaim(KIND, bin, this.#hosted.length, this.hosts(bin));
    for (const container of this.containers) container.create(bin);
    this.#hosted[bin] = 1;
  }

  /** Whether the bin is hosted. */
  hosts(bin: number): boolean {
    return this.#hosted[bin] === 1;
  }

  /**
   * Stops hosting the bin; `images` hold what the containers gave up.
   * @throws {BinError} when the bin is not hosted.
   */
  release(bin: number): void {
    if (!this.hosts(bin)) throw new BinError(KIND, bin, 'is not hosted by this worker');
    for (let i = 0; i < this.containers.length; i++) this.containers[i]!.release(bin, this.images[i]!);
    this.#hosted[bin] = 0;
  }

  /**
   * Hosts a bin in every container as `images` say, whose extents belong to the containers from now on.
   * @throws {BinError} when it is hosted already, or is no bin.
   */
  adopt(bin: number): void {
    checkClaim(KIND, bin, this.#hosted.length, this.hosts(bin));
    for (let i = 0; i < this.containers.length; i++) this.containers[i]!.adopt(bin, this.images[i]!);
    this.#hosted[bin] = 1;
  }
}
