/** What a system that has next to nothing to do takes of its processors. */
import { launch } from 'megaphone-engine/runtime';
import { peersOf } from '../config/owners.ts';
import type { RunSpec } from '../config/run-spec.ts';
import { ProcessSampler } from '../metrics/process-sampler.ts';
import { median } from './bench-rows.ts';
import { inOwnProcess } from './own-process.ts';
import { steadySpec } from './steady-state.ts';
import { PEERS, plainRow, type Suite, VARIANTS, wordCount } from './suite.ts';

/** Records per second of both workers together: few, and next to none. */
const RATES = [1000 * PEERS, 1];

/** The share of a processor that each worker thread takes, the greatest of all workers. */
export const idleSuite: Suite = async ({ repetitions, quick }, show) => {
  for (const ratePerSecond of RATES) {
    for (const variant of VARIANTS) {
      const spec = steadySpec(wordCount('key-count', variant, 1e4), ratePerSecond, quick ? 2 : 10);
      const shares: number[] = [];
      for (let i = 0; i < repetitions; i++) {
        shares.push(await inOwnProcess<number>(new URL(import.meta.url), 'busiestShare', [spec]));
      }
      const name = ratePerSecond === 1 ? 'idle without data' : `idle at ${ratePerSecond}/s`;
      show(plainRow(name, variant, 'processor per worker', '%', median(shares) * 100));
    }
  }
};

/** Runs the spec; the processor time of the busiest worker over the time of the second half of the schedule. */
export async function busiestShare(spec: RunSpec): Promise<number> {
  const sampler = new ProcessSampler((message) => process.stderr.write(`${message}\n`));
  let half: NodeJS.Timeout | undefined;
  let end: NodeJS.Timeout | undefined;
  let sinceMs = 0;
  let share = 0;
  await launch({
    module: new URL('../run/dataflow.ts', import.meta.url),
    program: 'runWorkload',
    args: spec,
    peers: peersOf(spec),
    tickNs: spec.tickNs,
    onBuilt: (threadIds) => threadIds.forEach((id, worker) => sampler.watch(worker, id ?? undefined)),
    onStarted: () => {
      half = setTimeout(() => {
        sampler.start();
        sinceMs = performance.now();
      }, spec.durationS * 500);
      end = setTimeout(() => {
        const elapsedNs = (performance.now() - sinceMs) * 1e6;
        share = Math.max(...sampler.schedulerRows(0).map(({ onCpuNs }) => onCpuNs / elapsedNs));
      }, spec.durationS * 950);
    },
  }).results;
  clearTimeout(half);
  clearTimeout(end);
  return share;
}
