/** What can be wrong with an access to binned state. */
import { EngineError } from '../../progress/engine-error.ts';

/** An operation on a bin that its container does not host, or hosts already. */
export class BinError extends EngineError {
  override readonly name = 'BinError';
  /** The bin in question. */
  readonly bin: number;

  /** `problem` continues the sentence "bin n ...". */
  constructor(container: string, bin: number, problem: string) {
    super(`${container}: bin ${bin} ${problem}`);
    this.bin = bin;
  }
}

/** A key that its container cannot hold. */
export class KeyError extends EngineError {
  override readonly name = 'KeyError';
  /** The key in question. */
  readonly key: number;

  /** `expected` names the keys that the container holds. */
  constructor(container: string, key: number, expected: string) {
    super(`${container}: key is ${key}, expected ${expected}`);
    this.key = key;
  }
}

/** A value of a pending entry that has no place in the order of entries. */
export class PendingValueError extends EngineError {
  override readonly name = 'PendingValueError';
}

/**
 * Checks that a container of the bins 0..bins - 1 can begin to host `bin`; `hosted` says whether it does so already.
 * @throws {BinError} when it cannot.
 */
export function checkClaim(container: string, bin: number, bins: number, hosted: boolean): void {
  if (!Number.isInteger(bin) || bin < 0 || bin >= bins) {
    throw new BinError(container, bin, `does not exist, expected one of 0..${bins - 1}`);
  }
  if (hosted) throw new BinError(container, bin, 'is hosted already, expected one that is not');
}

/** A container was set up with a size that it cannot have. */
export class ContainerSizeError extends EngineError {
  override readonly name = 'ContainerSizeError';
}

/**
 * Checks a size given to a container's constructor.
 * @throws {ContainerSizeError} when `value` is not an integer of at least `minimum`.
 */
export function checkSize(what: string, value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new ContainerSizeError(`${what} is ${value}, expected an integer of at least ${minimum}`);
  }
}
