/** From what a run says about configurations and strategies to the engine's planning. */
import {
  balanced,
  explicit,
  imbalanced,
  oneWorker,
  scaleIn,
  scaleOut,
  type Configuration,
  type Strategy,
} from 'megaphone-engine/planning';
import type { ConfigurationSpec, RunSpec, StrategySpec } from './run-spec.ts';

/**
 * The owners of all bins that a configuration stands for.
 *
 * @param current - the configuration before it, from which `scale-out` and `scale-in` start; not changed
 * @throws {ConfigurationError} (of the engine's planning) when it does not fit the number of bins or workers
 */
export function ownersOf(
  spec: ConfigurationSpec,
  current: Configuration,
  binShift: number,
  peers: number,
): Configuration {
  switch (spec.name) {
    case 'balanced':
      return balanced(binShift, peers);
    case 'imbalanced':
      return imbalanced(binShift, peers);
    case 'one-worker':
      return oneWorker(binShift, peers, spec.worker);
    case 'scale-out':
      return scaleOut(current, peers, spec.workers);
    case 'scale-in':
      return scaleIn(current, peers, spec.workers);
    case 'explicit':
      return explicit(spec.owners, binShift, peers);
  }
}

/** Workers of a run over all its processes. */
export function peersOf({ topology }: Pick<RunSpec, 'topology'>): number {
  return topology.processes * topology.workers;
}

/**
 * The configurations of a run: the initial one, then the one after each migration, in order.
 *
 * @throws {ConfigurationError} (of the engine's planning) as {@link ownersOf}
 */
export function configurationsOf(spec: RunSpec): Configuration[] {
  const peers = peersOf(spec);
  let current = ownersOf(spec.initial, balanced(spec.binShift, peers), spec.binShift, peers);
  const configurations = [current];
  for (const { to } of spec.migrations) {
    current = ownersOf(to, current, spec.binShift, peers);
    configurations.push(current);
  }
  return configurations;
}

/** The engine's strategy for a run's, with its gap in ticks of `tickNs` nanoseconds (rounded to the nearest). */
export function plannedStrategy(spec: StrategySpec, tickNs: number): Strategy {
  const { gapMs, ...rest } = spec;
  return { ...rest, gapTicks: Math.round((gapMs * 1e6) / tickNs) };
}
