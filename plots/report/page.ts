/** A report: one HTML file with everything in it. */
import { readFileSync } from 'node:fs';
import { tally } from '../../experiments/claims/claim-report.ts';
import { formatBytes, plural } from '../../experiments/config/quantity.ts';
import { ResultsError } from '../../experiments/results/results-error.ts';
import { libraryStyles, scriptsHtml } from './browser-code.ts';
import { commandOf } from './commands.ts';
import { encodeBlock, type BlockContent } from './experiment-block.ts';
import { type SectionContent, sectionHtml, warningsOf } from './experiment-section.ts';
import { type Figure, figuresOf } from './figures.ts';
import { escapeHtml } from './html.ts';
import { runData } from './run-data.ts';
import { readHistograms } from './run-histograms.ts';
import { claimsOf, type ResultSet, runNames, runsOf, type Section, sectionsOf } from './sections.ts';

/** A page is to stay below this size: buckets of histograms are joined until it does. */
export const MOST_BYTES = 3 * 2 ** 20;

/** Histograms are not joined further: buckets would then be 12.5 % wide. */
const MOST_SHIFT = 7;

/** What a report is made of. */
export interface ReportOptions {
  /** Folders with what was found in them, in the order of the command line. */
  readonly results: readonly ResultSet[];
  /** The command that makes the report. */
  readonly command: string;
  /** When it is made. */
  readonly madeAt: Date;
  /** Told in a line about what is left out. */
  readonly onNote: (line: string) => void;
}

/** A section that is ready but for the resolution of its histograms. */
interface PreparedSection {
  readonly content: Omit<SectionContent, 'joinedBuckets' | 'block'>;
  readonly block: BlockContent;
}

/** The page, with histograms of the finest resolution with which it stays small enough. */
export async function reportPage(options: ReportOptions): Promise<string> {
  const prepared: PreparedSection[] = [];
  for (const section of sectionsOf(options.results)) prepared.push(await prepare(section, options.onNote));
  for (let shift = 0; ; shift++) {
    const page = pageHtml(prepared, shift, options);
    const bytes = Buffer.byteLength(page);
    if (bytes < MOST_BYTES) return page;
    if (shift === MOST_SHIFT) {
      options.onNote(`the report has ${formatBytes(bytes)}: a report of fewer results is smaller`);
      return page;
    }
  }
}

async function prepare(section: Section, onNote: (line: string) => void): Promise<PreparedSection> {
  const names = runNames(section);
  const runs = runsOf(section).map((run, index) => {
    const histograms = keptHistograms(() => readHistograms(run), onNote);
    return { data: runData(run, names[index]!, histograms), histograms };
  });
  const figures: Figure[][] = [];
  for (const set of section.sets) {
    try {
      figures.push(await figuresOf(set, section.title));
    } catch (error) {
      // Charts of maxima need migrations that are not there in every set of results.
      if (!(error instanceof ResultsError)) throw error;
      onNote(error.message);
      figures.push([]);
    }
  }
  const withHistograms = runs.filter(({ histograms }) => histograms !== undefined).length;
  return {
    content: { section, figures, withHistograms, command: commandOf(section) },
    block: { runs, durationS: Math.max(...runsOf(section).map(({ spec }) => spec.durationS)) },
  };
}

/** Histograms that cannot be read count as not kept. */
function keptHistograms<Histograms>(
  read: () => Histograms | undefined,
  onNote: (line: string) => void,
): Histograms | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ResultsError)) throw error;
    onNote(`${error.message}; the report is made without it`);
    return undefined;
  }
}

function pageHtml(prepared: readonly PreparedSection[], shift: number, options: ReportOptions): string {
  const sections = prepared.map(({ content }) => content.section);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data: blob:">
<title>megaphone: ${escapeHtml(titleOf(sections))}</title>
<style>${libraryStyles()}
${readFileSync(new URL('./page.css', import.meta.url), 'utf8')}</style>
</head>
<body>
${headerHtml(sections, options)}
<main>
${prepared
  .map(({ content, block }) => sectionHtml({ ...content, joinedBuckets: 2 ** shift, block: encodeBlock(block, shift) }))
  .join('\n')}
</main>
<footer class="quiet">
<p>Made by <code>${escapeHtml(options.command)}</code> on ${options.madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.
Latencies are frontier latencies in nanoseconds from the intended time of a record, in epochs of 250 ms; an epoch belongs to an interval
when its middle does. Steady: outside of warm-up, migrations and recovery.</p>
</footer>
${scriptsHtml('report')}
</body>
</html>
`;
}

function titleOf(sections: readonly Section[]): string {
  const names = [...new Set(sections.map(({ experiment }) => experiment))];
  return names.length > 4 ? plural(names.length, 'experiment') : names.join(', ');
}

function headerHtml(sections: readonly Section[], { results }: ReportOptions): string {
  const judged = sections.flatMap(claimsOf);
  const doubtful = sections
    .map((section) => ({ section, count: warningsOf(section).length }))
    .filter(({ count }) => count > 0);
  const links = sections.map(
    ({ id, experiment, scale }) =>
      `<li><a href="#${id}">${escapeHtml(experiment)}${scale === 'laptop' ? '' : ` (${scale})`}</a></li>`,
  );
  const sets =
    results.length === 1
      ? `Results: <code>${escapeHtml(results[0]!.name)}</code>.`
      : `Results: ${results.map(({ name }, index) => `<b>${String.fromCharCode(65 + (index % 26))}</b> <code>${escapeHtml(name)}</code>`).join(', ')}. Differences are those of each from <b>A</b>.`;
  return [
    '<header>',
    `<div class="top-line"><h1>Latency-conscious state migration: ${escapeHtml(titleOf(sections))}</h1><div id="theme" role="group" aria-label="Colours" hidden></div></div>`,
    `<p>${sets} Runs of <i>Megaphone</i> (PVLDB 12(9), 2019) in TypeScript: what moving state costs the latency of a stream processor.</p>`,
    judged.length === 0 ? '' : `<p>Claims of the paper: ${escapeHtml(tally(judged))}.</p>`,
    doubtful.length === 0
      ? ''
      : `<div class="banner" role="note" aria-label="Warnings of all experiments">Read with care: ${doubtful.map(({ section: { id, experiment }, count }) => `<a href="#${id}">${escapeHtml(experiment)}</a> (${plural(count, 'warning')})`).join(', ')}.</div>`,
    links.length > 1 ? `<nav aria-label="Experiments"><ul>${links.join('')}</ul></nav>` : '',
    '</header>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}
