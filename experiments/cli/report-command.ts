/** `megaphone report`: results as one HTML file that can be read anywhere. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { drawReport } from './draw.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
export interface ReportRequest {
  /** Folders of results: of one run, an experiment, or several. All others are laid beside the first. */
  readonly folders: readonly string[];
  /** The file to write. */
  readonly out: string;
}

/**
 * Writes the report, prints its path, and returns the exit code.
 *
 * @throws {UsageError} when the file cannot be one, or a folder is named twice
 * @throws {InputError} when a folder holds no runs that can be read
 * @throws {DrawError} when a chart cannot be drawn
 */
export async function writeReport({ folders, out }: ReportRequest): Promise<number> {
  const twice = folders.find((folder, index) => folders.indexOf(folder) !== index);
  if (twice !== undefined) throw new UsageError(`${twice}: was given twice; expected different folders`);
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UsageError(`--out: ${out} is a folder; expected a file, for instance report.html`);
  }
  if (statSync(dirname(out), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`--out: no folder ${dirname(out)} to write ${out} into`);
  }
  const onNote = (line: string): void => console.error(`megaphone: ${line}`);
  console.log(await drawReport(folders, out, onNote));
  return EXIT.done;
}
