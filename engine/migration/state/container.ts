/**
 * What migration needs of the state that user code keeps.
 *
 * One container instance per worker holds the entries of all bins that the worker hosts. User code addresses it by key and
 * sees a plain map. A bin is one extent of the worker's memory and a few numbers about it, its *image*: the mechanism takes
 * the images of single bins and hands them, whole, to the container of another worker.
 */

/** A bin on its way: an extent and what the container has to know about it. */
export interface Image {
  /** Offset of the extent; meaningless when `capacity` is 0. */
  offset: number;
  /** Words of the extent that have to travel: the first ones. */
  used: number;
  /** Words of the extent; 0 when the bin has none. */
  capacity: number;
  /** Whatever else the container keeps per bin. */
  detail: number;
  /** Whatever else the container keeps per bin. */
  detail2: number;
}

/** An image without an extent. */
export function emptyImage(): Image {
  return { offset: 0, used: 0, capacity: 0, detail: 0, detail2: 0 };
}

/** State of the bins that one worker hosts. Single-threaded. Access to a key whose bin is not hosted throws {@link BinError}. */
export interface BinContainer {
  /** Bytes of all hosted bins, as `bytes` counts them; kept as they change. */
  readonly totalBytes: number;
  /**
   * Starts to host `bin`, empty.
   * @throws {BinError} when it is hosted already, or is no bin.
   */
  create(bin: number): void;
  /** Whether the bin is hosted. */
  hosts(bin: number): boolean;
  /**
   * Entries in the bin (dense: its slots).
   * @throws {BinError} when the bin is not hosted.
   */
  entries(bin: number): number;
  /**
   * Bytes that moving the bin transfers now (without its numbers).
   * @throws {BinError} when the bin is not hosted.
   */
  bytes(bin: number): number;
  /**
   * Stops hosting the bin and writes its image to `image`; its extent belongs to the caller.
   * @throws {BinError} when the bin is not hosted.
   */
  release(bin: number, image: Image): void;
  /**
   * Hosts a bin with the contents of `image`, whose extent belongs to the container from now on. `image` is not kept.
   * @throws {BinError} when the bin is hosted already, or is no bin.
   */
  adopt(bin: number, image: Image): void;
}
