/** `megaphone list`: the experiments and runs of a folder of results. */
import { oneLine } from '../config/one-line.ts';
import { formatBytes, plural } from '../config/quantity.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { alignColumns, type Column } from '../report/columns.ts';
import { runLabels } from '../report/labels.ts';
import { bytesOf, readInventory, type StoredExperiment, type StoredFolder } from '../results/inventory.ts';
import { presentCode } from '../results/provenance.ts';
import { ResultsError } from '../results/results-error.ts';
import { readRunRecord, readSummary } from '../results/run-reader.ts';
import type { Provenance } from '../results/run-record.ts';
import { EXIT } from './exit-code.ts';
import { screenWidth } from './screen.ts';

const left = (heading: string): Column => ({ heading, align: 'left' });

const COLUMNS: readonly Column[] = [
  left('setting'),
  left('id'),
  { ...left('when (UTC)'), optional: true },
  { ...left('commit'), optional: true },
  { ...left('code'), optional: true },
  left('valid'),
  { heading: 'size', align: 'right' },
];

/** What a row needs of a run, or why it cannot be read. */
interface Listed {
  readonly folder: StoredFolder;
  readonly spec?: RunSpec;
  readonly provenance?: Provenance;
  readonly state: string;
  readonly problem?: string;
}

/**
 * Prints a table per experiment and returns the exit code.
 *
 * @throws {ResultsError} when there is no such folder, or it cannot be read
 */
export function listResults(results: string): number {
  const experiments = readInventory(results);
  const code = presentCode();
  if (experiments.length === 0) console.log(`${oneLine(results)}: holds no runs`);
  for (const [index, experiment] of experiments.entries()) {
    if (index > 0) console.log('');
    for (const line of experimentLines(experiment, code)) console.log(oneLine(line));
  }
  return EXIT.done;
}

function experimentLines({ name, folders }: StoredExperiment, code: string): string[] {
  const listed = folders.map(read);
  const labels = runLabels(listed.flatMap(({ spec }) => spec ?? []));
  let label = 0;
  const rows = listed.map(({ folder, spec, provenance, state }) => [
    spec === undefined ? '-' : (labels[label++] ?? ''),
    folder.id,
    provenance === undefined ? '-' : provenance.startedAt.slice(0, 16).replace('T', ' '),
    provenance === undefined ? '-' : commitCell(provenance),
    provenance === undefined ? '-' : provenance.code === code ? 'present' : 'other',
    state,
    formatBytes(bytesOf(folder.directory)),
  ]);
  const runs = plural(folders.filter(({ kind }) => kind === 'run').length, 'run');
  return [
    `${name}: ${runs}`,
    ...alignColumns(COLUMNS, rows, screenWidth()),
    ...listed.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
  ];
}

/** The commit, with a plus where the sources had changes. */
function commitCell({ commit, dirty }: Provenance): string {
  return commit === null ? '-' : `${commit.slice(0, 10)}${dirty === true ? '+' : ''}`;
}

function read(folder: StoredFolder): Listed {
  const { kind, directory } = folder;
  if (kind === 'attempt' || kind === 'replaced') return { folder, state: 'unfinished' };
  try {
    const { spec, provenance } = readRunRecord(directory);
    const state = kind === 'failed' ? 'failed' : readSummary(directory).valid ? 'yes' : 'no';
    return { folder, spec, provenance, state };
  } catch (error) {
    if (!(error instanceof ResultsError)) throw error;
    return { folder, state: 'unreadable', problem: error.message };
  }
}
