/** Runs the share of a run's workers that one process has. */
import { launch, type ProcessOptions } from 'megaphone-engine/runtime';
import { peersOf } from '../config/owners.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { WorkerResult } from './dataflow.ts';
import type { Observation } from './observation.ts';

/** The results of this process's workers; `processes` is absent when it has all. */
export function launchShare(
  spec: RunSpec,
  processes: ProcessOptions | undefined,
  observation: Observation,
  signal: AbortSignal,
): Promise<WorkerResult[]> {
  return launch<WorkerResult>({
    module: new URL('./dataflow.ts', import.meta.url),
    program: 'runWorkload',
    args: spec,
    peers: peersOf(spec),
    ...(processes && { processes }),
    tickNs: spec.tickNs,
    signal,
    onBuilt: (threadIds, stats) => observation.built(threadIds, stats),
    onConnected: (wallOffsetMs, roundTripMs) => observation.connected(wallOffsetMs, roundTripMs),
    onNote: (line) => process.stderr.write(`${line}\n`),
    onStarted: (startMs) => observation.started(startMs),
  }).results;
}
