/**
 * Zipf's law: rank k of 1 .. domain with a probability proportional to 1 / k^exponent, exactly, in constant time and memory.
 *
 * Rejection-inversion (W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", 1996). A point under the curve 1 / x^exponent is drawn by inverting its integral, and rounded to the nearest
 * rank. The part of the area around a rank that exceeds the rank's own weight is rejected: less than a fifth of all draws at any
 * exponent, and next to none of them at large ranks. Rank 1 starts where the area is exactly its weight.
 *
 * Powers and logarithms are those of V8, which has them in software: equal on every machine, not in every language.
 */

/**
 * Beyond it nothing is rejected: area and weight of a rank differ by less than 2^-52 of it (by the share e(e + 1) / 24k^2, with an
 * exponent e of at most 4), and the integral's rounding would exceed what is tested.
 */
const LARGEST_TESTED_RANK = 2 ** 26;

/** Draws ranks from random fractions. Immutable. */
export class ZipfRanks {
  readonly #domain: number;
  readonly #exponent: number;
  /** 1 - exponent; 0 where the integral is a logarithm. */
  readonly #power: number;
  /** The integral's value where the area of rank 1 starts. */
  readonly #first: number;
  /** The integral's value at the end of the last rank. */
  readonly #last: number;
  /** A point at most this far below its rank is never rejected. */
  readonly #safe: number;

  /** Ranks 1 .. domain; the domain is an integer from 1 to 2^53 - 1, the exponent is above 0 and at most 4. */
  constructor(domain: number, exponent: number) {
    this.#domain = domain;
    this.#exponent = exponent;
    this.#power = 1 - exponent;
    this.#first = this.#integral(1.5) - 1;
    this.#last = this.#integral(domain + 0.5);
    this.#safe = 2 - this.#inverse(this.#integral(2.5) - this.#weight(2));
  }

  /** The rank that a fraction of 0 <= fraction < 1 leads to, or 0 when it is rejected and another has to be drawn. */
  rank(fraction: number): number {
    const area = this.#last + fraction * (this.#first - this.#last);
    const point = this.#inverse(area);
    // Unlike the floor of point + 0.5, exact up to 2^53.
    const rank = Math.min(this.#domain, Math.max(1, Math.round(point)));
    if (rank > LARGEST_TESTED_RANK) return rank;
    return rank - point <= this.#safe || area >= this.#integral(rank + 0.5) - this.#weight(rank) ? rank : 0;
  }

  #weight(x: number): number {
    return Math.exp(-this.#exponent * Math.log(x));
  }

  /** The integral of the weight from 1 to x. */
  #integral(x: number): number {
    const log = Math.log(x);
    return this.#power === 0 ? log : Math.expm1(this.#power * log) / this.#power;
  }

  #inverse(integral: number): number {
    if (this.#power === 0) return Math.exp(integral);
    // Not below -1, where the integral to infinity lies when the exponent is above 1: rounding may lead there.
    return Math.exp(Math.log1p(Math.max(-1, integral * this.#power)) / this.#power);
  }
}
