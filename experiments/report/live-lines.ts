/** What a sweep tells while it goes on, line by line. */
import type { LiveBand, LiveEpoch } from '../metrics/live-sample.ts';
import type { PhaseProgress } from './phases.ts';

/** How a run, or a sweep, has ended. */
export type LiveEnd = 'done' | 'failed' | 'interrupted';

/** A run of a sweep. */
export interface LiveRunHead {
  /** Its id. */
  readonly id: string;
  /** What tells it apart from the others of the sweep. */
  readonly label: string;
  /** Length of its schedule in seconds. */
  readonly durationS: number;
  /** Why it is not made (`done before, skipped`); absent when it is. */
  readonly skipped?: string;
}

/** The first line: which runs there are. */
export interface LiveSweepLine {
  /** Discriminates the lines. */
  readonly type: 'sweep';
  /** Name of the experiment. */
  readonly experiment: string;
  /** Its title. */
  readonly title: string;
  /** When the sweep began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** All runs in the order in which they are made. */
  readonly runs: readonly LiveRunHead[];
}

/** A run begins. */
export interface LiveBeginLine {
  /** Discriminates the lines. */
  readonly type: 'begin';
  /** Index of the run. */
  readonly run: number;
}

/** How far the run that has begun is. */
export interface LiveProgressLine extends PhaseProgress {
  /** Discriminates the lines. */
  readonly type: 'progress';
  /** Seconds until the sweep is over, as estimated. */
  readonly leftS: number;
}

/** What the result files of a run hold of that which was told while it went on. */
export interface LiveResult {
  /** Latencies of all of its epochs. */
  readonly epochs: readonly LiveEpoch[];
  /** All of its migrations. */
  readonly bands: readonly LiveBand[];
}

/** The run that has begun is over. */
export interface LiveEndLine {
  /** Discriminates the lines. */
  readonly type: 'end';
  /** How. */
  readonly status: LiveEnd;
  /** Why it failed. */
  readonly message?: string;
  /** What it has measured; absent when it did not finish. */
  readonly result?: LiveResult;
}

/** The last line: the sweep is over. */
export interface LiveOverLine {
  /** Discriminates the lines. */
  readonly type: 'over';
  /** How. */
  readonly status: LiveEnd;
}

/** A line. */
export type LiveLine = LiveSweepLine | LiveBeginLine | LiveProgressLine | LiveEndLine | LiveOverLine;
