/** `megaphone plan`: the steps of a migration, or of those of a config, without running anything. */
import { balanced, planMigration, PlanningError, type Move, type Plan } from 'megaphone-engine/planning';
import { InputError } from '../config/input-error.ts';
import { loadExperiment } from '../config/load.ts';
import { suggestion } from '../config/nearest.ts';
import { quoted } from '../config/one-line.ts';
import { configurationsOf, ownersOf, peersOf, plannedStrategy } from '../config/owners.ts';
import { formatNumber } from '../config/quantity.ts';
import type { ConfigurationSpec, RunSpec, Scale, StrategySpec } from '../config/run-spec.ts';
import { CONFIGURATIONS } from '../config/schema.ts';
import { measurementLabels } from '../report/labels.ts';
import { configFile } from './config-path.ts';
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

/** Which config's migrations to plan. */
export interface ConfigPlanRequest {
  /** A config file, or the name of one of the package. */
  readonly config: string;
  /** Which of its scales. */
  readonly scale: Scale;
}

/**
 * Prints the steps of all migrations of a config, once per strategy, bins, workers and configurations, and returns the exit code.
 *
 * @throws {InputError} when the config is wrong, or migrates nothing
 */
export function printConfigPlans({ config, scale }: ConfigPlanRequest): number {
  const { specs } = loadExperiment(configFile(config), { scale });
  const planned = new Map<string, RunSpec>();
  for (const spec of specs.filter(({ migrations }) => migrations.length > 0)) {
    const { strategy, binShift, topology, initial, migrations } = spec;
    planned.set(JSON.stringify([strategy, binShift, topology, initial, migrations]), spec);
  }
  if (planned.size === 0) throw new InputError(`${config}: no run of it migrates; expected migrations`);
  const labels = measurementLabels([...planned.values()]);
  for (const [index, spec] of [...planned.values()].entries()) {
    console.log(`${index === 0 ? '' : '\n'}${labels[index]}`);
    const configurations = configurationsOf(spec);
    for (const [number, { atS, to }] of spec.migrations.entries()) {
      const from = number === 0 ? spec.initial : spec.migrations[number - 1]!.to;
      const [before, after] = [configurations[number]!, configurations[number + 1]!];
      const plan = planMigration(before, after, plannedStrategy(spec.strategy, spec.tickNs));
      const { gapMs } = spec.strategy;
      const gap = gapMs > 0 ? `, ${formatNumber(gapMs)} ms between steps` : '';
      const request = { workers: peersOf(spec), binShift: spec.binShift, from, to, strategy: spec.strategy };
      console.log(`migration ${number + 1} at ${formatNumber(atS)} s: ${heading(plan, request)}${gap}`);
      printSteps(plan);
    }
  }
  return EXIT.done;
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
  printSteps(plan);
  return EXIT.done;
}

function printSteps({ steps }: Plan): void {
  for (const [index, step] of steps.entries()) console.log(`step ${index}: ${step.map(moveText).join(', ')}`);
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
