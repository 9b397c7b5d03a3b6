/** The sections of a report: the runs of an experiment at one scale, from all folders that have some. */
import { paperClaims } from '../../experiments/claims/claim.ts';
import { type JudgedClaim, judgeClaim } from '../../experiments/claims/judge-claim.ts';
import type { RunSpec, Scale } from '../../experiments/config/run-spec.ts';
import { compareSides, type Comparison } from '../../experiments/report/comparison.ts';
import { kindLabel, runLabels } from '../../experiments/report/labels.ts';
import type { Drawable } from '../../experiments/results/results-folder.ts';
import type { Run } from '../../experiments/results/run-reader.ts';
import { groupRuns } from '../run-group.ts';
import type { RunName } from './run-data.ts';

/** What a folder of the command line holds. */
export interface ResultSet {
  /** How the user named it. */
  readonly name: string;
  /** What was found in it; never empty. */
  readonly found: readonly Drawable[];
}

/** The runs of a section that come from one folder. */
export interface SectionSet {
  /** `A`, `B`, .. by the order of the folders. */
  readonly letter: string;
  /** How the user named the folder. */
  readonly name: string;
  /** The experiment's own folder. */
  readonly directory: string;
  /** Its runs, never empty, in the order of a chart. */
  readonly runs: readonly Run[];
}

/** A section. */
export interface Section {
  /** Unique in the report, and an HTML id: `fig1-laptop`. */
  readonly id: string;
  /** The experiment. */
  readonly experiment: string;
  /** What it shows. */
  readonly title: string;
  /** The scale of all runs. */
  readonly scale: Scale;
  /** Runs by folder; never empty. */
  readonly sets: readonly SectionSet[];
}

/** The sections of folders, by experiment; numbers in names count by value. */
export function sectionsOf(results: readonly ResultSet[]): Section[] {
  const parts = results.flatMap(({ name, found }, index) =>
    found.flatMap(({ directory, runs }) =>
      [...Map.groupBy(runs, ({ spec }) => `${spec.experiment} ${spec.scale}`).values()].map((own) => ({
        set: { letter: String.fromCharCode(65 + (index % 26)), name, directory, runs: inOrder(own) },
        spec: own[0]!.spec,
      })),
    ),
  );
  return [...Map.groupBy(parts, ({ spec }) => `${spec.experiment}-${spec.scale}`).entries()]
    .map(([id, own]) => {
      const { experiment, title, scale } = own[0]!.spec;
      return { id, experiment, title, scale, sets: own.map(({ set }) => set) };
    })
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

function inOrder(runs: readonly Run[]): Run[] {
  return groupRuns(runs).flatMap(({ repeats }) => repeats);
}

/** All runs of a section. */
export function runsOf({ sets }: Section): Run[] {
  return sets.flatMap(({ runs }) => runs);
}

/** At first a panel shows this many settings, so that lines can be told apart. */
const SHOWN_AT_FIRST = 3;

/** The same of each folder where there are several. */
const SHOWN_OF_SEVERAL = 2;

/** How the runs of a section are called in its panel, in the order of `runsOf`. */
export function runNames({ sets }: Section): RunName[] {
  const specs = sets.flatMap(({ runs }) => runs.map(({ spec }) => spec));
  const labels = runLabels(specs);
  const perSet = sets.length > 1 ? SHOWN_OF_SEVERAL : SHOWN_AT_FIRST;
  let at = 0;
  return sets.flatMap(({ letter, runs }) => {
    const shown = shownSettings(runs, perSet);
    return runs.map((run): RunName => {
      const label = labels[at] ?? '';
      at += 1;
      const isShown = shown.has(settingOf(run.spec)) && run.spec.repeat === 1;
      return { key: `${at}`, label: sets.length > 1 ? `${letter}: ${label}` : label, isShown };
    });
  });
}

/** The first setting of each kind, then those that follow. */
function shownSettings(runs: readonly Run[], count: number): ReadonlySet<string> {
  const byKind = [...Map.groupBy(runs, ({ spec }) => kindLabel(spec)).values()];
  const firstOfKind = byKind.map(([first]) => first!);
  return new Set([...new Set([...firstOfKind, ...runs].map(({ spec }) => settingOf(spec)))].slice(0, count));
}

function settingOf(spec: RunSpec): string {
  return JSON.stringify({ ...spec, repeat: 0, expect: undefined });
}

/** The first folder of a section compared with each of the others. */
export function comparisonsOf({ sets }: Section): Comparison[] {
  const [first, ...others] = sets;
  return others.map((other) => compareSides(first!, other)).filter(({ pairs }) => pairs.length > 0);
}

/** Claims of the paper about a section, judged for the first folder's runs; none at the smallest scale, which claims nothing. */
export function claimsOf({ experiment, scale, sets }: Section): JudgedClaim[] {
  if (scale === 'smoke') return [];
  return paperClaims()
    .filter(({ figure }) => figure === experiment)
    .map((claim) => judgeClaim(claim, sets[0]!.runs));
}
