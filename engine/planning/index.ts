/**
 * Planning: where bins shall be, and the steps that bring them there.
 *
 * @module megaphone-engine/planning
 */
export {
  balanced,
  binCounts,
  checkConfiguration,
  explicit,
  imbalanced,
  oneWorker,
  type Configuration,
} from './configurations.ts';
export { scaleIn, scaleOut } from './scaling.ts';
export {
  STRATEGIES,
  type AllAtOnceStrategy,
  type BatchedStrategy,
  type FluidStrategy,
  type OptimizedStrategy,
  type Strategy,
  type StrategyName,
} from './strategies.ts';
export { applyStep, changedBins, type Move, type Step } from './moves.ts';
export { planMigration, type Plan } from './plan.ts';
export { maximumMatching, type BipartiteGraph, type Matching } from './matching.ts';
export { ConfigurationError, MatchingError, PlanningError, StepError, StrategyError, type Finding } from './errors.ts';
export { Controller, type ControllerOptions, type ScriptedMigration, type StepRecord } from './controller.ts';
