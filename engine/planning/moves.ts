/** Moves of bins between workers: the difference of two configurations, and its application. */
import type { Configuration } from './configurations.ts';
import { ConfigurationError, StepError } from './errors.ts';

/** One bin that changes its owner. */
export interface Move {
  /** The bin that moves. */
  readonly bin: number;
  /** Index of the worker that owns the bin before. */
  readonly source: number;
  /** Index of the worker that owns it afterwards, another than `source`. */
  readonly target: number;
}

/** Moves that take effect at one timestamp; no bin occurs twice. */
export type Step = readonly Move[];

/**
 * The bins whose owners differ, in the order of bins.
 *
 * @throws {ConfigurationError} when the two configurations have different numbers of bins.
 */
export function changedBins(from: Configuration, to: Configuration): Move[] {
  if (from.length !== to.length) {
    throw new ConfigurationError({
      where: 'changedBins, to',
      expected: `${from.length} bins, as many as in from`,
      found: String(to.length),
    });
  }
  const moves: Move[] = [];
  for (let bin = 0; bin < from.length; bin++) {
    const source = from[bin]!;
    const target = to[bin]!;
    if (source !== target) moves.push({ bin, source, target });
  }
  return moves;
}

/**
 * Makes the targets of a step the owners of its bins. Changes `configuration` in place, since a migration may have as many
 * steps as bins.
 *
 * @throws {StepError} when a bin does not belong to the source of its move; the moves before it have been applied.
 */
export function applyStep(configuration: Configuration, step: Step): void {
  for (const { bin, source, target } of step) {
    if (configuration[bin] !== source) {
      throw new StepError({
        where: `applyStep, bin ${bin}`,
        expected: `worker ${source} as the owner before the move to worker ${target}`,
        found: configuration[bin] === undefined ? `${configuration.length} bins only` : `worker ${configuration[bin]}`,
      });
    }
    configuration[bin] = target;
  }
}
