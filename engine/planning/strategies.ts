/**
 * Strategies: how the moves of a migration are cut into steps (paper, section 4.4).
 *
 * Fewer bins per step mean a lower maximum latency and a longer migration. The controller issues a step when the one before
 * has completed and the gap has passed, in which queued records drain.
 */
import { StrategyError } from './errors.ts';
import type { Move } from './moves.ts';
import { optimizedSteps } from './optimized-steps.ts';

/** The names of all strategies. */
export const STRATEGIES = ['all-at-once', 'fluid', 'batched', 'optimized'] as const;

/** Name of a strategy. */
export type StrategyName = (typeof STRATEGIES)[number];

/** Every changed bin in one step: prior work, which pauses the moved keys until all state has arrived. */
export interface AllAtOnceStrategy {
  /** Name of the strategy. */
  readonly name: 'all-at-once';
  /** Ticks between the completion of a step and the next step; without effect, as there is one step. */
  readonly gapTicks: number;
}

/** One bin per step. */
export interface FluidStrategy {
  /** Name of the strategy. */
  readonly name: 'fluid';
  /** Ticks between the completion of a step and the next step. */
  readonly gapTicks: number;
}

/** A fixed number of bins per step, in the order of bins, whichever workers they belong to. */
export interface BatchedStrategy {
  /** Name of the strategy. */
  readonly name: 'batched';
  /** Bins in each step but the last, which has the rest; at least 1. */
  readonly binsPerStep: number;
  /** Ticks between the completion of a step and the next step. */
  readonly gapTicks: number;
}

/** A maximum matching of source and target workers per step, in the fewest steps. */
export interface OptimizedStrategy {
  /** Name of the strategy. */
  readonly name: 'optimized';
  /** The most bins that leave a worker, and the most that enter it, in one step; at least 1. */
  readonly binsPerPair: number;
  /** Ticks between the completion of a step and the next step. */
  readonly gapTicks: number;
}

/** How a migration is cut into steps. */
export type Strategy = AllAtOnceStrategy | FluidStrategy | BatchedStrategy | OptimizedStrategy;

/**
 * Cuts moves into steps: every move in exactly one step, no step empty, no steps at all when there are no moves.
 *
 * @param moves - not changed; the moves themselves are shared with the result.
 * @throws {StrategyError} when the strategy is unknown or one of its parameters is out of range.
 */
export function cutIntoSteps(moves: readonly Move[], strategy: Strategy): Move[][] {
  checkInteger(strategy.gapTicks, 0, `${strategy.name}, gapTicks`);
  switch (strategy.name) {
    case 'all-at-once':
      return chunks(moves, Math.max(1, moves.length));
    case 'fluid':
      return chunks(moves, 1);
    case 'batched':
      checkInteger(strategy.binsPerStep, 1, 'batched, binsPerStep');
      return chunks(moves, strategy.binsPerStep);
    case 'optimized':
      checkInteger(strategy.binsPerPair, 1, 'optimized, binsPerPair');
      return optimizedSteps(moves, strategy.binsPerPair);
    default:
      throw new StrategyError({
        where: 'strategy, name',
        expected: `one of ${STRATEGIES.join(', ')}`,
        found: String((strategy as { name: unknown }).name),
      });
  }
}

function chunks(moves: readonly Move[], size: number): Move[][] {
  const steps: Move[][] = [];
  for (let start = 0; start < moves.length; start += size) steps.push(moves.slice(start, start + size));
  return steps;
}

function checkInteger(value: number, least: number, where: string): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new StrategyError({ where, expected: `an integer of at least ${least}`, found: String(value) });
  }
}
