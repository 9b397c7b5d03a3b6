/** The migrations of a run as the controller carries them out, and what is rehearsed of them before the clock starts. */
import {
  type Configuration,
  type Plan,
  planMigration,
  type ScriptedMigration,
  type Step,
} from 'megaphone-engine/planning';
import { configurationsOf, plannedStrategy } from '../config/owners.ts';
import type { RunSpec } from '../config/run-spec.ts';

/** Bins that a rehearsal moves where the memory of migrations is not to be touched before they happen. */
const FEW_BINS = 16;
/** Moves of bins after which the code that moves them counts as compiled. */
const REHEARSED_MOVES = 4096;
/** Most rounds there and back. */
const MOST_ROUNDS = 8;
/** Most steps that are rehearsed: each takes a tick of those before the start of the clock, and time in which nothing else happens. */
const MOST_STEPS = 2 ** 16;

/** What a controller is given. */
export interface MigrationScript {
  /** Owner of every bin at the start. */
  readonly initial: Configuration;
  /** The migrations of the run. */
  readonly script: readonly ScriptedMigration[];
  /**
   * The same migrations and back to the start, several times if they are small; as many of their steps as can be rehearsed if
   * they have more. With `preTouch: state`, a few bins of the first.
   */
  readonly rehearsal: readonly Plan[];
}

/** The plans of a run's migrations, in order. */
export function plannedMigrations(spec: RunSpec): Plan[] {
  const configurations = configurationsOf(spec);
  const strategy = plannedStrategy(spec.strategy, spec.tickNs);
  return spec.migrations.map((_, i) => planMigration(configurations[i]!, configurations[i + 1]!, strategy));
}

/** Plans the migrations of a run, and their rehearsal. */
export function scriptedMigrations(spec: RunSpec): MigrationScript {
  const configurations = configurationsOf(spec);
  const initial = configurations[0]!;
  const strategy = plannedStrategy(spec.strategy, spec.tickNs);
  const plans = plannedMigrations(spec);
  const script = plans.map((plan, i) => ({
    atTick: Math.round((spec.migrations[i]!.atS * 1e9) / spec.tickNs),
    plan,
  }));
  if (plans.length === 0) return { initial, script, rehearsal: [] };
  const round =
    spec.preTouch === 'state'
      ? thereAndBack([{ ...plans[0]!, steps: [plans[0]!.steps.flat().slice(0, FEW_BINS)] }])
      : wholeRound([...plans, planMigration(configurations.at(-1)!, initial, strategy)]);
  const moves = round.reduce((sum, { bins }) => sum + bins, 0);
  const rounds = moves === 0 ? 0 : Math.min(MOST_ROUNDS, Math.ceil(REHEARSED_MOVES / moves));
  return { initial, script, rehearsal: Array.from({ length: rounds }, () => round).flat() };
}

/** A round of all plans, which leads back to its start, cut to what can be rehearsed. */
function wholeRound(round: readonly Plan[]): readonly Plan[] {
  const steps = round.reduce((sum, plan) => sum + plan.steps.length, 0);
  return steps <= MOST_STEPS ? round : thereAndBack(round);
}

/** The first steps of some plans, at most half of what can be rehearsed, and the same steps undone, the last one first. */
function thereAndBack(plans: readonly Plan[]): Plan[] {
  const there = plans.flatMap(({ steps }) => steps).slice(0, MOST_STEPS / 2);
  const back = there
    .toReversed()
    .map((step): Step => step.map(({ bin, source, target }) => ({ bin, source: target, target: source })));
  return [there, back].map((steps) => ({ ...plans[0]!, steps, bins: steps.flat().length }));
}
