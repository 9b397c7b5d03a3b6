/** Open loop at a moderate rate: the latency of a system that is not loaded, by the harness's own run. */
import { launch } from 'megaphone-engine/runtime';
import { peersOf } from '../config/owners.ts';
import type { RunSpec, WorkloadSpec } from '../config/run-spec.ts';
import { HdrConverter } from '../metrics/hdr.ts';
import { mergeEpochs, sumCounts } from '../metrics/merge-epochs.ts';
import { measuredEpochs } from '../metrics/summary.ts';
import type { Measures, WorkerArguments, WorkerResult } from '../run/dataflow.ts';

/** Percentiles of a run, and whether it kept up. */
export interface SteadyState {
  /** Median latency. */
  readonly p50Ns: number;
  /** 99th percentile. */
  readonly p99Ns: number;
  /** 99.9th percentile. */
  readonly p999Ns: number;
  /** Share of the offered records that were sent in time. */
  readonly sentShare: number;
  /** Median latency in the first second after the warm-up. */
  readonly firstP50Ns: number;
  /** Median latency in the last second before the warm-up's counterpart: much higher when a backlog grows. */
  readonly lastP50Ns: number;
  /** From the start barrier to the end of the last worker. */
  readonly elapsedS: number;
}

/** A run without migrations and without files. */
export function steadySpec(workload: WorkloadSpec, ratePerSecond: number, durationS: number): RunSpec {
  return {
    experiment: 'bench',
    title: 'bench',
    figure: 'timeline',
    scale: 'laptop',
    workload,
    topology: { processes: 1, workers: 2 },
    binShift: 12,
    ratePerSecond,
    durationS,
    warmUpS: 4,
    seed: 1,
    tickNs: 1000,
    lookaheadTicks: 250,
    initial: { name: 'balanced' },
    migrations: [],
    strategy: { name: 'all-at-once', gapMs: 0 },
    handoff: 'copy',
    preTouch: 'all',
    verify: false,
    repeat: 1,
  };
}

/** Runs the spec and returns the latencies outside of the warm-up: all 0 when they are not measured. */
export async function runSteadyState(
  spec: RunSpec,
  measures: Measures = { latency: true, digest: true },
): Promise<SteadyState> {
  const args: WorkerArguments = { ...spec, measures };
  let startMs = 0;
  const results = await launch<WorkerResult>({
    module: new URL('../run/dataflow.ts', import.meta.url),
    program: 'runWorkload',
    args,
    peers: peersOf(spec),
    tickNs: spec.tickNs,
    onStarted: (atMs) => (startMs = atMs),
  }).results;
  const elapsedS = (performance.now() - startMs) / 1e3;
  const merged = mergeEpochs(results.map((result) => result.epochs));
  const epochs = measuredEpochs(merged, spec.durationS, spec.warmUpS);
  const epochsPerSecond = 1e9 / merged.epochNs;
  const converter = new HdrConverter();
  const medianOf = (part: typeof epochs): number => converter.percentilesNs(sumCounts(part), [50])[0]!;
  const [p50Ns, p99Ns, p999Ns] = converter.percentilesNs(sumCounts(epochs), [50, 99, 99.9]);
  const firstP50Ns = medianOf(epochs.slice(0, epochsPerSecond));
  const lastP50Ns = medianOf(epochs.slice(-epochsPerSecond));
  converter.close();
  const sent = results.reduce((records, result) => records + result.sentInTime, 0);
  return {
    p50Ns: p50Ns!,
    p99Ns: p99Ns!,
    p999Ns: p999Ns!,
    sentShare: sent / Math.round(spec.ratePerSecond * spec.durationS),
    firstP50Ns,
    lastP50Ns,
    elapsedS,
  };
}
