/**
 * Shows how far a sweep is. On a terminal one line is rewritten at most four times per second, so that drawing takes no time
 * from the workers; while somebody watches with rate, latencies and migration steps of the last second, as far as it is wide enough. Elsewhere
 * each phase is one line, and a long phase says every half minute that it is alive.
 */
import { styleText } from 'node:util';
import { formatLatency, formatShortCount, formatWait } from '../config/quantity.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { LiveSample } from '../metrics/live-sample.ts';
import type { RunEstimates } from './estimate.ts';
import { type PhaseProgress, RUN_PHASES, type RunPhase } from './phases.ts';

/** Where progress is written. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const REDRAW_MS = 250;
const PLAIN_MS = 30_000;

const PHASE_WORDS: Readonly<Record<RunPhase, string>> = {
  join: 'waiting for the other hosts',
  load: 'loading',
  run: 'running',
  verify: 'verifying',
  write: 'writing',
};

/** The progress of a list of runs, which are made in order. */
export class SweepProgress {
  readonly #runs: readonly { readonly spec: RunSpec; readonly label: string }[];
  readonly #stream: ProgressStream;
  readonly #estimates: RunEstimates;
  readonly #now: () => number;
  readonly #skipped = new Set<number>();
  #run = 0;
  #startedMs = 0;
  #phase: RunPhase | undefined;
  /** The last sample of the run: not every message has one. */
  #live: LiveSample | undefined;
  #shownMs = -Infinity;
  #drawn = false;

  /**
   * Progress before the first run.
   *
   * @param runs - every run of the sweep with its label, in order; those too that will be skipped
   * @param estimates - how long runs take; may learn while the sweep goes on
   * @param now - milliseconds of a clock that never goes back
   */
  constructor(
    runs: readonly { readonly spec: RunSpec; readonly label: string }[],
    stream: ProgressStream,
    estimates: RunEstimates,
    now: () => number = () => performance.now(),
  ) {
    this.#runs = runs;
    this.#stream = stream;
    this.#estimates = estimates;
    this.#now = now;
  }

  /**
   * Says that the run with this index needs not be made, and why (`done before, skipped`); to be called before the first run begins.
   */
  skip(index: number, why: string): void {
    this.#skipped.add(index);
    this.#line(`${this.#heading(index)} ${why}`);
  }

  /** Starts the run with this index; the runs after it count as left. */
  begin(index: number): void {
    this.#run = index;
    this.#startedMs = this.#now();
    this.#phase = undefined;
    this.#live = undefined;
    this.update({ phase: 'load', elapsedS: 0, totalS: 0 });
  }

  /** Takes in a message of the run that has begun. */
  update(message: PhaseProgress): void {
    const changed = message.phase !== this.#phase;
    this.#phase = message.phase;
    this.#live = message.phase === 'run' ? (message.live ?? this.#live) : undefined;
    const sinceMs = this.#now() - this.#shownMs;
    const terminal = this.#stream.isTTY === true;
    if (sinceMs < (terminal ? REDRAW_MS : PLAIN_MS) && (terminal || !changed)) return;
    this.#shownMs = this.#now();
    if (terminal) this.#draw(this.#status(message, this.#width));
    else this.#stream.write(`${this.#status(message)}\n`);
  }

  /** Says something about the run that has begun. */
  note(text: string): void {
    this.#line(`${this.#heading(this.#run)} ${text}`);
  }

  /** Ends the run that has begun, in words such as `done` or `failed`. */
  end(how: string): void {
    const seconds = (this.#now() - this.#startedMs) / 1000;
    this.#line(`${this.#heading(this.#run)} ${how} after ${formatWait(seconds)}`);
    this.#shownMs = -Infinity;
  }

  /** Seconds left of all runs, when the current one is at this message. */
  secondsLeft({ phase, elapsedS, totalS }: PhaseProgress): number {
    let left = 0;
    for (const [index, { spec }] of this.#runs.entries()) {
      if (index > this.#run && !this.#skipped.has(index)) left += this.#estimates.secondsOf(spec);
      if (index !== this.#run) continue;
      const phases = this.#estimates.phasesOf(spec);
      left += Math.max(0, (totalS > 0 ? totalS : phases[phase]) - elapsedS);
      for (const later of RUN_PHASES.slice(RUN_PHASES.indexOf(phase) + 1)) left += phases[later];
    }
    return left;
  }

  #heading(index: number): string {
    return `[${index + 1}/${this.#runs.length}] ${this.#runs[index]?.label ?? ''}:`;
  }

  /** Columns that a line may take. One more would wrap, and a carriage return would no longer reach its start. */
  get #width(): number {
    // A terminal that does not know its width says 0.
    return (this.#stream.columns || 80) - 1;
  }

  /** How far the run is; what it shows of itself is left out where it does not fit, the least important first. */
  #status(message: PhaseProgress, width = 0): string {
    const { phase, elapsedS, totalS } = message;
    const live = this.#live;
    const known = totalS > 0 ? ` ${Math.floor(elapsedS)} of ${Math.round(totalS)} s` : '';
    const start = `${this.#heading(this.#run)} ${PHASE_WORDS[phase]}${known}`;
    const left = `about ${formatWait(this.secondsLeft(message))} left`;
    const parts = width > 0 && live !== undefined ? liveParts(live) : [];
    let shown: readonly LivePart[] = parts;
    const text = (): string => [start, ...shown.map((part) => part.text), left].join(', ');
    for (const leave of parts.toSorted((a, b) => b.rank - a.rank)) {
      if (text().length <= width) break;
      shown = shown.filter((part) => part !== leave);
    }
    return text();
  }

  #draw(text: string): void {
    const cut = text.slice(0, this.#width);
    this.#stream.write(`\r${styleText('dim', cut, { stream: this.#stream })}\u001B[K`);
    this.#drawn = true;
  }

  #line(text: string): void {
    this.#stream.write(`${this.#drawn ? '\r\u001B[K' : ''}${text}\n`);
    this.#drawn = false;
  }
}

/** A part of the line; those of the highest rank are left out first. */
interface LivePart {
  readonly text: string;
  readonly rank: number;
}

/** The last second of a run in words. */
function liveParts({ sentPerSecond, lastSecond, stepsDone, stepsTotal }: LiveSample): LivePart[] {
  const { records, p50Ns, p99Ns, maxNs } = lastSecond;
  const latencies = [
    { text: `p50 ${formatLatency(p50Ns)}`, rank: 5 },
    { text: `p99 ${formatLatency(p99Ns)}`, rank: 2 },
    { text: `max ${formatLatency(maxNs)}`, rank: 3 },
  ];
  return [
    { text: `${formatShortCount(Number(sentPerSecond.toPrecision(3)))}/s`, rank: 4 },
    ...(records > 0 ? latencies : []),
    ...(stepsTotal > 0 ? [{ text: `step ${stepsDone}/${stepsTotal}`, rank: 1 }] : []),
  ];
}
