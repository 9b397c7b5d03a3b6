/** The phases of a run, as progress and estimates see them. */

import type { LiveSample } from '../metrics/live-sample.ts';

/** The parts of a run, in order; `join` happens only where other hosts are waited for, `verify` only when it was asked for. */
export const RUN_PHASES = ['join', 'load', 'run', 'verify', 'write'] as const;

/** A part of a run. */
export type RunPhase = (typeof RUN_PHASES)[number];

/** How far a run is. */
export interface PhaseProgress {
  /** What it does at the moment. */
  readonly phase: RunPhase;
  /** Seconds since the phase began. */
  readonly elapsedS: number;
  /** Seconds that the phase will take, or 0 when that is not known. */
  readonly totalS: number;
  /** What the run shows of itself, while its clock runs. */
  readonly live?: LiveSample;
}
