/**
 * An order-independent digest of a run's output records.
 *
 * Each record is hashed to 64 bits, and the hashes are summed with wrap-around; so the digest does not depend on the
 * order of records or on how they are spread over workers, while a lost, doubled or changed record shows. (An exclusive
 * or would not show a record that occurs twice more.) It detects faults; it does not withstand intent.
 */
import { MetricsError } from './metrics-error.ts';

/** A digest at rest: what threads and processes exchange and summary.json keeps. */
export interface DigestValue {
  /** Number of records. */
  readonly records: number;
  /** Sum of their hashes: 16 lowercase hexadecimal digits. */
  readonly sum: string;
}

/**
 * Where the two halves of a hash start, before the record's length is added: apart and large, so that no small number
 * meets its equal and makes both halves 0.
 */
const LOW = 0x3c6ef372;
const HIGH = 0x1f83d9ab;

/** One double, and the same bytes as two words. */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/**
 * Sums up hashes of records of 1 to 6 numbers. Any double but NaN is a legal number (0 and -0 are the same); records of
 * different length differ. One thread writes. A call allocates nothing and costs about 3 ns per number that is a 32-bit
 * integer, about 20 ns per other number.
 */
export class Digest {
  #records = 0;
  #low = 0;
  #high = 0;

  /** Adds a record of one number. */
  add1(a: number): void {
    this.#add(mixLow(LOW + 1, a), mixHigh(HIGH + 1, a));
  }

  /** Adds a record of two numbers. */
  add2(a: number, b: number): void {
    this.#add(mixLow(mixLow(LOW + 2, a), b), mixHigh(mixHigh(HIGH + 2, a), b));
  }

  /** Adds a record of three numbers. */
  add3(a: number, b: number, c: number): void {
    this.#add(mixLow(mixLow(mixLow(LOW + 3, a), b), c), mixHigh(mixHigh(mixHigh(HIGH + 3, a), b), c));
  }

  /** Adds a record of four numbers. */
  add4(a: number, b: number, c: number, d: number): void {
    this.#add(
      mixLow(mixLow(mixLow(mixLow(LOW + 4, a), b), c), d),
      mixHigh(mixHigh(mixHigh(mixHigh(HIGH + 4, a), b), c), d),
    );
  }

  /** Adds a record of five numbers. */
  add5(a: number, b: number, c: number, d: number, e: number): void {
    this.#add(
      mixLow(mixLow(mixLow(mixLow(mixLow(LOW + 5, a), b), c), d), e),
      mixHigh(mixHigh(mixHigh(mixHigh(mixHigh(HIGH + 5, a), b), c), d), e),
    );
  }

  /** Adds a record of six numbers. */
  add6(a: number, b: number, c: number, d: number, e: number, f: number): void {
    this.#add(
      mixLow(mixLow(mixLow(mixLow(mixLow(mixLow(LOW + 6, a), b), c), d), e), f),
      mixHigh(mixHigh(mixHigh(mixHigh(mixHigh(mixHigh(HIGH + 6, a), b), c), d), e), f),
    );
  }

  /**
   * Adds all records of another digest, for instance of another worker.
   *
   * @throws {MetricsError} when `other` is not a digest.
   */
  merge(other: DigestValue): void {
    if (!/^[0-9a-f]{16}$/.test(other.sum) || !Number.isSafeInteger(other.records) || other.records < 0) {
      throw new MetricsError(
        `a digest of ${other.records} records with the sum "${other.sum}" was merged; ` +
          `expected a count and 16 hexadecimal digits`,
      );
    }
    this.#records += other.records;
    this.#high = (this.#high + Number.parseInt(other.sum.slice(0, 8), 16)) | 0;
    this.#low = (this.#low + Number.parseInt(other.sum.slice(8), 16)) | 0;
  }

  /** The digest so far. */
  value(): DigestValue {
    return { records: this.#records, sum: hex(this.#high) + hex(this.#low) };
  }

  /** The digest in one word: the sum, a slash and the number of records. */
  toString(): string {
    const { records, sum } = this.value();
    return `${sum}/${records}`;
  }

  #add(low: number, high: number): void {
    // A last round: the final number's low bits have not reached all bits yet.
    const lowHash = Math.imul(low, 0xc2b2ae3d);
    const highHash = Math.imul(high, 0x27d4eb2f);
    this.#low = (this.#low + (lowHash ^ (lowHash >>> 16))) | 0;
    this.#high = (this.#high + (highHash ^ (highHash >>> 16))) | 0;
    this.#records += 1;
  }
}

/** Whether two digests stand for the same outputs. */
export function sameDigest(a: DigestValue, b: DigestValue): boolean {
  return a.records === b.records && a.sum === b.sum;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

/** Mixes a number into the lower half of a hash. */
function mixLow(hash: number, number: number): number {
  const integer = number | 0;
  if (integer === number) {
    return mixWordLow(hash, integer);
  }
  double[0] = number;
  return mixWordLow(mixWordLow(~hash, words[0]!), words[1]!);
}

/** Mixes a number into the upper half of a hash. */
function mixHigh(hash: number, number: number): number {
  const integer = number | 0;
  if (integer === number) {
    return mixWordHigh(hash, integer);
  }
  double[0] = number;
  return mixWordHigh(mixWordHigh(~hash, words[0]!), words[1]!);
}

function mixWordLow(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function mixWordHigh(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x85ebca77);
  return product ^ (product >>> 13);
}
