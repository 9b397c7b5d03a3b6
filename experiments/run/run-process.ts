/**
 * The process of one run: receives a RunSpec, runs it on worker threads, here and in other processes if it asks for several, samples the
 * process meanwhile, and writes the result files.
 */
import { cpus } from 'node:os';
import { FIRST_TICK } from 'megaphone-engine';
import { peersOf } from '../config/owners.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { workloadOf } from '../config/workload-of.ts';
import { Digest, type DigestValue, sameDigest } from '../metrics/digest.ts';
import { type MachineFloor, measureFloor } from '../metrics/floor.ts';
import { floorSeconds } from '../metrics/floor-seconds.ts';
import { writeHistogramLog } from '../metrics/hdr.ts';
import { ccdfRows, timelineRows } from '../metrics/latency-rows.ts';
import { type MergedEpochs, mergeEpochs, sumCounts } from '../metrics/merge-epochs.ts';
import { LiveRecorder, type LiveRun, type LiveShare } from '../metrics/live-sample.ts';
import { nearMigrations } from '../metrics/migration-epochs.ts';
import { measuredEpochs, summarize } from '../metrics/summary.ts';
import type { MigrationRow } from '../results/rows.ts';
import { writeResults } from '../results/run-writer.ts';
import { workloadInput, type WorkerResult } from './dataflow.ts';
import type { ChildMessage, RunMessage } from './messages.ts';
import type { ProgressListener } from './observation.ts';
import { launchShare, type Share } from './launch-share.ts';
import { type MergedObserved, mergeObserved } from './merge-observed.ts';
import type { Cluster } from './order-socket.ts';
import { PeerProcesses } from './peer-processes.ts';
import { plannedMigrations } from './scripted-migrations.ts';

function send(message: ChildMessage): void {
  process.send!(message);
}

/** Sends and hangs up: an open channel would keep the process alive. */
function sendLast(message: ChildMessage): void {
  process.send!(message, () => process.disconnect());
}

const progress: ProgressListener = (phase, elapsedS, totalS) => send({ type: 'progress', phase, elapsedS, totalS });

/** Shows samples with the progress of the first process, once it has any. */
function liveProgress(recorder: () => LiveRecorder): ProgressListener {
  return (phase, elapsedS, totalS, share) => {
    if (share === undefined) return progress(phase, elapsedS, totalS);
    recorder().add(0, share);
    send({ type: 'progress', phase, elapsedS, totalS, live: recorder().sample(elapsedS * 1e3) });
  };
}

async function run({ spec, directory, watchedFile, cluster }: RunMessage, signal: AbortSignal): Promise<DigestValue> {
  // Before other processes start: they would disturb it.
  const floor = await measureFloor(peersOf(spec), floorSeconds(spec.durationS));
  if (spec.topology.hosts !== undefined) progress('join', 0, 0);
  let watched: LiveRecorder | undefined;
  const recorder = (): LiveRecorder => (watched ??= new LiveRecorder(liveRun(spec, cluster)));
  const onLive = (process: number, share: LiveShare): void => recorder().add(process, share);
  const watch = watchedFile === undefined ? undefined : { file: watchedFile, onLive };
  const others = await PeerProcesses.start(spec, cluster, signal, watch);
  let shares: readonly Share[];
  try {
    const own = launchShare({ spec, processes: others?.ownOptions, watchedFile }, liveProgress(recorder), signal);
    shares = others === undefined ? [await own] : await others.withShares(own);
  } finally {
    others?.end();
  }
  const results = shares.flatMap((share) => share.results);
  const observed = mergeObserved(shares.map((share) => share.observed));
  const digest = new Digest();
  for (const result of results) digest.merge(result.digest);
  if (spec.verify) verify(spec, digest.value());
  progress('write', 0, 0);
  write(spec, directory, observed, results, { digest: digest.value(), floor, isWatched: watched !== undefined });
  return digest.value();
}

/** What of a run decides how it is shown while it goes on. */
function liveRun(spec: RunSpec, cluster: Cluster | undefined): LiveRun {
  const { processes, hosts } = spec.topology;
  return {
    schedule: workloadInput(spec).schedule,
    steps: spec.workload.variant === 'native' ? [] : plannedMigrations(spec).map((plan) => plan.steps.length),
    processes: hosts === undefined && cluster === undefined ? processes : 1,
    processesTotal: processes,
  };
}

/** Recomputes the outputs with the oracle. */
function verify(spec: RunSpec, found: DigestValue): void {
  progress('verify', 0, 0);
  const expected = new Digest();
  workloadOf(spec.workload).oracle(workloadInput(spec), (columns) => expected.addRow(columns));
  if (!sameDigest(found, expected.value())) {
    throw new Error(
      `the outputs differ from the oracle's: digest ${found.sum}/${found.records}, expected ${expected.toString()}`,
    );
  }
}

/** The record latencies of all workers, which every record of the schedule must have; undefined when the run does not ask for them. */
function mergedRecordEpochs(spec: RunSpec, results: readonly WorkerResult[]): MergedEpochs | undefined {
  if (spec.recordLatency !== true) return undefined;
  const merged = mergeEpochs(results.flatMap(({ recordEpochs }) => recordEpochs ?? []));
  const records = merged.epochs.reduce((sum, counts) => sum + counts.records, 0);
  const expected = workloadInput(spec).schedule.total;
  if (records !== expected) {
    throw new Error(`${records} records have a record latency, expected all ${expected} of the schedule`);
  }
  return merged;
}

function write(
  spec: RunSpec,
  directory: string,
  observed: MergedObserved,
  results: readonly WorkerResult[],
  {
    digest,
    floor,
    isWatched,
  }: { readonly digest: DigestValue; readonly floor: MachineFloor; readonly isWatched: boolean },
): void {
  const input = workloadInput(spec);
  const epochs = mergeEpochs(results.map((result) => result.epochs));
  const recordEpochs = mergedRecordEpochs(spec, results);
  const migrations = migrationRows(spec, results);
  const { memory, processMemory, scheduler, loadS, startedAtMs } = observed;
  const summary = summarize({
    durationS: spec.durationS,
    warmUpS: spec.warmUpS,
    epochs,
    ...(recordEpochs !== undefined && { recordEpochs }),
    offeredRecords: input.schedule.total,
    sentRecords: results.reduce((sent, result) => sent + result.sentInTime, 0),
    loadedRecords: workloadOf(spec.workload).description.loadedRecords(input),
    loadS,
    steps: migrations,
    memory,
    scheduler,
    // Stolen time is the whole machine's, not only of the processors that this process may use.
    cores: cpus().length,
    digest,
    floor,
    others: observed.others,
    ...(observed.clocks && { clocks: observed.clocks }),
    ...(spec.verify && { verified: true }),
    ...(isWatched && { watched: true }),
  });
  const fine = results.flatMap((result) => result.epochs.fine ?? []);
  writeResults(directory, {
    timeline: timelineRows(epochs),
    ...(fine.length > 0 && {
      migrationTimeline: timelineRows(nearMigrations(mergeEpochs(fine), summary.migrations)),
    }),
    ccdf: ccdfRows(sumCounts(measuredEpochs(epochs, spec.durationS, spec.warmUpS))),
    ...(recordEpochs !== undefined && {
      recordTimeline: timelineRows(recordEpochs),
      recordCcdf: ccdfRows(sumCounts(measuredEpochs(recordEpochs, spec.durationS, spec.warmUpS))),
    }),
    migrations,
    memory,
    ...(processMemory !== undefined && { processMemory }),
    scheduler,
    collections: results.flatMap((result) => result.collections),
    summary,
    histograms: (out) => writeHistogramLog(epochs, startedAtMs, out),
  });
}

/** One row per step: what the controller saw, and what all workers sent away. */
function migrationRows(spec: RunSpec, results: readonly WorkerResult[]): MigrationRow[] {
  const bytes = new Map<number, number>();
  for (const { time, bytes: sent } of results.flatMap((result) => result.departures)) {
    bytes.set(time, (bytes.get(time) ?? 0) + sent);
  }
  const seconds = (tick: number): number => ((tick - FIRST_TICK) * spec.tickNs) / 1e9;
  return results[0]!.steps.map((step) => ({
    migration: step.migration,
    step: step.step,
    timeTicks: step.time - FIRST_TICK,
    issuedS: seconds(step.issued),
    completedS: seconds(step.completed!),
    bins: step.bins,
    bytes: bytes.get(step.time) ?? 0,
  }));
}

const abort = new AbortController();
process.on('SIGINT', () => abort.abort());
// Nobody wants the results of a driver that is gone.
process.on('disconnect', () => abort.abort());
process.once('message', (message) => {
  run(message as RunMessage, abort.signal).then(
    (digest) => sendLast({ type: 'done', digest }),
    (error: unknown) => {
      if (abort.signal.aborted) {
        process.exit(130);
      }
      const { message: text, stack } = error instanceof Error ? error : new Error(String(error));
      sendLast({ type: 'failed', message: text, stack: stack ?? text });
    },
  );
});
