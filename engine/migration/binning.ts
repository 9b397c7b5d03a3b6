/**
 * Keys to bins.
 *
 * A bin is named by the most significant bits of a key's hash (paper section 4.2), or, where a workload's keys are dense
 * integers, by the key's low bits. Both functions are fixed: every worker of every process routes a key alike.
 *
 * The hash has 32 bits, so a container that uses the bits below the bin's has 2^(32 - binShift) home positions per bin.
 */
import { hashKey } from '../dataflow/hash.ts';
import type { Route } from '../dataflow/pushers.ts';
import type { ColumnTypes, KeyArray, KeyColumnOf } from '../dataflow/schema.ts';
import { EngineError } from '../progress/engine-error.ts';
import type { Timestamp } from '../progress/timestamp.ts';

/** Fewest bits that name a bin. */
export const MIN_BIN_SHIFT = 1;

/** Most bits that name a bin. */
export const MAX_BIN_SHIFT = 20;

/** A number of bins that the engine does not support. */
export class BinShiftError extends EngineError {
  override readonly name = 'BinShiftError';
}

/**
 * Checks the number of bits that name a bin.
 * @throws {BinShiftError} when `binShift` is not an integer in MIN_BIN_SHIFT..MAX_BIN_SHIFT.
 */
export function checkBinShift(binShift: number): void {
  if (!Number.isInteger(binShift) || binShift < MIN_BIN_SHIFT || binShift > MAX_BIN_SHIFT) {
    throw new BinShiftError(`binShift is ${binShift}, expected an integer in ${MIN_BIN_SHIFT}..${MAX_BIN_SHIFT}`);
  }
}

/** A fixed map from keys to the bins 0..2^binShift - 1. */
export interface Binning {
  /** There are 2^binShift bins. */
  readonly binShift: number;
  /** Bin of a key, an integer in 0..2^53 - 1. */
  binOf(key: number): number;
  /** Writes the owners of the bins of keys[0..length): one pass from key to bin and owner. */
  ownersOf(keys: KeyArray, length: number, owners: Int32Array, found: Int32Array): void;
}

/** Bins by the top bits of the hash: any distribution of keys becomes even bins. */
export class HashedBinning implements Binning {
  /** Tells the binnings apart. */
  readonly kind = 'hashed';
  readonly binShift: number;
  readonly #drop: number;

  /**
   * A binning to 2^binShift bins.
   * @throws {BinShiftError} when `binShift` is out of range.
   */
  constructor(binShift: number) {
    checkBinShift(binShift);
    this.binShift = binShift;
    this.#drop = 32 - binShift;
  }

  /** Bin of `key`. */
  binOf(key: number): number {
    return hashKey(key) >>> this.#drop;
  }

  /** Writes the owners of the keys' bins. */
  ownersOf(keys: KeyArray, length: number, owners: Int32Array, found: Int32Array): void {
    const drop = this.#drop;
    for (let i = 0; i < length; i++) found[i] = owners[hashKey(keys[i]!) >>> drop]!;
  }
}

/** Bins by the low bits of the key: key = slot * 2^binShift + bin, so dense keys fill dense bins. */
export class LowBitsBinning implements Binning {
  /** Tells the binnings apart. */
  readonly kind = 'low-bits';
  readonly binShift: number;
  readonly #mask: number;

  /**
   * A binning to 2^binShift bins.
   * @throws {BinShiftError} when `binShift` is out of range.
   */
  constructor(binShift: number) {
    checkBinShift(binShift);
    this.binShift = binShift;
    this.#mask = (1 << binShift) - 1;
  }

  /** Bin of `key`. */
  binOf(key: number): number {
    // Right beyond 2^31 too: the conversion to 32 bits keeps the low bits of a safe integer.
    return key & this.#mask;
  }

  /** Writes the owners of the keys' bins. */
  ownersOf(keys: KeyArray, length: number, owners: Int32Array, found: Int32Array): void {
    const mask = this.#mask;
    for (let i = 0; i < length; i++) found[i] = owners[keys[i]! & mask]!;
  }
}

/** Sends records to the owners of their keys' bins; `ownersAt` tells the owner by bin at a time. */
export function binRoute<C extends ColumnTypes>(
  key: KeyColumnOf<C>,
  binning: Binning,
  ownersAt: (time: Timestamp) => Int32Array,
): Route<C> {
  return {
    destinations(batch, destinations): void {
      binning.ownersOf(batch.columns[key] as KeyArray, batch.length, ownersAt(batch.time), destinations);
    },
  };
}
