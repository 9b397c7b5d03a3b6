import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MatchingError } from '../errors.ts';
import { maximumMatching, type BipartiteGraph, type Matching } from '../matching.ts';

/** Size of a maximum matching, by trying everything. */
function bruteForce(graph: BipartiteGraph, left = 0, taken = 0): number {
  if (left === graph.adjacency.length) return 0;
  let best = bruteForce(graph, left + 1, taken);
  for (const right of Array.from(graph.adjacency[left]!)) {
    if ((taken >> right) & 1) continue;
    best = Math.max(best, 1 + bruteForce(graph, left + 1, taken | (1 << right)));
  }
  return best;
}

function checkMatching(graph: BipartiteGraph, { rightOf, leftOf, size }: Matching): void {
  assert.equal(rightOf.length, graph.adjacency.length);
  assert.equal(leftOf.length, graph.rightCount);
  let edges = 0;
  for (const [left, right] of rightOf.entries()) {
    if (right === -1) continue;
    edges++;
    assert.ok(Array.from(graph.adjacency[left]!).includes(right), `${left}-${right} is no edge`);
    assert.equal(leftOf[right], left);
  }
  assert.equal(leftOf.filter((left) => left !== -1).length, edges);
  assert.equal(size, edges);
}

const graphs = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([leftCount, rightCount]) =>
    fc
      .array(fc.array(fc.nat(rightCount - 1), { maxLength: 6 }), { minLength: leftCount, maxLength: leftCount })
      .map((adjacency) => ({ adjacency, rightCount })),
  );

describe('maximumMatching', () => {
  it('has as many edges as any matching of a small graph', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const matching = maximumMatching(graph);
        checkMatching(graph, matching);
        assert.equal(matching.size, bruteForce(graph));
      }),
      { numRuns: 1000 },
    );
  });

  it('covers what its initial matching covers', () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat(5)), (graph, choices) => {
        const taken = new Set<number>();
        const initial = Int32Array.from(graph.adjacency, (neighbours) => {
          const right = neighbours[choices.next().value as number];
          if (right === undefined || taken.has(right)) return -1;
          taken.add(right);
          return right;
        });
        const before = initial.slice();
        const matching = maximumMatching(graph, initial);
        assert.deepEqual(initial, before, 'the argument is unchanged');
        checkMatching(graph, matching);
        assert.equal(matching.size, bruteForce(graph));
        initial.forEach((right, left) => assert.ok(right === -1 || matching.rightOf[left] !== -1));
        taken.forEach((right) => assert.notEqual(matching.leftOf[right], -1));
      }),
      { numRuns: 1000 },
    );
  });

  it('follows an augmenting path through the whole of a long graph', () => {
    // left i knows rights i and i + 1 and holds i + 1 at first; only right 0 is free, only the last left is exposed
    const length = 20_000;
    const adjacency = Array.from({ length }, (_, left) => (left === length - 1 ? [left] : [left + 1, left]));
    const initial = Int32Array.from({ length }, (_, left) => (left === length - 1 ? -1 : left + 1));
    const matching = maximumMatching({ adjacency, rightCount: length }, initial);
    assert.equal(matching.size, length);
    assert.ok(matching.rightOf.every((right, left) => right === left));
  });

  it('takes typed adjacency and graphs without edges', () => {
    assert.equal(maximumMatching({ adjacency: [Uint8Array.of(1), Uint8Array.of(0, 1)], rightCount: 2 }).size, 2);
    assert.equal(maximumMatching({ adjacency: [], rightCount: 0 }).size, 0);
    assert.deepEqual([...maximumMatching({ adjacency: [[]], rightCount: 1 }).leftOf], [-1]);
  });

  it('refuses neighbours and initial partners that do not exist', () => {
    const graph = { adjacency: [[0], [1]], rightCount: 2 };
    assert.throws(() => maximumMatching({ adjacency: [[2]], rightCount: 2 }), {
      name: 'MatchingError',
      message: /neighbour 0 of left vertex 0: expected a right vertex in 0\.\.1, found 2/,
    });
    assert.throws(() => maximumMatching(graph, Int32Array.of(0)), MatchingError);
    assert.throws(() => maximumMatching(graph, Int32Array.of(0, 0)), /initial partner of left vertex 1/);
    assert.throws(() => maximumMatching(graph, Int32Array.of(-2, 0)), /initial partner of left vertex 0: .* found -2/);
  });
});
