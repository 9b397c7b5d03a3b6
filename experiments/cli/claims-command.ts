/** `megaphone claims`: which claims of the paper hold for the results that are there. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { paperClaims } from '../claims/claim.ts';
import { claimLines, claimMarkdown } from '../claims/claim-report.ts';
import { judgeClaim } from '../claims/judge-claim.ts';
import type { Scale } from '../config/run-spec.ts';
import { readExperiment, type Run } from '../results/run-reader.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
export interface ClaimsRequest {
  /** The folder of all results. */
  readonly out: string;
  /** The scale whose runs are judged. */
  readonly scale: Scale;
  /** Prints an array of objects. */
  readonly json: boolean;
  /** Prints the README's table. */
  readonly markdown: boolean;
}

/**
 * Prints the claims and returns the exit code; a claim that does not hold is a result, not a failure.
 *
 * @throws {UsageError} when two forms are asked for
 */
export function printClaims({ out, scale, json, markdown }: ClaimsRequest): number {
  if (json && markdown) throw new UsageError('--json and --markdown were both given; expected one of them');
  const claims = paperClaims();
  const runs = new Map(
    [...new Set(claims.map(({ figure }) => figure))].map((name) => [name, runsOf(out, name, scale)]),
  );
  const judged = claims.map((claim) => judgeClaim(claim, runs.get(claim.figure) ?? []));
  if (json) console.log(JSON.stringify(judged, null, 2));
  else for (const line of (markdown ? claimMarkdown : claimLines)(judged)) console.log(line);
  return EXIT.done;
}

/** The runs of an experiment at a scale; none when its folder is missing. */
function runsOf(out: string, experiment: string, scale: Scale): Run[] {
  const directory = join(out, experiment);
  if (!existsSync(directory) || !statSync(directory).isDirectory()) return [];
  const onUnreadable = (line: string): void => console.error(`megaphone: ${line}`);
  const runs = readExperiment(directory, onUnreadable, undefined, 'without distributions');
  return runs.filter(({ spec }) => spec.scale === scale);
}
