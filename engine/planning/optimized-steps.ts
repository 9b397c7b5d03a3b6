/**
 * The optimized strategy: as many bins at once as the workers can send and receive, in the fewest steps.
 *
 * The moves form a bipartite multigraph, workers as sources on the left, workers as targets on the right, an edge per bin.
 * A matching moves at most one bin out of and into each worker; cutting all edges into matchings is an edge colouring,
 * for which as many colours as the maximum degree D are needed and, by König's theorem, enough.
 *
 * Maximum matchings alone may need more: one that leaves out a critical worker (whose remaining degree is D) does not bring
 * D down. So each round takes a matching that is maximum *and* covers every critical worker. Adding padding edges between
 * workers of lower degree makes the graph D-regular, so that it has a perfect matching; critical workers have no padding,
 * so the real edges in it cover them; and augmenting these to a maximum matching exposes no vertex.
 *
 * A matching is repeated for as long as it lasts, that is until a pair has no bin left or a worker outside of it becomes
 * critical. Either happens at most once per pair or worker, so W workers need at most W^2 + 2W rounds however many bins.
 */
import { maximumMatching } from './matching.ts';
import type { Move } from './moves.ts';

/**
 * Cuts `moves` into the fewest steps with at most `binsPerPair` bins out of and into each worker per step:
 * ceil(D / binsPerPair), where D is the largest number of bins that one worker sends or receives in all.
 *
 * With one bin per pair every step is a maximum matching of the moves that remain. With more, a step joins `binsPerPair`
 * consecutive matchings, mostly repetitions of one; where a pair runs out of bins within a step, its workers go on with
 * other partners in the same step: the fewest steps come before a single partner per worker.
 *
 * @param moves - kept in order within each pair of workers; not changed.
 * @param binsPerPair - a positive integer.
 */
export function optimizedSteps(moves: readonly Move[], binsPerPair: number): Move[][] {
  const transfers = new Transfers(moves);
  const steps: Move[][] = [];
  let step: Move[] = [];
  let matchingsInStep = 0;
  while (transfers.maxDegree() > 0) {
    const targetOf = transfers.coveringMatching();
    let repetitions = transfers.repetitions(targetOf);
    while (repetitions > 0) {
      const taken = Math.min(repetitions, binsPerPair - matchingsInStep);
      transfers.take(targetOf, taken, step);
      repetitions -= taken;
      matchingsInStep += taken;
      if (matchingsInStep === binsPerPair) {
        steps.push(step);
        step = [];
        matchingsInStep = 0;
      }
    }
  }
  if (step.length > 0) steps.push(step);
  return steps;
}

/** The moves not yet in a step, by pair of workers. */
class Transfers {
  readonly #peers: number;
  /** The moves, sorted by pair. */
  readonly #sorted: Move[];
  /** First move of each pair (source * peers + target) that is not taken, as a position in `#sorted`. */
  readonly #head: Int32Array;
  /** Moves of each pair that are not taken. */
  readonly #remaining: Int32Array;
  /** Remaining moves out of each worker. */
  readonly #out: Int32Array;
  /** Remaining moves into each worker. */
  readonly #into: Int32Array;

  constructor(moves: readonly Move[]) {
    const peers = moves.reduce((most, { source, target }) => Math.max(most, source + 1, target + 1), 0);
    this.#peers = peers;
    this.#remaining = new Int32Array(peers * peers);
    this.#out = new Int32Array(peers);
    this.#into = new Int32Array(peers);
    for (const { source, target } of moves) {
      this.#remaining[source * peers + target]! += 1;
      this.#out[source]! += 1;
      this.#into[target]! += 1;
    }
    this.#head = new Int32Array(peers * peers);
    for (let pair = 1; pair < this.#head.length; pair++) {
      this.#head[pair] = this.#head[pair - 1]! + this.#remaining[pair - 1]!;
    }
    const end = this.#head.slice();
    this.#sorted = moves.slice();
    for (const move of moves) {
      const pair = move.source * peers + move.target;
      this.#sorted[end[pair]!] = move;
      end[pair]! += 1;
    }
  }

  /** The most bins that one worker still has to send or to receive. */
  maxDegree(): number {
    let most = 0;
    for (let worker = 0; worker < this.#peers; worker++) {
      most = Math.max(most, this.#out[worker]!, this.#into[worker]!);
    }
    return most;
  }

  /** A maximum matching of the remaining moves that covers every worker of maximum degree: target by source, or -1. */
  coveringMatching(): Int32Array {
    const moving = this.#neighbours();
    const regular = maximumMatching({ adjacency: this.#padded(moving), rightCount: this.#peers });
    // padding edges are dropped, but for those that run beside a real edge
    const covering = regular.rightOf.map((target, source) => (this.#left(source, target) > 0 ? target : -1));
    return maximumMatching({ adjacency: moving, rightCount: this.#peers }, covering).rightOf;
  }

  /** How often the matching can be taken so that every time brings the maximum degree down by one; at least once. */
  repetitions(targetOf: Int32Array): number {
    const degree = this.maxDegree();
    let times = degree;
    const receives = new Uint8Array(this.#peers);
    for (const [source, target] of targetOf.entries()) {
      if (target === -1) {
        times = Math.min(times, degree - this.#out[source]!);
      } else {
        times = Math.min(times, this.#left(source, target));
        receives[target] = 1;
      }
    }
    for (let target = 0; target < this.#peers; target++) {
      if (receives[target] === 0) times = Math.min(times, degree - this.#into[target]!);
    }
    return times;
  }

  /** Appends `times` moves of each matched pair to `step`. */
  take(targetOf: Int32Array, times: number, step: Move[]): void {
    for (const [source, target] of targetOf.entries()) {
      if (target === -1) continue;
      const pair = source * this.#peers + target;
      const head = this.#head[pair]!;
      for (let i = head; i < head + times; i++) step.push(this.#sorted[i]!);
      this.#head[pair] = head + times;
      this.#remaining[pair]! -= times;
      this.#out[source]! -= times;
      this.#into[target]! -= times;
    }
  }

  #left(source: number, target: number): number {
    return this.#remaining[source * this.#peers + target]!;
  }

  /** Targets with remaining moves, by source. */
  #neighbours(): number[][] {
    const neighbours: number[][] = [];
    for (let source = 0; source < this.#peers; source++) {
      const targets: number[] = [];
      for (let target = 0; target < this.#peers; target++) {
        if (this.#left(source, target) > 0) targets.push(target);
      }
      neighbours.push(targets);
    }
    return neighbours;
  }

  /** The neighbours, with padding edges that bring every worker, as source and as target, to the maximum degree. */
  #padded(moving: readonly number[][]): number[][] {
    const degree = this.maxDegree();
    const padded = moving.map((targets) => targets.slice());
    // sources and targets lack equally many edges in all: deal them out in order
    let target = 0;
    let targetLacks = degree - this.#into[0]!;
    for (let source = 0; source < this.#peers; source++) {
      let sourceLacks = degree - this.#out[source]!;
      while (sourceLacks > 0) {
        if (targetLacks === 0) {
          target++;
          targetLacks = degree - this.#into[target]!;
          continue;
        }
        const edges = Math.min(sourceLacks, targetLacks);
        padded[source]!.push(target);
        sourceLacks -= edges;
        targetLacks -= edges;
      }
    }
    return padded;
  }
}
