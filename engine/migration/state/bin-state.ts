/** The containers of one operator, hosted together: a bin is in all of them or in none. */
import { checkBinShift } from '../hash.ts';
import { BinError, checkBin } from './bin-error.ts';
import type { BinContainer, ChunkWriter } from './container.ts';

/** A container and the name that errors and reports give it. */
export interface NamedContainer {
  /** Unique among the containers of a {@link BinState}. */
  readonly name: string;
  /** The container; its bins are created and moved through the BinState only. */
  readonly container: BinContainer;
}

/** A {@link ChunkWriter} that marks each chunk with the container it belongs to. */
export interface StateWriter extends ChunkWriter {
  /** Index of the container that the following chunks belong to; set by {@link BinState.extract}. */
  container: number;
}

/** Two containers of one state have the same name. */
export class ContainerNameError extends Error {
  override readonly name = 'ContainerNameError';
}

const KIND = 'BinState';

/** State of the bins that one worker hosts, in an ordered list of containers, which may be empty. */
export class BinState {
  /** Names of the containers, by container index. */
  readonly names: readonly string[];
  /** The containers, by container index; the same order on every worker. */
  readonly containers: readonly BinContainer[];
  readonly #hosted: Uint8Array;

  /**
   * State for 2^binShift bins, none of them hosted.
   * @throws {BinShiftError} when `binShift` is out of range.
   * @throws {ContainerNameError} when two containers have the same name.
   */
  constructor(binShift: number, containers: readonly NamedContainer[]) {
    checkBinShift(binShift);
    this.names = containers.map(({ name }) => name);
    this.containers = containers.map(({ container }) => container);
    const twice = this.names.find((name, index) => this.names.indexOf(name) !== index);
    if (twice !== undefined) throw new ContainerNameError(`${KIND}: two containers are named "${twice}"`);
    this.#hosted = new Uint8Array(2 ** binShift);
  }

  /**
   * Starts to host `bin`, empty, in every container.
   * @throws {BinError} when it is hosted already, or is no bin.
   */
  create(bin: number): void {
    checkBin(KIND, bin, this.#hosted.length);
    if (this.hosts(bin)) throw new BinError(KIND, bin, 'is hosted already, expected a bin to create');
    for (const container of this.containers) container.create(bin);
    this.#hosted[bin] = 1;
  }

  /** Whether the bin is hosted. */
  hosts(bin: number): boolean {
    return this.#hosted[bin] === 1;
  }

  /**
   * Entries in the bin, of all containers.
   * @throws {BinError} when the bin is not hosted.
   */
  entries(bin: number): number {
    this.#check(bin);
    let entries = 0;
    for (let i = 0; i < this.containers.length; i++) entries += this.containers[i]!.entries(bin);
    return entries;
  }

  /**
   * Bytes that moving the bin transfers now, of all containers.
   * @throws {BinError} when the bin is not hosted.
   */
  bytes(bin: number): number {
    this.#check(bin);
    return this.containers.reduce((sum, container) => sum + container.bytes(bin), 0);
  }

  /** Bytes of all hosted bins, without those under way; costs a look at each bin. */
  hostedBytes(): number {
    let bytes = 0;
    for (let bin = 0; bin < this.#hosted.length; bin++) {
      if (this.#hosted[bin] === 0) continue;
      for (const container of this.containers) {
        if (!container.arriving(bin)) bytes += container.bytes(bin);
      }
    }
    return bytes;
  }

  /**
   * Writes the chunks of the bin, one container after the other, then stops hosting it.
   * @throws {BinError} when the bin is not hosted, or has not arrived completely.
   */
  extract(bin: number, writer: StateWriter): void {
    // Each container refuses while chunks are missing: find out before the first one gives up the bin.
    this.entries(bin);
    for (let i = 0; i < this.containers.length; i++) {
      writer.container = i;
      this.containers[i]!.extract(bin, writer);
    }
    this.#hosted[bin] = 0;
  }

  /**
   * Takes one chunk of a bin for the container with the index that the chunk carries.
   * @throws {BinError} when the bin is not hosted, or there is no such container.
   */
  install(bin: number, container: number, words: Float64Array, start: number, count: number): void {
    this.#check(bin);
    const target = this.containers[container];
    if (target === undefined) {
      throw new BinError(KIND, bin, `receives a chunk for container ${container} of ${this.containers.length}`);
    }
    target.install(bin, words, start, count);
  }

  /** Makes sure that `bins` more bins can arrive without touching fresh memory. */
  reserve(bins: number): void {
    for (const container of this.containers) container.reserve(bins);
  }

  #check(bin: number): void {
    if (!this.hosts(bin)) throw new BinError(KIND, bin, 'is not hosted by this worker');
  }
}
