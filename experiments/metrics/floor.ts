/**
 * The machine's floor: latencies of a system that does nothing. Threads look at the clock again and again; a record that
 * is due between two looks is complete at the second one. Records are due each microsecond on each thread, and counted as
 * a run counts its own: so a gap of 1 ms has a record that waited 1 ms, one that waited 999 us and so on.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WorkerEpochs } from './epoch-histograms.ts';
import { HdrConverter } from './hdr.ts';
import { mergeEpochs, sumCounts } from './merge-epochs.ts';

/** Percentiles of the machine's floor. */
export interface MachineFloor {
  /** Median. */
  readonly p50Ns: number;
  /** 99th percentile. */
  readonly p99Ns: number;
  /** 99.9th percentile. */
  readonly p999Ns: number;
  /** The longest wait. */
  readonly maxNs: number;
}

/** What a thread is given. */
export interface FloorThreadData {
  /** How long it looks at the clock. */
  readonly durationS: number;
}

/** Measures with as many threads as a run has workers; they have ended when it returns. */
export async function measureFloor(workers: number, durationS: number): Promise<MachineFloor> {
  const workerData: FloorThreadData = { durationS };
  const threads = Array.from(
    { length: workers },
    (_, worker) => new Worker(new URL('./floor-thread.ts', import.meta.url), { workerData, name: `floor-${worker}` }),
  );
  try {
    const messages = await Promise.all(threads.map((thread) => once(thread, 'message')));
    return machineFloor(messages.map(([epochs]) => epochs as WorkerEpochs));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** The percentiles of what the threads recorded; of one or more threads. */
export function machineFloor(threads: readonly WorkerEpochs[]): MachineFloor {
  const counts = sumCounts(mergeEpochs(threads).epochs);
  const converter = new HdrConverter();
  try {
    const [p50Ns, p99Ns, p999Ns] = converter.percentilesNs(counts, [50, 99, 99.9]);
    return { p50Ns: p50Ns!, p99Ns: p99Ns!, p999Ns: p999Ns!, maxNs: counts.maxNs };
  } finally {
    converter.close();
  }
}
