/** Compares what the runs of a sweep computed: outputs are a function of the input alone, whatever migrated in between. */
import type { RunSpec } from '../config/run-spec.ts';
import type { OutputDigest } from './messages.ts';

/** A run with the digest of its outputs. */
export interface DigestedRun {
  /** What was run. */
  readonly spec: RunSpec;
  /** How messages call it. */
  readonly label: string;
  /** The digest of its outputs. */
  readonly digest: OutputDigest;
}

/** Two runs of the same input whose outputs differ. */
export interface DigestMismatch {
  /** The first run of the input. */
  readonly first: DigestedRun;
  /** A later one that computed something else. */
  readonly other: DigestedRun;
}

/** Every run whose outputs differ from those of the first run with the same input, in order. */
export function digestMismatches(runs: readonly DigestedRun[]): DigestMismatch[] {
  const firstOf = new Map<string, DigestedRun>();
  const mismatches: DigestMismatch[] = [];
  for (const run of runs) {
    const input = inputOf(run.spec);
    const first = firstOf.get(input);
    if (first === undefined) firstOf.set(input, run);
    else if (first.digest.records !== run.digest.records || first.digest.sum !== run.digest.sum) {
      mismatches.push({ first, other: run });
    }
  }
  return mismatches;
}

/** What the outputs of a run depend on. */
function inputOf({ workload, ratePerSecond, durationS, seed, tickNs }: RunSpec): string {
  const { name, plugIn, domain, parameters } = workload;
  const computed = [name, plugIn?.digest, domain, Object.entries(parameters).sort()];
  return JSON.stringify([computed, ratePerSecond, durationS, seed, tickNs]);
}
