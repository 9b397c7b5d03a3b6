/** Plans: the steps that lead from one configuration to another. */
import type { Configuration } from './configurations.ts';
import { changedBins, type Step } from './moves.ts';
import { cutIntoSteps, type Strategy, type StrategyName } from './strategies.ts';

/**
 * A migration, ready to be issued step by step.
 *
 * Each bin whose owner changes occurs in exactly one step, other bins in none, and no step is empty.
 */
export interface Plan {
  /** Name of the strategy that cut the steps. */
  readonly strategy: StrategyName;
  /** Moves by step, in the order in which steps are issued; empty when the configurations are equal. */
  readonly steps: readonly Step[];
  /** Ticks from the completion of a step to the issue of the next. */
  readonly gapTicks: number;
  /** Number of bins that move, over all steps. */
  readonly bins: number;
}

/**
 * The plan that leads from one configuration to another; deterministic. Neither argument is kept or changed.
 *
 * Linear in the bins; `optimized` adds a cost that depends on the number of workers alone (see optimized-steps.ts).
 *
 * @throws {ConfigurationError} when the configurations have different numbers of bins.
 * @throws {StrategyError} when the strategy is unknown or one of its parameters is out of range.
 */
export function planMigration(from: Configuration, to: Configuration, strategy: Strategy): Plan {
  const moves = changedBins(from, to);
  const steps = cutIntoSteps(moves, strategy);
  return { strategy: strategy.name, steps, gapTicks: strategy.gapTicks, bins: moves.length };
}
