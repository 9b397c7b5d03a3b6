/**
 * Maximum matching in a bipartite graph (Hopcroft and Karp, 1973).
 *
 * A phase finds the length of the shortest augmenting paths with a breadth-first search, then flips paths of that length
 * until none is left; there are O(sqrt(vertices)) phases. Flipping a path exposes no vertex: what the initial matching
 * covers stays covered, which the optimized strategy relies on.
 */
import { MatchingError } from './errors.ts';

/** A bipartite graph; vertices of either side are numbered from 0. */
export interface BipartiteGraph {
  /** Right neighbours by left vertex; repeated neighbours are harmless. */
  readonly adjacency: readonly ArrayLike<number>[];
  /** Number of right vertices. */
  readonly rightCount: number;
}

/** A set of edges of which no two share a vertex. */
export interface Matching {
  /** Number of edges. */
  readonly size: number;
  /** Right partner by left vertex, or -1. */
  readonly rightOf: Int32Array;
  /** Left partner by right vertex, or -1. */
  readonly leftOf: Int32Array;
}

/**
 * A matching with the most edges, deterministic for a given graph.
 *
 * @param initial - right partner by left vertex, or -1: a matching to start from, not changed. Every vertex that it covers is
 *   covered by the result, if with another partner. Its edges are taken to be edges of the graph.
 * @throws {MatchingError} when a neighbour is not a right vertex, or `initial` has the wrong length or uses a right vertex twice.
 */
export function maximumMatching(graph: BipartiteGraph, initial?: Int32Array): Matching {
  checkNeighbours(graph);
  const search = new Search(graph, initial);
  while (search.layer()) search.augment();
  const { rightOf, leftOf } = search;
  return { size: rightOf.reduce((size, right) => (right === -1 ? size : size + 1), 0), rightOf, leftOf };
}

/** The matching under construction and the scratch space of a phase. */
class Search {
  readonly rightOf: Int32Array;
  readonly leftOf: Int32Array;
  readonly #adjacency: readonly ArrayLike<number>[];
  /** Layer by left vertex: matched edges between it and an exposed left vertex on a shortest path, or -1. */
  readonly #layerOf: Int32Array;
  /** Next position in the adjacency of each left vertex: an edge is tried once per phase. */
  readonly #cursor: Int32Array;
  /** Queue of the breadth-first search, then the left vertices of the path being tried. */
  readonly #lefts: Int32Array;

  constructor(graph: BipartiteGraph, initial: Int32Array | undefined) {
    const leftCount = graph.adjacency.length;
    this.#adjacency = graph.adjacency;
    this.rightOf = initial === undefined ? new Int32Array(leftCount).fill(-1) : initial.slice();
    this.leftOf = invert(this.rightOf, graph);
    this.#layerOf = new Int32Array(leftCount);
    this.#cursor = new Int32Array(leftCount);
    this.#lefts = new Int32Array(leftCount);
  }

  /** Numbers the layers from the exposed left vertices on; returns whether an exposed right vertex is within reach. */
  layer(): boolean {
    const queue = this.#lefts;
    let tail = 0;
    for (let left = 0; left < this.rightOf.length; left++) {
      const exposed = this.rightOf[left] === -1;
      this.#layerOf[left] = exposed ? 0 : -1;
      if (exposed) queue[tail++] = left;
    }
    for (let head = 0; head < tail; head++) {
      const left = queue[head]!;
      const neighbours = this.#adjacency[left]!;
      for (let i = 0; i < neighbours.length; i++) {
        const next = this.leftOf[neighbours[i]!]!;
        // vertices further away cannot lie on a shortest path
        if (next === -1) return true;
        if (this.#layerOf[next] === -1) {
          this.#layerOf[next] = this.#layerOf[left]! + 1;
          queue[tail++] = next;
        }
      }
    }
    return false;
  }

  /** Flips augmenting paths along the layers until none is left. */
  augment(): void {
    this.#cursor.fill(0);
    for (let left = 0; left < this.rightOf.length; left++) {
      if (this.rightOf[left] === -1) this.#augmentFrom(left);
    }
  }

  /** Depth-first search without recursion: a path may be as long as the graph. */
  #augmentFrom(root: number): void {
    const path = this.#lefts;
    path[0] = root;
    let depth = 0;
    while (depth >= 0) {
      const left = path[depth]!;
      const neighbours = this.#adjacency[left]!;
      if (this.#cursor[left]! === neighbours.length) {
        depth--;
        continue;
      }
      const next = this.leftOf[neighbours[this.#cursor[left]!]!]!;
      this.#cursor[left]! += 1;
      if (next === -1) {
        this.#flip(depth);
        return;
      }
      if (this.#layerOf[next] === this.#layerOf[left]! + 1) path[++depth] = next;
    }
  }

  /** Matches each left vertex of the path with the neighbour tried last. */
  #flip(depth: number): void {
    for (let i = depth; i >= 0; i--) {
      const left = this.#lefts[i]!;
      const right = this.#adjacency[left]![this.#cursor[left]! - 1]!;
      this.rightOf[left] = right;
      this.leftOf[right] = left;
    }
  }
}

function checkNeighbours(graph: BipartiteGraph): void {
  for (const [left, neighbours] of graph.adjacency.entries()) {
    for (let i = 0; i < neighbours.length; i++) {
      const right = neighbours[i]!;
      if (!Number.isInteger(right) || right < 0 || right >= graph.rightCount) {
        throw new MatchingError({
          where: `maximumMatching, neighbour ${i} of left vertex ${left}`,
          expected: `a right vertex in 0..${graph.rightCount - 1}`,
          found: String(right),
        });
      }
    }
  }
}

function invert(rightOf: Int32Array, graph: BipartiteGraph): Int32Array {
  const { adjacency, rightCount } = graph;
  if (rightOf.length !== adjacency.length) {
    throw new MatchingError({
      where: 'maximumMatching, initial',
      expected: `${adjacency.length} partners, one for each left vertex`,
      found: String(rightOf.length),
    });
  }
  const leftOf = new Int32Array(rightCount).fill(-1);
  for (const [left, right] of rightOf.entries()) {
    if (right === -1) continue;
    if (leftOf[right] !== -1) {
      throw new MatchingError({
        where: `maximumMatching, initial partner of left vertex ${left}`,
        expected: `-1 or a right vertex in 0..${rightCount - 1} that has no partner yet`,
        found: String(right),
      });
    }
    leftOf[right] = left;
  }
  return leftOf;
}
