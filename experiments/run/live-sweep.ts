/**
 * Tells who follows a sweep how far it is. That costs next to nothing; only when somebody watches do its runs take samples, from then on until
 * they end.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runId } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { LiveResult } from '../report/live-lines.ts';
import type { PhaseProgress } from '../report/phases.ts';
import type { SweepProgress } from '../report/progress.ts';
import { isWatched, unlessRefused, watchedFileName } from '../results/live-files.ts';
import type { Run } from '../results/run-reader.ts';
import type { ChildOutcome } from './child.ts';
import { LiveFile } from './live-file.ts';

/** How often it is looked whether somebody watches. */
const LOOK_MS = 1000;

/** The lines of a sweep of which at least one run is made. */
export class LiveSweep {
  /** From when on this file exists the run that has begun takes samples. */
  readonly watchedFile: string;
  readonly #file: LiveFile;
  readonly #folders: readonly string[];
  readonly #isWatched: (folders: readonly string[]) => boolean;
  #lookedMs = -Infinity;
  #isSampled = false;
  readonly #progress: SweepProgress;
  /** Runs that are not done. */
  #left: number;
  #hasFailed = false;

  /**
   * Before the first run.
   *
   * @param runs - all runs of the sweep with their labels, of one experiment, in order
   * @param skipped - by run, why it is not made; undefined when it is
   * @param progress - knows how much time is left
   * @param watched - whether somebody watches sweeps in these folders
   */
  constructor(
    out: string,
    runs: readonly { readonly spec: RunSpec; readonly label: string }[],
    skipped: readonly (string | undefined)[],
    progress: SweepProgress,
    watched: (folders: readonly string[]) => boolean = isWatched,
  ) {
    const { experiment, title } = runs[0]!.spec;
    const directory = join(out, experiment);
    this.watchedFile = join(directory, watchedFileName());
    this.#folders = [directory, out];
    this.#isWatched = watched;
    this.#progress = progress;
    this.#left = skipped.filter((why) => why === undefined).length;
    this.#file = new LiveFile(directory, {
      type: 'sweep',
      experiment,
      title,
      startedAtMs: Date.now(),
      runs: runs.map(({ spec, label }, index) => ({
        id: runId(spec),
        label,
        durationS: spec.durationS,
        ...(skipped[index] !== undefined && { skipped: skipped[index] }),
      })),
    });
  }

  /** A run begins. */
  begin(run: number): void {
    this.#endSamples();
    this.#look();
    this.#file.write({ type: 'begin', run });
  }

  /** How far it is. */
  progress({ phase, elapsedS, totalS, live }: PhaseProgress): void {
    this.#look();
    const leftS = this.#progress.secondsLeft({ phase, elapsedS, totalS });
    this.#file.write({ type: 'progress', phase, elapsedS, totalS, leftS, ...(live && { live }) });
  }

  /** It is done, with these results. */
  done(run: Pick<Run, 'timeline' | 'migrations'>): void {
    this.#left -= 1;
    this.#file.write({ type: 'end', status: 'done', result: liveResult(run) });
  }

  /** It was not finished. */
  unfinished(outcome: Exclude<ChildOutcome, { readonly status: 'done' }>): void {
    this.#hasFailed = outcome.status === 'failed';
    const message = outcome.status === 'failed' ? { message: outcome.message } : {};
    this.#file.write({ type: 'end', status: outcome.status, ...message });
  }

  /** No run follows. */
  over(): void {
    const unfinished = this.#hasFailed ? 'failed' : 'interrupted';
    this.#file.write({ type: 'over', status: this.#left === 0 ? 'done' : unfinished });
    this.#file.close();
    this.#endSamples();
  }

  /** Lets the run take samples when somebody watches by now. */
  #look(): void {
    const nowMs = performance.now();
    if (this.#isSampled || nowMs - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = nowMs;
    if (!this.#isWatched(this.#folders)) return;
    this.#isSampled = true;
    // On a disk that does not take it the run goes on without.
    unlessRefused(() => writeFileSync(this.watchedFile, ''));
  }

  #endSamples(): void {
    this.#isSampled = false;
    this.#lookedMs = -Infinity;
    unlessRefused(() => rmSync(this.watchedFile, { force: true }));
  }
}

function liveResult({ timeline, migrations }: Pick<Run, 'timeline' | 'migrations'>): LiveResult {
  return {
    epochs: timeline.map(({ epoch, records, p50Ns, p99Ns, maxNs }) => ({ epoch, records, p50Ns, p99Ns, maxNs })),
    bands: [...Map.groupBy(migrations, ({ migration }) => migration)].map(([migration, steps]) => ({
      migration: migration + 1,
      first: 1,
      last: steps.length,
      of: steps.length,
      fromS: steps[0]!.issuedS,
      toS: steps.at(-1)!.completedS,
      bins: steps.reduce((sum, { bins }) => sum + bins, 0),
      bytes: steps.reduce((sum, { bytes }) => sum + bytes, 0),
    })),
  };
}
