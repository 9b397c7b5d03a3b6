/** Runs the share of a run's workers that one process has. */
import { launch, type ProcessOptions } from 'megaphone-engine/runtime';
import { peersOf } from '../config/owners.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { WorkerArguments, WorkerResult } from './dataflow.ts';
import { Observation, type Observed, type ProgressListener } from './observation.ts';
import { launchTimely } from './timely/launch.ts';

/** What a process brings home. */
export interface Share {
  /** The results of its workers. */
  readonly results: readonly WorkerResult[];
  /** What was observed in it. */
  readonly observed: Observed;
}

/** What a process runs. */
export interface ShareOptions {
  /** The run. */
  readonly spec: RunSpec;
  /** Which process of the run this is; absent when it has all workers. */
  readonly processes: ProcessOptions | undefined;
  /** From when on this file exists the workers tell of themselves while they run; undefined when nobody can watch. */
  readonly watchedFile: string | undefined;
}

/** Runs this process's workers on the engine of the run. */
export async function launchShare(
  options: ShareOptions,
  onProgress: ProgressListener,
  signal: AbortSignal,
): Promise<Share> {
  const { spec, processes, watchedFile } = options;
  if (spec.engine !== undefined) return launchTimely(options, onProgress, signal);
  const observation = new Observation(spec, (processes?.index ?? 0) * spec.topology.workers, watchedFile, onProgress);
  const args: WorkerArguments = { ...spec, rings: observation.rings };
  let results: WorkerResult[];
  try {
    results = await launch<WorkerResult>({
      module: new URL('./dataflow.ts', import.meta.url),
      program: 'runWorkload',
      args,
      peers: peersOf(spec),
      ...(processes && { processes }),
      tickNs: spec.tickNs,
      signal,
      onBuilt: (threadIds, stats) => observation.built(threadIds, stats),
      onConnected: (wallOffsetMs, roundTripMs) => observation.connected(wallOffsetMs, roundTripMs),
      onNote: (line) => process.stderr.write(`${line}\n`),
      onStarted: (startMs) => observation.started(startMs),
    }).results;
  } finally {
    observation.stop();
  }
  return { results, observed: observation.observed };
}
