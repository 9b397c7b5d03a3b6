/** What threads that are not workers take of a run, by V8's flags in turn, and what it does to the latencies. */
import { launch } from 'megaphone-engine/runtime';
import { peersOf } from '../config/owners.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { HdrConverter } from '../metrics/hdr.ts';
import { mergeEpochs, sumCounts } from '../metrics/merge-epochs.ts';
import { ProcessSampler } from '../metrics/process-sampler.ts';
import { measuredEpochs } from '../metrics/summary.ts';
import type { WorkerResult } from '../run/dataflow.ts';
import { RUN_FLAGS } from '../run/run-flags.ts';
import { median } from './bench-rows.ts';
import { inOwnProcess } from './own-process.ts';
import { steadySpec } from './steady-state.ts';
import { plainRow, type Suite, wordCount } from './suite.ts';

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  collector: ['--single-threaded-gc', '--no-memory-reducer'],
  run: RUN_FLAGS,
};
const RATE_PER_SECOND = 0.5e6;

/** What one run showed. */
export interface Quietness {
  /** How many times a thread that is no worker was given a processor. */
  readonly slices: number;
  /** How long all of them had one. */
  readonly othersMs: number;
  /** Their share of the processor time of the process. */
  readonly share: number;
  /** 99th percentile of the latencies outside of the warm-up. */
  readonly p99Ns: number;
}

/** key-count at a moderate rate. */
export const quietSuite: Suite = async ({ repetitions, quick }, show) => {
  const spec = steadySpec(wordCount('key-count', 'megaphone', quick ? 1e6 : 32e6), RATE_PER_SECOND, quick ? 9 : 20);
  const runs = new Map<string, Quietness[]>(Object.keys(FLAGS).map((name) => [name, []]));
  for (let i = 0; i < repetitions; i++) {
    for (const [name, flags] of Object.entries(FLAGS)) {
      runs.get(name)!.push(await inOwnProcess<Quietness>(new URL(import.meta.url), 'runQuietly', [spec], flags));
    }
  }
  for (const [name, turns] of runs) {
    const middle = (field: keyof Quietness): number => median(turns.map((turn) => turn[field]));
    show(plainRow('other threads', name, 'slices', '', middle('slices')));
    show(plainRow('other threads', name, 'time', 'ms', middle('othersMs')));
    show(plainRow('other threads', name, 'share', '%', middle('share') * 100));
    show(plainRow('other threads', name, 'p99', 'us', middle('p99Ns') / 1e3));
  }
};

/** Runs the spec; counts from the end of the warm-up to the end of the schedule. */
export async function runQuietly(spec: RunSpec): Promise<Quietness> {
  const sampler = new ProcessSampler((message) => process.stderr.write(`${message}\n`));
  let others = { onCpuNs: 0, slices: 0 };
  let workersNs = 0;
  const timers: NodeJS.Timeout[] = [];
  const results = await launch<WorkerResult>({
    module: new URL('../run/dataflow.ts', import.meta.url),
    program: 'runWorkload',
    args: spec,
    peers: peersOf(spec),
    tickNs: spec.tickNs,
    onBuilt: (threadIds) => threadIds.forEach((id, worker) => sampler.watch(worker, id ?? undefined)),
    onStarted: () => {
      const atS = (seconds: number, action: () => void): void => void timers.push(setTimeout(action, seconds * 1e3));
      atS(spec.warmUpS, () => sampler.start());
      atS(spec.durationS - 0.1, () => {
        others = sampler.others();
        workersNs = sampler.schedulerRows(0).reduce((sum, { onCpuNs }) => sum + onCpuNs, 0);
      });
    },
  }).results;
  for (const timer of timers) clearTimeout(timer);
  const merged = mergeEpochs(results.map(({ epochs }) => epochs));
  const converter = new HdrConverter();
  const counts = sumCounts(measuredEpochs(merged, spec.durationS, spec.warmUpS));
  const [p99Ns] = converter.percentilesNs(counts, [99]);
  converter.close();
  const { onCpuNs, slices } = others;
  return { slices, othersMs: onCpuNs / 1e6, share: onCpuNs / (onCpuNs + workersNs), p99Ns: p99Ns! };
}
