/** The part of the page about an experiment at one scale. Everything in it can be read without scripts, but for the panels. */
import { hereLabel, effortLabel } from '../../experiments/claims/claim-report.ts';
import type { JudgedClaim } from '../../experiments/claims/judge-claim.ts';
import { formatBytes, formatLatency, plural } from '../../experiments/config/quantity.ts';
import type { Comparison } from '../../experiments/report/comparison.ts';
import { pairTable } from '../../experiments/report/comparison-text.ts';
import { runLabels } from '../../experiments/report/labels.ts';
import { reportNotes, reportTables, type ReportTable } from '../../experiments/report/table.ts';
import { commitLabel } from '../../experiments/results/provenance.ts';
import type { Run } from '../../experiments/results/run-reader.ts';
import type { Figure } from './figures.ts';
import { escapeHtml, listHtml, tableHtml } from './html.ts';
import { claimsOf, comparisonsOf, runsOf, type Section, type SectionSet } from './sections.ts';

/** What is known of a section beside its runs. */
export interface SectionContent {
  /** The section. */
  readonly section: Section;
  /** Charts, in the order of the section's folders. */
  readonly figures: readonly (readonly Figure[])[];
  /** How many of its runs have histograms. */
  readonly withHistograms: number;
  /** By how much histograms are wider than they were recorded: 1 for as recorded, 2 for two buckets joined. */
  readonly joinedBuckets: number;
  /** The block of its panels. */
  readonly block: string;
  /** The command that makes its runs, and whether it is known to be exact. */
  readonly command: { readonly text: string; readonly isExact: boolean };
}

/** The section's element. */
export function sectionHtml(content: SectionContent): string {
  const { section, figures, block, command } = content;
  const { id, experiment, title, scale, sets } = section;
  const several = sets.length > 1;
  const warnings = warningsOf(section);
  return [
    `<section id="${id}" data-experiment="${escapeHtml(experiment)}" aria-labelledby="${id}-title">`,
    `<h2 id="${id}-title"><span class="name">${escapeHtml(experiment)}</span> ${escapeHtml(title)}</h2>`,
    `<p class="quiet">Scale ${scale}; ${sets.map((set) => setLabel(set, several)).join('; ')}.</p>`,
    bannerHtml(warnings),
    ...sets.flatMap((set, index) =>
      (figures[index] ?? []).map((figure) => figureHtml(figure, title, several ? `${set.letter}: ${set.name}` : '')),
    ),
    (figures.flat().length === 0 && '<p class="quiet">No figure: none can be drawn from these files.</p>') || '',
    `<h3 class="panel-title">Latencies over time, and of an interval</h3>`,
    `<p class="quiet">${escapeHtml(histogramNote(content))}</p>`,
    `<div class="panel" hidden></div>`,
    `<noscript><p class="quiet">The interactive panel needs scripts.</p></noscript>`,
    `<script type="application/octet-stream" class="block">${block}</script>`,
    ...sets.flatMap((set) => tablesHtml(set, several)),
    claimsHtml(claimsOf(section), several ? sets[0]!.letter : ''),
    ...comparisonsOf(section).map((comparison) => comparisonHtml(comparison, id)),
    provenanceHtml(section, command),
    '</section>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function setLabel({ letter, name, runs }: SectionSet, several: boolean): string {
  const from = `<code>${escapeHtml(name)}</code>, ${plural(runs.length, 'run')}`;
  return several ? `<b>${letter}</b> is ${from}` : `results from ${from}`;
}

/** What makes results of a section doubtful: overload, noise of the machine, code that changed between runs. */
export function warningsOf({ sets }: Section): string[] {
  return sets.flatMap(({ letter, runs }) => {
    const labels = runLabels(runs.map(({ spec }) => spec));
    const codes = new Set(runs.map(({ provenance }) => provenance.code)).size;
    const found = [
      ...reportNotes(runs).filter((note) => !note.startsWith('Verified')),
      ...noisyFloors(runs, labels),
      ...runs.flatMap(({ summary }, index) =>
        summary.verified === false ? [`Wrong outputs: ${labels[index]}: they differ from those of the oracle.`] : [],
      ),
      ...(codes > 1 ? [`Other code: ${codes} versions of the code made these runs.`] : []),
    ];
    return sets.length > 1 ? found.map((note) => `${letter}: ${note}`) : found;
  });
}

/** A machine whose own latencies are as high as those that were measured says little about the system. */
function noisyFloors(runs: readonly Run[], labels: readonly string[]): string[] {
  return runs.flatMap(({ summary: { floor, steady } }, index) =>
    floor === undefined || steady.records === 0 || floor.p99Ns < steady.p99Ns / 2
      ? []
      : [
          `Noise: ${labels[index]}: threads that only looked at the clock were late by ${formatLatency(floor.p99Ns)} ` +
            `(p99) before the run, against a steady p99 of ${formatLatency(steady.p99Ns)}.`,
        ],
  );
}

/** At most this many lines stand open. */
const OPEN_WARNINGS = 4;

function bannerHtml(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const rest = warnings.slice(OPEN_WARNINGS);
  const more = rest.length === 0 ? '' : `<details><summary>${rest.length} more</summary>${listHtml(rest)}</details>`;
  return `<div class="banner" role="note" aria-label="Warnings">${listHtml(warnings.slice(0, OPEN_WARNINGS))}${more}</div>`;
}

function figureHtml({ name, svg }: Figure, title: string, caption: string): string {
  return (
    `<figure class="chart" data-name="${escapeHtml(name)}"><div class="scroll" tabindex="0" role="region" ` +
    `aria-label="Figure: ${escapeHtml(title)} ${escapeHtml(caption)}">${svg}</div>` +
    `${caption === '' ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`}</figure>`
  );
}

function histogramNote({ section, withHistograms, joinedBuckets }: SectionContent): string {
  const count = runsOf(section).length;
  if (withHistograms === 0) {
    return 'These results hold no histograms (histograms.hlog), so percentiles of intervals cannot be recomputed: those of all and steady come from the summary (dashed).';
  }
  const missing =
    withHistograms === count
      ? ''
      : ` ${count - withHistograms} of ${count} runs have no histograms: of these, only what their summary says is known (dashed).`;
  const resolution =
    joinedBuckets === 1
      ? 'Percentiles of an interval are recomputed from the histograms of its epochs, with the resolution with which they were recorded (0.1 %).'
      : `Percentiles of an interval are recomputed from the histograms of its epochs, which this page holds with a resolution of ${formatPercent(joinedBuckets / 1024)} to stay small; those of all, steady and each migration are exact.`;
  return `${resolution}${missing}`;
}

function formatPercent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

function tablesHtml({ letter, runs }: SectionSet, several: boolean): string[] {
  const name = (table: ReportTable): ReportTable =>
    several ? { ...table, title: `${letter}: ${table.title}` } : table;
  const notes = reportNotes(runs).filter((note) => note.startsWith('Verified'));
  return [...reportTables(runs).map((table) => tableHtml(name(table))), listHtml(notes)].filter((part) => part !== '');
}

const VERDICTS = { holds: 'holds', 'does not hold': 'fails', 'not measured': 'unknown' } as const;

/** The table of claims; nothing without claims. */
export function claimsHtml(judged: readonly JudgedClaim[], letter: string): string {
  if (judged.length === 0) return '';
  const title = `Claims of the paper${letter === '' ? '' : ` (results ${letter})`}`;
  const table = tableHtml({
    title,
    columns: ['claim', 'the paper', 'here', 'verdict'].map((heading) => ({ heading, align: 'left' })),
    rows: judged.map((result) => [
      result.claim.text,
      result.claim.paper,
      result.verdict === 'not measured' ? `${result.reason}; ${effortLabel(result.claim)}` : hereLabel(result),
      result.verdict,
    ]),
  });
  return Object.entries(VERDICTS).reduce(
    (html, [verdict, name]) =>
      html.replaceAll(`<td>${verdict}</td>`, `<td><span class="verdict ${name}">${verdict}</span></td>`),
    table,
  );
}

function comparisonHtml({ baseline, other, pairs, notes }: Comparison, id: string): string {
  return [
    `<details class="differences" open><summary id="${id}-differences">Differences of <code>${escapeHtml(other)}</code> from <code>${escapeHtml(baseline)}</code></summary>`,
    listHtml(notes),
    ...pairs.flatMap((pair) => [tableHtml(pairTable(pair)), listHtml(pair.notes)]),
    '</details>',
  ].join('');
}

function provenanceHtml(section: Section, command: SectionContent['command']): string {
  const runs = runsOf(section);
  const labels = runLabels(runs.map(({ spec }) => spec));
  const headings = ['run', 'id', 'started', 'commit', 'code', 'processor', 'cores', 'memory', 'kernel', 'Node'];
  const table = tableHtml({
    title: 'Provenance',
    columns: headings.map((heading) => ({ heading, align: 'left' })),
    rows: runs.map(({ id, provenance }, index) => [
      labels[index] ?? '',
      id,
      provenance.startedAt.replace('T', ' ').replace(/\.\d+Z$/u, ' UTC'),
      commitLabel(provenance) || 'unknown',
      provenance.code,
      provenance.cpu,
      String(provenance.cores),
      formatBytes(provenance.memoryBytes),
      provenance.kernel,
      provenance.node,
    ]),
  });
  const exactness = command.isExact
    ? ''
    : ' <span class="quiet">(with settings that differ from those of the present config; each run.json has all of them)</span>';
  return [
    `<details class="provenance"><summary>Provenance and command</summary>`,
    `<p>Made by <code>${escapeHtml(command.text)}</code>${exactness}</p>`,
    table,
    '</details>',
  ].join('');
}
