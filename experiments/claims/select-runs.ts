/** Which runs a claim compares. */
import { runId } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { Run } from '../results/run-reader.ts';
import type { Claim, Selection } from './claim.ts';

/** The repeats of the settings that a claim compares. */
export interface ComparedRuns {
  /** Runs of `measure`, at least one. */
  readonly measure: readonly Run[];
  /** Runs of `against`, at least one; none when the claim has no such side. */
  readonly against: readonly Run[];
}

const DIMENSIONS = {
  bins: ({ binShift }: RunSpec) => 2 ** binShift,
  domain: ({ workload }: RunSpec) => workload.domain,
  rate: ({ ratePerSecond }: RunSpec) => ratePerSecond,
} as const;

/** What a claim compares: repeats of one setting on each side, which share all values that the claim does not name; or why not. */
export function selectRuns(claim: Claim, runs: readonly Run[]): ComparedRuns | string {
  const valid = runs.filter(({ summary }) => summary.valid);
  if (runs.length > 0 && valid.length === 0) return 'no run kept up with its rate';
  const named = new Set([...Object.keys(claim.measure.runs), ...Object.keys(claim.against?.runs ?? {})]);
  const groups = Map.groupBy(valid, ({ spec }) => sharedValues(spec, named));
  const found: ComparedRuns[] = [];
  for (const group of groups.values()) {
    const measure = matching(group, claim.measure.runs);
    const against = claim.against === undefined ? [] : matching(group, claim.against.runs);
    if (measure.length > 0 && (claim.against === undefined || against.length > 0)) found.push({ measure, against });
  }
  const latest = found.toSorted((a, b) => (startedAt(a) < startedAt(b) ? 1 : -1))[0];
  if (latest === undefined) return 'runs are missing';
  for (const side of [latest.measure, latest.against]) {
    const settings = new Set(side.map(({ spec }) => runId({ ...spec, repeat: 1 }))).size;
    if (settings > 1) return `${settings} settings match where one is compared`;
  }
  return latest;
}

function startedAt({ measure, against }: ComparedRuns): string {
  return (
    [...measure, ...against]
      .map(({ provenance }) => provenance.startedAt)
      .sort()
      .at(-1) ?? ''
  );
}

/** All that decides the measurement of a run, without what the claim names. */
function sharedValues(spec: RunSpec, named: ReadonlySet<string>): string {
  const { name, variant, domain, parameters } = spec.workload;
  const isFree = (key: string): boolean => !named.has(key);
  // Native runs and runs without migrations have no strategy, and no migrations to share.
  const migrates = isFree('strategy') && isFree('variant');
  return JSON.stringify([
    isFree('workload') && name,
    isFree('variant') && variant,
    isFree('domain') && domain,
    Object.entries(parameters).sort(),
    spec.topology,
    isFree('bins') && isFree('variant') && spec.binShift,
    isFree('rate') && spec.ratePerSecond,
    [spec.durationS, spec.warmUpS, spec.seed, spec.tickNs, spec.handoff, spec.preTouch, spec.initial],
    migrates && [spec.strategy, spec.migrations],
  ]);
}

function matching(runs: readonly Run[], selection: Selection): Run[] {
  const { workload, variant, strategy } = selection;
  let found = runs.filter(
    ({ spec }) =>
      (workload === undefined || spec.workload.name === workload) &&
      (variant === undefined || spec.workload.variant === variant) &&
      (strategy === undefined || strategy.includes(spec.migrations.length === 0 ? 'none' : spec.strategy.name)),
  );
  for (const name of ['bins', 'domain', 'rate'] as const) {
    const wanted = selection[name];
    if (wanted === undefined) continue;
    const values = found.map(({ spec }) => DIMENSIONS[name](spec));
    const value = wanted === 'least' ? Math.min(...values) : wanted === 'most' ? Math.max(...values) : wanted;
    found = found.filter(({ spec }) => DIMENSIONS[name](spec) === value);
  }
  return found;
}
