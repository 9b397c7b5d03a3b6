/** Names of runs on disk: equal runs have equal names, so that a finished run is found again. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RunSpec } from '../config/run-spec.ts';

/** Hexadecimal digits of the hash in a run id. */
const HASH_DIGITS = 10;

/**
 * The id of a run: 10 hexadecimal digits of the SHA-256 of all that decides its measurements (the whole spec but the
 * repeat number and whether it is verified), a hyphen, and the repeat number.
 */
export function runId(spec: RunSpec): string {
  const measured = { ...spec, repeat: undefined, verify: undefined };
  const hash = createHash('sha256').update(canonicalJson(measured)).digest('hex');
  return `${hash.slice(0, HASH_DIGITS)}-${spec.repeat}`;
}

/** The folder of a run below the results folder `out`: `<out>/<experiment>/<run id>`. */
export function runDirectory(out: string, spec: RunSpec): string {
  return join(out, spec.experiment, runId(spec));
}

/** JSON with the properties of every object in the order of their names, so that equal values have equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
