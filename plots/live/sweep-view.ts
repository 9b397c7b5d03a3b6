/** A sweep as who watches it sees it: what its lines say, put together. Runs in a browser, too. */
import type { LiveBand, LiveEpoch, LiveSample } from '../../experiments/metrics/live-sample.ts';
import type {
  LiveEnd,
  LiveEndLine,
  LiveLine,
  LiveProgressLine,
  LiveRunHead,
  LiveSweepLine,
} from '../../experiments/report/live-lines.ts';

/** Sweeps that a page keeps; with one more, the oldest is forgotten. */
export const KEPT_SWEEPS = 4;

/** A moment of a run: seconds since its start, and the numbers of a sample. */
export interface Moment {
  /** Seconds since the start barrier. */
  readonly timeS: number;
  /** Records per second that were offered. */
  readonly offeredPerSecond: number;
  /** Records per second that were sent. */
  readonly sentPerSecond: number;
  /** Records that are due and not complete. */
  readonly waitingRecords: number;
  /** How long the oldest of them has waited, in seconds. */
  readonly behindS: number;
  /** Resident set, in bytes. */
  readonly rssBytes: number;
}

/** A run of a sweep, as far as it is known. */
export interface RunView {
  /** Which it is. */
  readonly head: LiveRunHead;
  /** Whether it has begun, and how it ended. */
  status: 'waiting' | 'skipped' | 'running' | LiveEnd;
  /** Why it failed. */
  message: string | undefined;
  /** How far it is; undefined before. */
  progress: LiveProgressLine | undefined;
  /** Its last sample. */
  last: LiveSample | undefined;
  /** Latencies of its epochs, ascending; those of its result once it is done. */
  epochs: LiveEpoch[];
  /** Its samples in order. */
  readonly moments: Moment[];
  /** Migration steps that are complete; those of its result once it is done. */
  bands: LiveBand[];
}

/** A sweep. */
export class SweepView {
  /** Its first line. */
  readonly sweep: LiveSweepLine;
  /** All of its runs. */
  readonly runs: readonly RunView[];
  /** Index of the run that has begun last; -1 before. */
  current = -1;
  /** How it ended; undefined while it goes on. */
  over: LiveEnd | undefined;

  /** A sweep of which only the first line is known. */
  constructor(sweep: LiveSweepLine) {
    this.sweep = sweep;
    this.runs = sweep.runs.map((head) => ({
      head,
      status: head.skipped === undefined ? 'waiting' : 'skipped',
      message: undefined,
      progress: undefined,
      last: undefined,
      epochs: [],
      moments: [],
      bands: [],
    }));
  }

  /** The run that has begun last. */
  get run(): RunView | undefined {
    return this.runs[this.current];
  }

  /** Takes in the next line. */
  add(line: LiveLine): void {
    const { run } = this;
    switch (line.type) {
      case 'sweep':
        return;
      case 'begin':
        this.current = line.run;
        this.run!.status = 'running';
        return;
      case 'progress':
        if (run !== undefined) addProgress(run, line);
        return;
      case 'end':
        if (run !== undefined) endRun(run, line);
        return;
      case 'over':
        this.over = line.status;
        // A process that died has not said what became of its run.
        if (run?.status === 'running') run.status = line.status;
    }
  }
}

function endRun(run: RunView, { status, message, result }: LiveEndLine): void {
  run.status = status;
  run.message = message;
  if (result === undefined) return;
  run.epochs = [...result.epochs];
  run.bands = [...result.bands];
  if (run.last !== undefined) run.last = { ...run.last, moving: null, stepsDone: run.last.stepsTotal };
}

function addProgress(run: RunView, line: LiveProgressLine): void {
  run.progress = line;
  const { live } = line;
  if (live === undefined) return;
  run.last = live;
  run.epochs.push(...live.epochs);
  run.bands.push(...live.bands);
  const { offeredPerSecond, sentPerSecond, offeredRecords, completedRecords, behindS, rssBytes } = live;
  run.moments.push({
    timeS: line.elapsedS,
    offeredPerSecond,
    sentPerSecond,
    waitingRecords: Math.max(0, offeredRecords - completedRecords),
    behindS,
    rssBytes,
  });
}

/** The steps of a run as bands, the ones under way included. */
export function bandsOf({ bands, last, status }: RunView): readonly LiveBand[] {
  const moving = last?.moving ?? null;
  return moving === null || (status !== 'running' && moving.toS === null) ? bands : [...bands, moving];
}
