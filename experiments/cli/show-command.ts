/** `megaphone show`: all that a run's folder says about it. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../config/input-error.ts';
import { oneLine } from '../config/one-line.ts';
import { formatBytes, formatCount } from '../config/quantity.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { reportLines } from '../report/table.ts';
import { entriesOf, readInventory, storedFolder, type StoredFolder } from '../results/inventory.ts';
import { presentCode } from '../results/provenance.ts';
import { ResultsError } from '../results/results-error.ts';
import { RUN_FILES } from '../results/run-files.ts';
import { readRun, readRunRecord } from '../results/run-reader.ts';
import type { Provenance } from '../results/run-record.ts';
import { EXIT } from './exit-code.ts';
import { screenWidth } from './screen.ts';

/**
 * Prints the settings, provenance, tables, warnings and files of a run, or the error of a failed one; returns the exit code.
 *
 * @param run - its folder, or an id (or the beginning of one) that is looked for in `results`
 * @throws {InputError} when there is no such run, or several
 * @throws {ResultsError} when it cannot be read
 */
export function showRun(run: string, results: string): number {
  const folder = findRun(run, results);
  const lines = folder.kind === 'failed' ? failedLines(folder) : runLines(folder);
  for (const line of lines) console.log(oneLine(line));
  return EXIT.done;
}

function findRun(run: string, results: string): StoredFolder {
  if (statSync(run, { throwIfNoEntry: false })?.isDirectory() === true) {
    const folder = storedFolder(run.replace(/\/+$/u, ''));
    if (folder?.kind === 'run' || folder?.kind === 'failed') return folder;
    throw new InputError(`${run}: not a run's folder; expected one such as results/fig1/0123456789-1`);
  }
  if (!/^[0-9a-f]+(-\d+)?$/u.test(run)) {
    throw new InputError(`${run}: no such folder; expected a run's folder, or its id as megaphone list prints it`);
  }
  const folders = readInventory(results).flatMap((experiment) => experiment.folders);
  const runs = folders.filter(({ kind, id }) => (kind === 'run' || kind === 'failed') && id.startsWith(run));
  const complete = runs.filter(({ kind }) => kind === 'run');
  const found = complete.length > 0 ? complete : runs;
  const [first, second] = found;
  if (first === undefined) throw new InputError(`${run}: no run in ${results} has this id; megaphone list shows them`);
  if (second === undefined) return first;
  throw new InputError(
    `${run}: ${found.length} runs, for instance ${first.directory} and ${second.directory}; expected one`,
  );
}

function runLines({ directory }: StoredFolder): string[] {
  const { spec, provenance, summary } = readRun(directory, 'without distributions');
  return [
    directory,
    ...recordLines(spec, provenance),
    ...reportLines([{ spec, summary }], screenWidth()),
    '',
    'Summary',
    ...settingLines({ ...summary, migrations: undefined }),
    '',
    'Files',
    ...entriesOf(directory).map(({ name }) => `  ${name}: ${sizeOf(directory, name)}`),
  ];
}

function failedLines({ directory }: StoredFolder): string[] {
  const { spec, provenance } = readRunRecord(directory);
  return [`${directory}: failed`, ...recordLines(spec, provenance), 'Error', ...errorLines(directory)];
}

/** What run.json says, between two empty lines. */
function recordLines(spec: RunSpec, provenance: Provenance): string[] {
  return ['', 'Settings', ...settingLines(spec), '', 'Provenance', ...provenanceLines(provenance), ''];
}

/** Each value of a mapping in a line, under its path: `  workload.domain: 65 536`. */
function settingLines(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (inner === undefined) return [];
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      return settingLines(inner, `${path}${key}.`);
    const text = typeof inner === 'number' && Number.isInteger(inner) ? formatCount(inner) : JSON.stringify(inner);
    return [`  ${path}${key}: ${typeof inner === 'string' ? inner : text}`];
  });
}

function provenanceLines(provenance: Provenance): string[] {
  const code =
    provenance.code === presentCode() ? `${provenance.code} (the present one)` : `${provenance.code} (other code)`;
  return settingLines({ ...provenance, code });
}

function sizeOf(directory: string, name: string): string {
  const stat = statSync(join(directory, name), { throwIfNoEntry: false });
  return stat === undefined ? '-' : formatBytes(stat.size);
}

function errorLines(directory: string): string[] {
  try {
    return readFileSync(join(directory, RUN_FILES.error), 'utf8').trimEnd().split('\n').slice(0, 40);
  } catch (error) {
    throw new ResultsError(`${join(directory, RUN_FILES.error)}: ${(error as Error).message}`);
  }
}
