/** Errors of planning: every one says where it arose, what was expected and what was found. */

import { EngineError } from '../progress/engine-error.ts';

/** What an error of planning is made of; the message joins the three. */
export interface Finding {
  /** The function, and the argument or bin, that is at fault. */
  readonly where: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What was given. */
  readonly found: string;
}

/** Root of the errors thrown by planning. */
export class PlanningError extends EngineError {
  /** Name of the subclass. */
  override readonly name: string = 'PlanningError';
  /** What was wrong, in parts. */
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(`${finding.where}: expected ${finding.expected}, found ${finding.found}`);
    this.finding = finding;
  }
}

/** A configuration is malformed, or cannot be made from the arguments. */
export class ConfigurationError extends PlanningError {
  /** Name of this class. */
  override readonly name = 'ConfigurationError';
}

/** A strategy is unknown or one of its parameters is out of range. */
export class StrategyError extends PlanningError {
  /** Name of this class. */
  override readonly name = 'StrategyError';
}

/** A step does not fit the configuration that it is applied to. */
export class StepError extends PlanningError {
  /** Name of this class. */
  override readonly name = 'StepError';
}

/** A graph or an initial matching handed to the matching algorithm is malformed. */
export class MatchingError extends PlanningError {
  /** Name of this class. */
  override readonly name = 'MatchingError';
}
