/** What the suites of benchmarks share: how they are called, and their topology. */
import type { WorkloadSpec } from '../config/run-spec.ts';
import { defaultNexmarkParameters } from '../../workloads/nexmark/parameters.ts';
import type { BenchRow } from './bench-rows.ts';

/** How to run a suite. */
export interface SuiteOptions {
  /** Turns of everything that is compared. */
  readonly repetitions: number;
  /** Shows within a minute that the suite works: short runs and small domains, whose figures mean nothing. */
  readonly quick: boolean;
}

/** A suite: reports each figure as soon as it is known. */
export type Suite = (options: SuiteOptions, show: (row: BenchRow) => void) => Promise<void>;

/** Workers of all benchmarks. */
export const PEERS = 2;

/** There are 2^BIN_SHIFT bins where they are not what is varied. */
export const BIN_SHIFT = 12;

/** Seed of all inputs. */
export const SEED = 1;

/** Both variants, in the order of measuring. */
export const VARIANTS = ['native', 'megaphone'] as const;

/** A variant of a workload. */
export type Variant = (typeof VARIANTS)[number];

/** Word count on a domain. */
export function wordCount(name: 'key-count' | 'hash-count', variant: Variant, domain: number): WorkloadSpec {
  return { name, variant, domain, parameters: {} };
}

/** A NEXMark query. */
export function nexmark(name: string, variant: Variant): WorkloadSpec {
  return { name, variant, domain: 0, parameters: { ...defaultNexmarkParameters } };
}

/** A row without something to compare with. */
export function plainRow(name: string, variant: string, metric: string, unit: string, value: number): BenchRow {
  return { name, variant, metric, unit, value, baseline: null, ratio: null };
}
