/** `megaphone clean`: removes what failed and dead processes left, and on request runs of other code. */
import { oneLine } from '../config/one-line.ts';
import { formatBytes, plural } from '../config/quantity.ts';
import { carryOut, planCleaning, type Removal } from '../results/cleaning.ts';
import { presentCode } from '../results/provenance.ts';
import { EXIT } from './exit-code.ts';

/** What the command line asks for. */
export interface CleanRequest {
  /** A folder of results, or of an experiment. */
  readonly results: string;
  /** Removes failed attempts. */
  readonly failed: boolean;
  /** Removes runs that other code has made. */
  readonly otherCode: boolean;
  /** Only says what would go. */
  readonly dryRun: boolean;
}

/**
 * Removes, says what and how much, and returns the exit code.
 *
 * @throws {ResultsError} when the folder cannot be read, or something cannot be removed
 */
export function cleanResults({ results, failed, otherCode, dryRun }: CleanRequest): number {
  const { removals, kept } = planCleaning(results, { failed, ...(otherCode && { otherThan: presentCode() }) });
  for (const removal of removals) {
    if (!dryRun) carryOut(removal);
    console.log(
      oneLine(`${verb(removal, dryRun)} ${removal.folder.directory} (${formatBytes(removal.bytes)}): ${removal.why}`),
    );
  }
  for (const line of kept) console.log(oneLine(line));
  const gone = removals.filter(({ backTo }) => backTo === undefined);
  const bytes = gone.reduce((sum, removal) => sum + removal.bytes, 0);
  console.log(`${dryRun ? 'would remove' : 'removed'} ${plural(gone.length, 'folder')}, ${formatBytes(bytes)}`);
  return EXIT.done;
}

function verb({ backTo }: Removal, dryRun: boolean): string {
  if (backTo !== undefined) return dryRun ? 'would put back' : 'put back';
  return dryRun ? 'would remove' : 'removed';
}
