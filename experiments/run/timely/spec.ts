/** The specification that the program on timely dataflow is given: a run with everything resolved, its plans included. */
import type { Plan } from 'megaphone-engine/planning';
import type { RunSpec } from '../../config/run-spec.ts';
import { workloadOf } from '../../config/workload-of.ts';
import { EPOCH_NS } from '../../metrics/epoch-histograms.ts';
import { fineTimes } from '../../metrics/migration-epochs.ts';
import { workloadInput } from '../dataflow.ts';
import { scriptedMigrations } from '../scripted-migrations.ts';

/** Steps as lists of bins and their targets. */
function movesOf(steps: Plan['steps']): (readonly [number, number])[][] {
  return steps.map((step) => step.map(({ bin, target }) => [bin, target] as const));
}

/** What is written for a run; `src/spec.rs` of the crate reads it. Ticks count from the start of the clock. */
export function timelySpec(spec: RunSpec): object {
  const { schedule } = workloadInput(spec);
  const { name, variant, domain, parameters } = spec.workload;
  const { initial, script, rehearsal } =
    variant === 'native' ? { initial: [], script: [], rehearsal: [] } : scriptedMigrations(spec);
  const known = Object.entries(workloadOf(spec.workload).description.parameters);
  return {
    format: 1,
    workload: {
      name,
      variant,
      domain,
      // Keys and counts have as many bits; each key is counted once more than the schedule does.
      wideKeys: domain > 2 ** 31 || schedule.total + 1 >= 2 ** 32,
      parameters: { ...Object.fromEntries(known.map(([key, { default: value }]) => [key, value])), ...parameters },
    },
    binShift: spec.binShift,
    ratePerSecond: spec.ratePerSecond,
    durationS: spec.durationS,
    total: schedule.total,
    endTick: schedule.endTick,
    seed: spec.seed,
    tickNs: spec.tickNs,
    lookaheadTicks: spec.lookaheadTicks,
    epochNs: EPOCH_NS,
    fine: fineTimes(spec.migrations.map(({ atS }) => atS)),
    initial: [...initial],
    migrations: script.map(({ atTick, plan }) => ({ atTick, gapTicks: plan.gapTicks, steps: movesOf(plan.steps) })),
    rehearsal: movesOf(rehearsal.flatMap(({ steps }) => steps)),
  };
}
