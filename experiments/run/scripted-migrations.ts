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

/** What a controller is given. */
export interface MigrationScript {
  /** Owner of every bin at the start. */
  readonly initial: Configuration;
  /** The migrations of the run. */
  readonly script: readonly ScriptedMigration[];
  /** The same migrations and back to the start, several times if they are small; few bins of them with `preTouch: state`. */
  readonly rehearsal: readonly Plan[];
}

/** Plans the migrations of a run. */
export function scriptedMigrations(spec: RunSpec): MigrationScript {
  const configurations = configurationsOf(spec);
  const initial = configurations[0]!;
  const strategy = plannedStrategy(spec.strategy, spec.tickNs);
  const plans = spec.migrations.map((_, i) => planMigration(configurations[i]!, configurations[i + 1]!, strategy));
  const script = plans.map((plan, i) => ({
    atTick: Math.round((spec.migrations[i]!.atS * 1e9) / spec.tickNs),
    plan,
  }));
  if (plans.length === 0) return { initial, script, rehearsal: [] };
  const round =
    spec.preTouch === 'state'
      ? fewBins(initial, plans[0]!)
      : [...plans, planMigration(configurations.at(-1)!, initial, strategy)];
  const moves = round.reduce((sum, { bins }) => sum + bins, 0);
  const rounds = moves === 0 ? 0 : Math.min(MOST_ROUNDS, Math.ceil(REHEARSED_MOVES / moves));
  return { initial, script, rehearsal: Array.from({ length: rounds }, () => round).flat() };
}

/** The first bins of a plan, one step each way. */
function fewBins(initial: Configuration, plan: Plan): Plan[] {
  const there: Step = plan.steps.flat().slice(0, FEW_BINS);
  const back: Step = there.map(({ bin, source, target }) => ({ bin, source: target, target: source }));
  if (there.some(({ bin, source }) => initial[bin] !== source)) throw new RangeError('a plan that starts elsewhere');
  return [there, back].map((step) => ({ ...plan, steps: [step], bins: step.length }));
}
