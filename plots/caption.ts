/**
 * The line below a chart: everything a reader needs to judge it, and nothing that the chart shows already. Settings in
 * which the runs differ are given as a list or a range.
 */
import { formatBytes, formatLatency, formatMagnitude, formatNumber, plural } from '../experiments/config/quantity.ts';
import { workloads } from '../workloads/index.ts';
import {
  binsLabel,
  engineLabel,
  kindLabel,
  parameterLabel,
  topologyLabel,
  workloadLabel,
} from '../experiments/report/labels.ts';
import { commitLabel } from '../experiments/results/provenance.ts';
import type { RunSpec } from '../experiments/config/run-spec.ts';
import type { Provenance } from '../experiments/results/run-record.ts';
import { NOTABLE_STOLEN_SHARE } from '../experiments/results/run-summary.ts';
import { keepUnits } from './keep-units.ts';
import type { RunGroup } from './run-group.ts';

/** Distinct texts in order of appearance. */
function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ''))];
}

/** `a`, `a and b`, `a, b and c`; more than four are given as `a to z`, for which the values have to be ordered. */
function enumerate(texts: readonly string[]): string {
  const last = texts.at(-1) ?? '';
  if (texts.length <= 1) return last;
  if (texts.length > 4) return `${texts[0] ?? ''} to ${last}`;
  return `${texts.slice(0, -1).join(', ')} and ${last}`;
}

/** The distinct numbers of a setting, ascending, each written by `label`. */
function values(
  groups: readonly RunGroup[],
  of: (group: RunGroup) => number,
  label: (value: number) => string,
): string {
  return enumerate(
    distinct(
      [...groups]
        .map(of)
        .sort((a, b) => a - b)
        .map(label),
    ),
  );
}

/** The bytes moved by each migration, per kind where kinds differ: `64 MiB`, `all-at-once 64 MiB, fluid 63 MiB and 64 MiB`. */
export function movedLabel(groups: readonly RunGroup[]): string {
  const moved = groups
    .map(({ spec, repeats: [first] }) => ({
      kind: kindLabel(spec),
      bytes: enumerate(distinct(first.summary.migrations.map((migration) => formatBytes(migration.bytes)))),
    }))
    .filter(({ bytes }) => bytes !== '');
  const amounts = distinct(moved.map(({ bytes }) => bytes));
  if (amounts.length <= 1) return amounts[0] ?? '';
  const kinds = new Set(moved.map(({ kind }) => kind));
  if (kinds.size === moved.length) return moved.map(({ kind, bytes }) => `${kind} ${bytes}`).join(', ');
  const all = groups.flatMap(({ repeats: [first] }) => first.summary.migrations.map(({ bytes }) => bytes));
  return `${formatBytes(Math.min(...all))} to ${formatBytes(Math.max(...all))}`;
}

/**
 * How long latencies took to recover, per kind where kinds differ, over all migrations of all groups of a kind:
 * `all-at-once 1.5 s to 1.8 s, fluid 250 ms, optimized 250 ms (not always)`; empty when nothing migrated.
 */
export function recoveryLabel(groups: readonly RunGroup[]): string {
  const byKind = new Map<string, (number | undefined)[]>();
  for (const { spec, repeats } of groups) {
    const times = repeats.flatMap(({ summary }) => summary.migrations.map(({ recoveryMs }) => recoveryMs));
    if (times.length > 0) byKind.set(kindLabel(spec), [...(byKind.get(kindLabel(spec)) ?? []), ...times]);
  }
  const spans = [...byKind].map(([kind, times]) => ({ kind, span: recoverySpan(times) }));
  const [only, ...others] = distinct(spans.map(({ span }) => span));
  if (only === undefined) return '';
  return others.length === 0 ? only : spans.map(({ kind, span }) => `${kind} ${span}`).join(', ');
}

function recoverySpan(times: readonly (number | undefined)[]): string {
  const known = times.filter((time) => time !== undefined);
  if (known.length === 0) return 'the end of the run';
  const span = distinct([Math.min(...known), Math.max(...known)].map((ms) => formatLatency(ms * 1e6))).join(' to ');
  return known.length < times.length ? `${span} (not always)` : span;
}

function machineLabel({ cpu, cores, memoryBytes }: Provenance): string {
  return `${cpu}, ${plural(cores, 'core')}, ${formatBytes(memoryBytes)} of memory`;
}

/** The parameters of workloads that differ from their defaults in some run: `time dilation 1 and 79`. */
function parameterPhrases(groups: readonly RunGroup[]): string[] {
  // A plug-in is not loaded to be drawn: its file may be gone, and all of its parameters are told.
  const known = ({ workload }: RunSpec) =>
    (workload.plugIn === undefined ? workloads[workload.name]?.description.parameters : undefined) ?? {};
  const names = new Set(
    groups.flatMap(({ spec }) =>
      Object.entries(spec.workload.parameters)
        .filter(([name, value]) => value !== known(spec)[name]?.default)
        .map(([name]) => name),
    ),
  );
  return [...names].map((name) => {
    const having = groups.filter(({ spec }) => name in spec.workload.parameters);
    return `${parameterLabel(name)} ${values(having, ({ spec }) => spec.workload.parameters[name] ?? 0, formatMagnitude)}`;
  });
}

/** A note that runs of the smallest scale show nothing but that everything works, or nothing. */
function smokeNotes(groups: readonly RunGroup[]): string[] {
  return groups.some(({ spec }) => spec.scale === 'smoke')
    ? ['Smoke scale: a check that everything works; its latencies claim nothing']
    : [];
}

/** A note when the runs were made by more than one version of the code, or nothing. */
function codeNotes(groups: readonly RunGroup[]): string[] {
  const codes = new Set(groups.flatMap(({ repeats }) => repeats.map(({ provenance }) => provenance.code)));
  return codes.size <= 1 ? [] : [`Caution: ${codes.size} versions of the code made these runs`];
}

/**
 * The sentences of a caption: what was computed, on how many workers, at which rate, how much state moved, how many
 * repeats, on which machine and Node version, and the commit. `notes` come in the middle: how to read the chart.
 */
export function captionSentences(groups: readonly RunGroup[], notes: readonly string[] = []): string[] {
  const specs = groups.map(({ spec }) => spec);
  const provenances = groups.flatMap(({ repeats }) => repeats.map(({ provenance }) => provenance));
  const migratable = groups.filter(({ spec }) => spec.workload.variant === 'megaphone');
  const keyed = groups.filter(({ spec }) => spec.workload.domain > 0);
  const repeatCounts = [...new Set(groups.map(({ repeats }) => repeats.length))].sort((a, b) => a - b);
  const handoffs = distinct(
    migratable.filter(({ spec }) => spec.migrations.length > 0).map(({ spec }) => spec.handoff),
  );
  const moved = movedLabel(groups);
  const recovery = recoveryLabel(groups);

  const workload = [
    enumerate(distinct(specs.map(workloadLabel))),
    keyed.length === 0 ? '' : `${values(keyed, ({ spec }) => spec.workload.domain, formatMagnitude)} keys`,
    migratable.length === 0 ? '' : values(migratable, ({ spec }) => spec.binShift, binsLabel),
    ...parameterPhrases(groups),
  ];
  const load = [
    enumerate(distinct(specs.map(topologyLabel))),
    `${values(
      groups,
      ({ spec }) => spec.ratePerSecond,
      (rate) => formatMagnitude(rate),
    )} records/s offered for ${values(
      groups,
      ({ spec }) => spec.durationS,
      (durationS) => `${formatNumber(durationS)} s`,
    )}`,
  ];
  const commits = distinct(provenances.map(commitLabel));
  return [
    distinct(workload).join(', '),
    distinct(load).join(', '),
    // The engine of this project needs no word where there is no other.
    specs.every(({ engine }) => engine === undefined) ? '' : `Engine: ${enumerate(distinct(specs.map(engineLabel)))}`,
    moved === ''
      ? ''
      : `State moved per migration: ${moved}${handoffs.length === 0 ? '' : ` (hand-off by ${enumerate(handoffs)})`}`,
    recovery === '' ? '' : `Recovered (four epochs below twice the median maximum before) after ${recovery}`,
    `${plural(Math.max(...repeatCounts), 'repeat')}${repeatCounts.length > 1 ? ` at most (at least ${repeatCounts[0] ?? 0})` : ''}`,
    ...notes,
    ...smokeNotes(groups),
    ...stealNotes(groups),
    ...codeNotes(groups),
    enumerate(distinct(provenances.map(machineLabel))),
    `Node ${enumerate(distinct(provenances.map(({ node }) => node)))}, ${enumerate(distinct(provenances.map(({ kernel }) => kernel)))}`,
    `Scale ${enumerate(distinct(specs.map(({ scale }) => scale)))}${commits.length === 0 ? '' : `, commit ${enumerate(commits)}`}`,
  ].filter((sentence) => sentence !== '');
}

/** The caption as one text. Numbers keep their units at a line break. */
export function caption(groups: readonly RunGroup[], notes: readonly string[] = []): string {
  return keepUnits(
    captionSentences(groups, notes)
      .map((sentence) => `${sentence}.`)
      .join(' '),
  );
}

/** A note on runs from which other machines took processor time, or nothing. */
function stealNotes(groups: readonly RunGroup[]): string[] {
  const most = Math.max(...groups.flatMap(({ repeats }) => repeats.map(({ summary }) => summary.stolenShare)));
  return most < NOTABLE_STOLEN_SHARE
    ? []
    : [
        `Disturbed: other machines took up to ${formatNumber(Math.round(most * 100))} % of the processors' time of a run (steal)`,
      ];
}

/** A note on runs that were overloaded, or nothing: below 99.5 % of the offered records sent, latencies mean nothing. */
export function overloadNotes(groups: readonly RunGroup[], how: string): string[] {
  return groups.some(({ repeats }) => repeats.some(({ summary }) => !summary.valid))
    ? [`${how}: less than 99.5 % of the offered records were sent in time, so the latencies mean nothing`]
    : [];
}
