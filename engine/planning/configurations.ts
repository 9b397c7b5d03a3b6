/**
 * Configurations at one moment: which worker owns which bin (paper, section 3.2, with the time fixed).
 *
 * All functions return a new array and change none of their arguments.
 */
import { MAX_BIN_SHIFT } from '../migration/binning.ts';
import { ConfigurationError } from './errors.ts';

/** Owner (worker index, 0..peers - 1) by bin; the length is the number of bins, 2^binShift. */
export type Configuration = Int32Array;

/**
 * Bin `i` on worker `i` mod `peers`: bin counts differ by at most one.
 *
 * @throws {ConfigurationError} when `binShift` is not an integer in 1..20 or `peers` not a positive integer.
 */
export function balanced(binShift: number, peers: number): Configuration {
  checkShape(binShift, peers, 'balanced');
  return Int32Array.from({ length: 2 ** binShift }, (_, bin) => bin % peers);
}

/**
 * The balanced configuration after a quarter of all bins moved from the odd workers to the even ones: about half of the
 * bins of half of the workers (paper, section 5).
 *
 * The rule for every number of workers:
 * - The odd workers give and the even workers receive. With h even workers, the j-th odd worker gives to the even
 *   worker of rank (j + ceil(h / 2)) mod h, so that no two givers share a receiver.
 * - The first 2^binShift / 4 of the odd workers' bins move, in the order of bins. With an even number of workers these are
 *   the odd bins of the first half, half of what each giver has; with 16 workers this is the map of the paper's artifact.
 * - With two workers, to which the artifact's map does nothing, every second bin of worker 1 moves (bins 1, 5, 9, ...),
 *   again a quarter of all.
 * - With an odd number of workers fewer than half of them give, so each gives more than half: still a quarter of all
 *   bins moves, and one even worker receives nothing.
 * - Nothing moves if there is one worker only, or two bins only (a quarter is less than a bin).
 *
 * @throws {ConfigurationError} when `binShift` is not an integer in 1..20 or `peers` not a positive integer.
 */
export function imbalanced(binShift: number, peers: number): Configuration {
  checkShape(binShift, peers, 'imbalanced');
  const owners = balanced(binShift, peers);
  const receivers = Math.ceil(peers / 2);
  const offset = Math.ceil(receivers / 2);
  let toMove = owners.length >> 2;
  for (let bin = 0; bin < owners.length && toMove > 0; bin++) {
    const giver = bin % peers;
    const gives = peers === 2 ? bin % 4 === 1 : giver % 2 === 1;
    if (!gives) continue;
    owners[bin] = 2 * (((giver - 1) / 2 + offset) % receivers);
    toMove--;
  }
  return owners;
}

/**
 * Every bin on one worker.
 *
 * @throws {ConfigurationError} when `binShift` is not an integer in 1..20, `peers` not a positive integer or `worker` not
 *   an index of a worker.
 */
export function oneWorker(binShift: number, peers: number, worker: number): Configuration {
  checkShape(binShift, peers, 'oneWorker');
  if (!isIndex(worker, peers)) {
    throw new ConfigurationError({
      where: 'oneWorker, worker',
      expected: `an index in 0..${peers - 1}`,
      found: String(worker),
    });
  }
  return new Int32Array(2 ** binShift).fill(worker);
}

/**
 * A copy of the given owners, checked.
 *
 * @param owners - worker index by bin, 2^binShift of them.
 * @throws {ConfigurationError} when `binShift` or `peers` is out of range, the number of owners is not 2^binShift or an
 *   owner is not an index of a worker.
 */
export function explicit(owners: ArrayLike<number>, binShift: number, peers: number): Configuration {
  checkShape(binShift, peers, 'explicit');
  const bins = 2 ** binShift;
  if (owners.length !== bins) {
    throw new ConfigurationError({
      where: 'explicit, owners',
      expected: `${bins} owners (binShift ${binShift})`,
      found: String(owners.length),
    });
  }
  checkOwners(owners, peers, 'explicit, owners');
  return Int32Array.from(owners);
}

/**
 * Checks that `configuration` has one owner in 0..peers - 1 for each of 2^1 .. 2^20 bins; linear in the bins.
 *
 * @param where - names the place in the error's message.
 * @throws {ConfigurationError} when it has not, or when `peers` is not a positive integer.
 */
export function checkConfiguration(configuration: Configuration, peers: number, where: string): void {
  const bins = configuration.length;
  if (bins < 2 || bins > 2 ** MAX_BIN_SHIFT || (bins & (bins - 1)) !== 0) {
    throw new ConfigurationError({
      where: `${where}, length`,
      expected: `a power of two in 2..${2 ** MAX_BIN_SHIFT}`,
      found: `${bins} bins`,
    });
  }
  checkPeers(peers, where);
  checkOwners(configuration, peers, where);
}

/**
 * Bins that each worker owns, by worker index, `peers` of them.
 *
 * @param configuration - owners below `peers`, as {@link checkConfiguration} checks.
 */
export function binCounts(configuration: Configuration, peers: number): Int32Array {
  const counts = new Int32Array(peers);
  for (const owner of configuration) counts[owner]! += 1;
  return counts;
}

function checkShape(binShift: number, peers: number, where: string): void {
  if (!Number.isInteger(binShift) || binShift < 1 || binShift > MAX_BIN_SHIFT) {
    throw new ConfigurationError({
      where: `${where}, binShift`,
      expected: `an integer in 1..${MAX_BIN_SHIFT}`,
      found: String(binShift),
    });
  }
  checkPeers(peers, where);
}

function checkPeers(peers: number, where: string): void {
  if (!Number.isSafeInteger(peers) || peers < 1) {
    throw new ConfigurationError({ where: `${where}, peers`, expected: 'a positive integer', found: String(peers) });
  }
}

function checkOwners(owners: ArrayLike<number>, peers: number, where: string): void {
  for (let bin = 0; bin < owners.length; bin++) {
    if (!isIndex(owners[bin], peers)) {
      throw new ConfigurationError({
        where: `${where}, bin ${bin}`,
        expected: `a worker index in 0..${peers - 1}`,
        found: String(owners[bin]),
      });
    }
  }
}

function isIndex(value: number | undefined, length: number): boolean {
  return Number.isInteger(value) && value! >= 0 && value! < length;
}
