/** `megaphone plan`: the steps of a migration, without running anything. */
import { balanced, planMigration, PlanningError, type Move, type Plan } from 'megaphone-engine/planning';
import { suggestion } from '../config/nearest.ts';
import { quoted } from '../config/one-line.ts';
import { ownersOf, plannedStrategy } from '../config/owners.ts';
import type { ConfigurationSpec, StrategySpec } from '../config/run-spec.ts';
import { CONFIGURATIONS } from '../config/schema.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';
import { wholeNumber } from './values.ts';

/** What the command line asks for. */
export interface PlanRequest {
  /** Workers in all. */
  readonly workers: number;
  /** There are 2^binShift bins. */
  readonly binShift: number;
  /** Where bins are. */
  readonly from: ConfigurationSpec;
  /** Where they shall be. */
  readonly to: ConfigurationSpec;
  /** How the migration is cut into steps. */
  readonly strategy: StrategySpec;
}

/**
 * A configuration as options write it: `balanced`, `one-worker:0`, `scale-out:4`, `explicit:0,1,1,0`.
 *
 * @throws {UsageError} when it is unknown, or its argument is missing or wrong
 */
export function parseConfiguration(option: string, text: string): ConfigurationSpec {
  const [, given = '', argument] = /^([^:]*)(?::(.*))?$/su.exec(text) ?? [];
  const name = CONFIGURATIONS.find((known) => known === given);
  if (name === undefined) {
    throw new UsageError(`--${option}: unknown configuration ${quoted(given)}; ${suggestion(given, CONFIGURATIONS)}`);
  }
  if (name === 'balanced' || name === 'imbalanced') {
    if (argument !== undefined) throw new UsageError(`--${option}: ${name} takes no argument, found ":${argument}"`);
    return { name };
  }
  if (argument === undefined) {
    const example = name === 'explicit' ? 'explicit:0,1,1,0' : `${name}:1`;
    throw new UsageError(`--${option}: ${name} needs an argument, for instance ${example}`);
  }
  const worker = { noun: 'the worker', minimum: 0, maximum: 1023 };
  switch (name) {
    case 'one-worker':
      return { name, worker: wholeNumber(option, argument, worker) };
    case 'explicit':
      return { name, owners: argument.split(',').map((owner) => wholeNumber(option, owner.trim(), worker)) };
    default:
      return { name, workers: wholeNumber(option, argument, { noun: 'workers', minimum: 1, maximum: 1024 }) };
  }
}

/**
 * Prints the steps and returns the exit code.
 *
 * @throws {UsageError} when a configuration does not fit the workers or bins
 */
export function printPlan(request: PlanRequest): number {
  const { workers, binShift, from, to, strategy } = request;
  const before = refuseByOption('from', () => ownersOf(from, balanced(binShift, workers), binShift, workers));
  const after = refuseByOption('to', () => ownersOf(to, before, binShift, workers));
  const plan = refuseByOption('strategy', () => planMigration(before, after, plannedStrategy(strategy, 1000)));
  console.log(heading(plan, request));
  for (const [index, step] of plan.steps.entries()) console.log(`step ${index}: ${step.map(moveText).join(', ')}`);
  return EXIT.done;
}

function refuseByOption<T>(option: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PlanningError)) throw error;
    throw new UsageError(`--${option}: expected ${error.finding.expected}, found ${error.finding.found}`);
  }
}

function heading({ bins, steps }: Plan, { workers, binShift, from, to, strategy }: PlanRequest): string {
  const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return (
    `${from.name} to ${to.name}, ${strategy.name}, ${plural(workers, 'worker')}: ` +
    `${bins} of ${2 ** binShift} bins move in ${plural(steps.length, 'step')}`
  );
}

function moveText({ bin, source, target }: Move): string {
  return `bin ${bin} (${source} -> ${target})`;
}
