/**
 * Makes the runs of an experiment one after the other, each in a process of its own, and keeps account of them on disk: a
 * folder that holds DONE is not made again, and one without it is made anew.
 */
import type { RunSpec } from '../config/run-spec.ts';
import { RunEstimates } from '../report/estimate.ts';
import { runLabels } from '../report/label.ts';
import { SweepProgress, type ProgressStream } from '../report/progress.ts';
import type { FinishedRun } from '../report/table.ts';
import { readProvenance } from '../results/provenance.ts';
import { runDirectory } from '../results/run-id.ts';
import { isComplete, readSummary } from '../results/run-reader.ts';
import { abandonRun, beginRun } from '../results/run-writer.ts';
import { runChild, type ChildOutcome } from './child.ts';
import { storageError } from './storage-error.ts';

/** How to make the runs. */
export interface DriverOptions {
  /** The folder of all results; made when it is missing. */
  readonly out: string;
  /** Makes runs again that are done. */
  readonly force: boolean;
  /** Stops the current run and starts no other when it is aborted. */
  readonly signal: AbortSignal;
  /** Where progress is shown. */
  readonly stream: ProgressStream;
  /** The program that makes one run; by default `run-process.ts`. */
  readonly program?: URL;
}

/** A run that could not be finished. */
export interface FailedRun {
  /** How messages call it. */
  readonly label: string;
  /** Its folder. */
  readonly directory: string;
  /** The error's message. */
  readonly message: string;
  /** The error's stack. */
  readonly stack: string;
}

/** What became of a list of runs. */
export interface DriverResult {
  /** Runs that are done, now or before, in order. */
  readonly finished: readonly FinishedRun[];
  /** The run that failed; none was started after it. */
  readonly failed?: FailedRun;
  /** Whether the signal stopped it. */
  readonly interrupted: boolean;
}

/** A run that is done as its spec asks: verified, when that is wanted. Undefined when it has to be made. */
export function finishedRun(out: string, spec: RunSpec): FinishedRun | undefined {
  const directory = runDirectory(out, spec);
  if (!isComplete(directory)) return undefined;
  const summary = readSummary(directory);
  return spec.verify && summary.verified !== true ? undefined : { spec, summary };
}

/** What the runs that are done already tell about the time that loading takes. */
export function learnedEstimates(finished: readonly FinishedRun[]): RunEstimates {
  const estimates = new RunEstimates();
  for (const { summary } of finished) estimates.observeLoad(summary.loadedRecords, summary.loadS);
  return estimates;
}

/**
 * Makes the runs in order and stops at the first that fails.
 *
 * @throws {StorageError} when the disk is full or a folder cannot be written; finished runs are kept
 * @throws {ResultsError} when the files of a finished run cannot be read
 */
export async function makeRuns(specs: readonly RunSpec[], options: DriverOptions): Promise<DriverResult> {
  const { out, force, signal, stream } = options;
  const labels = runLabels(specs);
  const before = specs.map((spec) => (force ? undefined : finishedRun(out, spec)));
  const runs = specs.map((spec, index) => ({ spec, label: labels[index] ?? '' }));
  const estimates = learnedEstimates(before.filter((run) => run !== undefined));
  const progress = new SweepProgress(runs, stream, estimates);
  for (const [index, done] of before.entries()) if (done !== undefined) progress.skip(index);
  const finished: FinishedRun[] = [];
  for (const [index, { spec, label }] of runs.entries()) {
    const done = before[index];
    if (done !== undefined) {
      finished.push(done);
      continue;
    }
    if (signal.aborted) return { finished, interrupted: true };
    progress.begin(index);
    const outcome = await makeRun(spec, progress, options);
    progress.end(outcome.status);
    if (outcome.status === 'interrupted') return { finished, interrupted: true };
    if (outcome.status === 'failed') {
      const { message, stack } = outcome;
      return { finished, interrupted: false, failed: { label, directory: runDirectory(out, spec), message, stack } };
    }
    const summary = readSummary(runDirectory(out, spec));
    estimates.observeLoad(summary.loadedRecords, summary.loadS);
    finished.push({ spec, summary });
  }
  return { finished, interrupted: false };
}

/** Prepares the folder of one run, makes the run, and records an end other than done. */
async function makeRun(
  spec: RunSpec,
  progress: SweepProgress,
  { out, signal, program }: DriverOptions,
): Promise<ChildOutcome> {
  const directory = runDirectory(out, spec);
  const onDisk = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      const fault = error instanceof Error ? storageError(error.message, directory) : undefined;
      throw fault ?? error;
    }
  };
  onDisk(() => beginRun(directory, spec, readProvenance(new Date())));
  const outcome = await runChild({
    spec,
    directory,
    signal,
    onProgress: (message) => progress.update(message),
    ...(program === undefined ? {} : { program }),
  });
  if (outcome.status === 'interrupted') onDisk(() => abandonRun(directory, 'interrupted'));
  if (outcome.status === 'failed') {
    onDisk(() => abandonRun(directory, 'failed', outcome.stack));
    const fault = storageError(outcome.message, directory);
    if (fault !== undefined) throw fault;
  }
  return outcome;
}
