/** Tells who follows a sweep how far it is. */
import { join } from 'node:path';
import { runId } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { PhaseProgress } from '../report/phases.ts';
import type { SweepProgress } from '../report/progress.ts';
import type { ChildOutcome } from './child.ts';
import { LiveFile } from './live-file.ts';

/** The lines of a sweep of which at least one run is made. */
export class LiveSweep {
  readonly #file: LiveFile;
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
   */
  constructor(
    out: string,
    runs: readonly { readonly spec: RunSpec; readonly label: string }[],
    skipped: readonly (string | undefined)[],
    progress: SweepProgress,
  ) {
    const { experiment, title } = runs[0]!.spec;
    this.#progress = progress;
    this.#left = skipped.filter((why) => why === undefined).length;
    this.#file = new LiveFile(join(out, experiment), {
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
    this.#file.write({ type: 'begin', run });
  }

  /** How far it is. */
  progress({ phase, elapsedS, totalS, live }: PhaseProgress): void {
    const leftS = this.#progress.secondsLeft({ phase, elapsedS, totalS });
    this.#file.write({ type: 'progress', phase, elapsedS, totalS, leftS, ...(live && { live }) });
  }

  /** It is over. */
  end(outcome: ChildOutcome): void {
    if (outcome.status === 'done') this.#left -= 1;
    this.#hasFailed = outcome.status === 'failed';
    const message = outcome.status === 'failed' ? { message: outcome.message } : {};
    this.#file.write({ type: 'end', status: outcome.status, ...message });
  }

  /** No run follows. */
  over(): void {
    const unfinished = this.#hasFailed ? 'failed' : 'interrupted';
    this.#file.write({ type: 'over', status: this.#left === 0 ? 'done' : unfinished });
    this.#file.close();
  }
}
