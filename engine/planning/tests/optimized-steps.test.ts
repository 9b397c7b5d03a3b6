/**
 * Laws of optimized steps:
 * 1. at most binsPerPair bins leave and at most binsPerPair bins enter a worker in a step;
 * 2. there are ceil(D / binsPerPair) steps, where D is the most bins that one worker sends or receives in all: fewer cannot be;
 * 3. with one bin per pair every step is a maximum matching of the moves that remain.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maximumMatching } from '../matching.ts';
import { changedBins, type Move } from '../moves.ts';
import { optimizedSteps } from '../optimized-steps.ts';
import { configurationPairs, drawConfiguration } from './arbitraries.ts';

/** The most moves that leave, or enter, one worker. */
function maxDegree(moves: readonly Move[]): number {
  const tally = new Map<string, number>();
  for (const { source, target } of moves) {
    for (const end of [`out of ${source}`, `into ${target}`]) tally.set(end, (tally.get(end) ?? 0) + 1);
  }
  return Math.max(0, ...tally.values());
}

describe('optimizedSteps', () => {
  it('needs the fewest steps that the bound per worker allows, and keeps that bound', () => {
    fc.assert(
      fc.property(configurationPairs(16, 12), fc.constantFrom(1, 1, 2, 3, 16, 5000), ({ from, to }, binsPerPair) => {
        const moves = changedBins(from, to);
        const steps = optimizedSteps(moves, binsPerPair);
        assert.equal(steps.length, Math.ceil(maxDegree(moves) / binsPerPair));
        for (const step of steps) assert.ok(maxDegree(step) <= binsPerPair);
        assert.equal(steps.flat().length, moves.length);
        assert.equal(new Set(steps.flat()).size, moves.length);
      }),
      { numRuns: 300 },
    );
  });

  it('needs the fewest steps when few workers exchange with many, in very unequal numbers', () => {
    // bins by pair of workers; with fewer sources than targets (or the reverse) most matchings leave workers out
    const bins = (sources: number, targets: number) =>
      fc.array(fc.nat(6), { minLength: sources * targets, maxLength: sources * targets }).map((counts) =>
        counts.flatMap((count, pair) =>
          Array.from({ length: count }, (_, i) => ({
            bin: pair * 10 + i,
            source: Math.floor(pair / targets),
            target: sources + (pair % targets),
          })),
        ),
      );
    fc.assert(
      fc.property(fc.oneof(bins(2, 4), bins(4, 2), bins(3, 5), bins(5, 3)), (moves) => {
        const steps = optimizedSteps(moves, 1);
        assert.equal(steps.length, maxDegree(moves));
        for (const step of steps) assert.equal(maxDegree(step), 1);
      }),
      { numRuns: 500 },
    );
  });

  it('moves in each step as many bins as a maximum matching has', () => {
    fc.assert(
      fc.property(configurationPairs(8, 7), ({ from, to, peers }) => {
        let remaining = changedBins(from, to);
        for (const step of optimizedSteps(remaining, 1)) {
          const adjacency = Array.from({ length: peers }, (_, source) =>
            remaining.filter((move) => move.source === source).map((move) => move.target),
          );
          assert.equal(step.length, maximumMatching({ adjacency, rightCount: peers }).size);
          remaining = remaining.filter((move) => !step.includes(move));
        }
      }),
    );
  });

  it('does not take a maximum matching that leaves out a critical worker', () => {
    // workers 0 and 1 alone could send first, in a matching of two; worker 2 would then need two more steps
    const moves = changedBins(Int32Array.of(0, 1, 2, 2), Int32Array.of(3, 4, 3, 4));
    const steps = optimizedSteps(moves, 1);
    assert.equal(steps.length, 2);
    for (const step of steps) assert.ok(step.some((move) => move.source === 2));
  });

  it('keeps to one partner per worker while the bins of the pairs last', () => {
    // 0 -> 2 and 1 -> 3, eight bins each
    const moves = Array.from({ length: 16 }, (_, bin) => ({ bin, source: bin % 2, target: (bin % 2) + 2 }));
    const steps = optimizedSteps(moves, 4);
    assert.equal(steps.length, 2);
    for (const step of steps) assert.equal(step.length, 8);
  });

  it('lets a worker have several partners where the fewest steps ask for it', () => {
    // worker 0 sends three bins, each to another worker
    const moves = [1, 2, 3].map((target, bin) => ({ bin, source: 0, target }));
    assert.equal(optimizedSteps(moves, 3).length, 1);
    assert.equal(optimizedSteps(moves, 2).length, 2);
    assert.equal(optimizedSteps(moves, 1).length, 3);
  });

  it('keeps the order of bins within a pair of workers', () => {
    const moves = changedBins(drawConfiguration(256, 3, 1), drawConfiguration(256, 3, 2));
    const last = new Map<string, number>();
    for (const { bin, source, target } of optimizedSteps(moves, 2).flat()) {
      const pair = `${source} ${target}`;
      assert.ok(bin > (last.get(pair) ?? -1));
      last.set(pair, bin);
    }
  });

  it('plans 2^20 bins and 16 workers', () => {
    const moves = changedBins(drawConfiguration(2 ** 20, 16, 1, 2), drawConfiguration(2 ** 20, 16, 2, 0.5));
    assert.equal(optimizedSteps(moves, 1).length, maxDegree(moves));
  });
});
