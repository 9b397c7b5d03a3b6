/** Names of runs: equal measurements have equal names, so that a finished run is found again. */
import { createHash } from 'node:crypto';
import type { RunSpec } from './run-spec.ts';

/** Hexadecimal digits of the hash in a run id. */
const HASH_DIGITS = 10;

/** Longest name of an experiment: file systems take 255 bytes, of which names of charts need some. */
const LONGEST_NAME_BYTES = 200;

/**
 * The id of a run: 10 hexadecimal digits of the SHA-256 of all that decides its measurements, a hyphen, and the repeat number.
 * How a run is called and drawn (experiment, title, figure, scale), what is expected of it, whether it is verified, and where the file of
 * its workload lies decide nothing; what is in that file does.
 */
export function runId({
  experiment: _,
  title: _1,
  figure: _2,
  scale: _3,
  verify: _4,
  expect: _5,
  repeat,
  workload: { plugIn, ...workload },
  ...measured
}: RunSpec): string {
  const decides = { ...measured, workload: { ...workload, plugIn: plugIn?.digest } };
  const hash = createHash('sha256').update(canonicalJson(decides)).digest('hex');
  return `${hash.slice(0, HASH_DIGITS)}-${repeat}`;
}

/** Whether a name has the form of a run id. */
export function isRunId(name: string): boolean {
  return new RegExp(`^[0-9a-f]{${HASH_DIGITS}}-[1-9]\\d*$`, 'u').test(name);
}

/** Whether an experiment can have this name: it becomes that of a folder, and part of file names. */
export function isExperimentName(name: string): boolean {
  const isPlain = /^[^/\\\p{Cc}\p{Bidi_Control}\u2028\u2029]+$/u.test(name) && !name.startsWith('.');
  return isPlain && Buffer.byteLength(name) <= LONGEST_NAME_BYTES;
}

/** JSON with the properties of every object in the order of their names, so that equal values have equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
