/**
 * Makes the runs of an experiment one after the other, each in a process of its own, and keeps account of them on disk: what is
 * done is not made again, unless it was made by other code.
 */
import { join } from 'node:path';
import { isLoopback } from 'megaphone-engine/runtime';
import { addressOf } from '../config/hosts.ts';
import { InputError } from '../config/input-error.ts';
import { runId } from '../config/run-id.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { RunEstimates } from '../report/estimate.ts';
import { runLabels } from '../report/labels.ts';
import { SweepProgress, type ProgressStream } from '../report/progress.ts';
import type { FinishedRun } from '../report/finished-run.ts';
import { commitLabel, presentCode, readProvenance } from '../results/provenance.ts';
import { beginRun, clearLeftovers, discardRun, failRun, publishRun } from '../results/run-attempt.ts';
import { failedDirectory, runDirectory } from '../results/run-folders.ts';
import { isRunFolder, readRun, tryReadRun } from '../results/run-reader.ts';
import type { Provenance } from '../results/run-record.ts';
import type { Cluster } from './order-socket.ts';
import { runOrder } from './run-order.ts';
import { runChild, type ChildOutcome } from './child.ts';
import { LiveSweep } from './live-sweep.ts';
import { buildTimely } from './timely/build.ts';
import { storageError } from './storage-error.ts';

/** How to make the runs. */
export interface DriverOptions {
  /** The folder of all results; made when it is missing. */
  readonly out: string;
  /** Makes runs again that are done; what is there stays until the new result is complete. */
  readonly force: boolean;
  /** Stops the current run and starts no other when it is aborted. */
  readonly signal: AbortSignal;
  /** Where progress is shown. */
  readonly stream: ProgressStream;
  /** How messages call the runs, in their order; by default by what tells them apart. */
  readonly labels?: readonly string[];
  /** The processes that take part, where they are started by somebody else. */
  readonly cluster?: Cluster | undefined;
  /** The program that makes one run; by default `run-process.ts`. */
  readonly program?: URL;
  /** Whether somebody watches the sweeps in these folders; by default who has left a mark there (see results/live-files.ts). */
  readonly isWatched?: (folders: readonly string[]) => boolean;
}

/** A run that could not be finished. */
export interface FailedRun {
  /** How messages call it. */
  readonly label: string;
  /** The folder with its error. */
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

/** A run that was done before. */
export interface EarlierRun extends FinishedRun {
  /** Where and with what it was made. */
  readonly provenance: Provenance;
}

/** There are results of other code where new ones are to go. */
export class OtherCodeError extends InputError {
  override name = 'OtherCodeError';
}

/**
 * A run that is done as its spec asks: verified, when that is wanted. Undefined when it has to be made; a run that cannot be read
 * counts as not made.
 *
 * @param onUnreadable - given a line about such a run
 */
export function earlierRun(
  out: string,
  spec: RunSpec,
  onUnreadable: (line: string) => void = () => {},
): EarlierRun | undefined {
  const directory = runDirectory(out, spec);
  if (!isRunFolder(directory)) return undefined;
  const run = tryReadRun(directory, onUnreadable);
  if (run === undefined || (spec.verify && run.summary.verified !== true)) return undefined;
  return { spec, summary: run.summary, provenance: run.provenance };
}

/** What becomes of an earlier run: `done before by commit 0123456789, skipped`. */
export function earlierLabel({ provenance }: EarlierRun, code = presentCode()): string {
  const commit = commitLabel(provenance);
  const done = commit === '' ? 'done before' : `done before by commit ${commit}`;
  return provenance.code === code ? `${done}, skipped` : `${done}, by other code: needs --force`;
}

/** What the runs that are done already tell about the time that loading takes. */
export function learnedEstimates(finished: readonly FinishedRun[]): RunEstimates {
  const estimates = new RunEstimates();
  for (const { summary } of finished) estimates.observeLoad(summary.loadedRecords, summary.loadS);
  return estimates;
}

/**
 * Makes the runs (see `runOrder`) and stops at the first that fails.
 *
 * @throws {OtherCodeError} when runs are there that other code has made, before any is made
 * @throws {StorageError} when the disk is full or a folder cannot be written; finished runs are kept
 */
export async function makeRuns(specs: readonly RunSpec[], options: DriverOptions): Promise<DriverResult> {
  const labels = options.labels ?? runLabels(specs);
  const names = new Map(specs.map((spec, index) => [runId(spec), labels[index] ?? '']));
  const result = await makeInOrder(runOrder(specs), names, options);
  const ids = specs.map((spec) => runId(spec));
  return {
    ...result,
    finished: result.finished.toSorted((a, b) => ids.indexOf(runId(a.spec)) - ids.indexOf(runId(b.spec))),
  };
}

async function makeInOrder(
  specs: readonly RunSpec[],
  names: ReadonlyMap<string, string>,
  options: DriverOptions,
): Promise<DriverResult> {
  const { out, force, signal, stream } = options;
  const before = specs.map((spec) => (force ? undefined : earlierRun(out, spec)));
  refuseOtherCode(out, before);
  for (const experiment of new Set(specs.map((spec) => spec.experiment))) clearLeftovers(join(out, experiment));
  const runs = specs.map((spec) => ({ spec, label: names.get(runId(spec)) ?? '' }));
  const isToMake = (spec: RunSpec, index: number): boolean => before[index] === undefined && spec.engine !== undefined;
  if (options.program === undefined && specs.some(isToMake)) await buildTimely(signal);
  const open = openHosts(specs.filter(isToMake));
  if (open.length > 0) {
    stream.write(
      `megaphone: the connections of timely dataflow know no token and no encryption; expected ${open.join(', ')} in a network that you trust\n`,
    );
  }
  const estimates = learnedEstimates(before.filter((run) => run !== undefined));
  const progress = new SweepProgress(runs, stream, estimates);
  for (const [index, done] of before.entries()) if (done !== undefined) progress.skip(index, earlierLabel(done));
  const skipped = before.map((done) => done && earlierLabel(done));
  const live = skipped.includes(undefined) ? new LiveSweep(out, runs, skipped, progress, options.isWatched) : undefined;
  const finished: FinishedRun[] = [];
  try {
    for (const [index, { spec, label }] of runs.entries()) {
      const done = before[index];
      if (done !== undefined) {
        finished.push(done);
        continue;
      }
      if (signal.aborted) return { finished, interrupted: true };
      progress.begin(index);
      live?.begin(index);
      const outcome = await makeRun(spec, progress, live, options);
      progress.end(outcome.status);
      if (outcome.status !== 'done') live?.unfinished(outcome);
      if (outcome.status === 'interrupted') return { finished, interrupted: true };
      const directory = runDirectory(out, spec);
      if (outcome.status === 'failed') {
        const { message, stack } = outcome;
        const failed = { label, directory: failedDirectory(directory), message, stack };
        return { finished, interrupted: false, failed };
      }
      const run = readRun(directory);
      live?.done(run);
      const { summary } = run;
      estimates.observeLoad(summary.loadedRecords, summary.loadS);
      finished.push({ spec, summary });
    }
    return { finished, interrupted: false };
  } finally {
    live?.over();
  }
}

/** The hosts of several in a run that can be reached from elsewhere than their own machine. */
function openHosts(specs: readonly RunSpec[]): string[] {
  const hosts = specs.flatMap(({ topology }) => (topology.processes > 1 ? (topology.hosts ?? []) : []));
  return [...new Set(hosts.map((host, index) => addressOf(host, index).host))].filter((host) => !isLoopback(host));
}

/**
 * Refuses to go on where other code has made some of the runs: numbers of two versions do not belong into one table.
 *
 * @param before - what is done of each run of one experiment
 * @throws {OtherCodeError} when there are such runs
 */
export function refuseOtherCode(out: string, before: readonly (EarlierRun | undefined)[]): void {
  const done = before.filter((run) => run !== undefined);
  const code = presentCode();
  const others = done.filter(({ provenance }) => provenance.code !== code);
  const [first] = others;
  if (first === undefined) return;
  const commit = commitLabel(first.provenance);
  throw new OtherCodeError(
    `${join(out, first.spec.experiment)}: other code${commit === '' ? '' : ` (commit ${commit})`} made ${others.length} of the ` +
      `${before.length} runs there; --force makes them again, --out elsewhere keeps both`,
  );
}

/** Makes one run in a folder of its own, and publishes it, or keeps its error. */
async function makeRun(
  spec: RunSpec,
  progress: SweepProgress,
  live: LiveSweep | undefined,
  { out, signal, program, force, cluster }: DriverOptions,
): Promise<ChildOutcome> {
  const directory = runDirectory(out, spec);
  const onDisk = <T>(write: () => T): T => {
    try {
      return write();
    } catch (error) {
      const fault = error instanceof Error ? storageError(error.message, directory) : undefined;
      throw fault ?? error;
    }
  };
  const attempt = onDisk(() => beginRun(directory, spec, readProvenance(new Date())));
  const outcome = await runChild({
    spec,
    directory: attempt,
    signal,
    ...(live && { watchedFile: live.watchedFile }),
    onProgress: (message) => {
      progress.update(message);
      live?.progress(message);
    },
    ...(program === undefined ? {} : { program }),
    ...(cluster === undefined ? {} : { cluster }),
  });
  switch (outcome.status) {
    case 'done': {
      const isOurs = onDisk(() => publishRun(attempt, directory, () => !force && earlierRun(out, spec) !== undefined));
      if (!isOurs) progress.note('somebody else has finished it meanwhile: theirs is kept');
      break;
    }
    case 'interrupted':
      discardRun(attempt);
      break;
    case 'failed': {
      onDisk(() => failRun(attempt, directory, outcome.stack));
      const fault = storageError(outcome.message, directory);
      if (fault !== undefined) throw fault;
    }
  }
  return outcome;
}
