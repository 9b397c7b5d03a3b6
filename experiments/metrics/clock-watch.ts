/**
 * Looks at a clock until a time has passed, and says what a record that was due between two looks waited. Looking and
 * reckoning are apart: a thread that counts meanwhile leaves more to its collector, whose pauses would pass for the
 * machine's.
 */
import { CLOSED, type Schedule, timestampOf } from 'megaphone-engine';
import { EpochHistograms, type WorkerEpochs } from './epoch-histograms.ts';
import { FrontierLatency } from './frontier-latency.ts';

/** Records are due each microsecond: each tick. */
const PER_SECOND = 1_000_000;

/** A look is kept if the last one kept is as long ago: a quarter of what separates two records. */
const BETWEEN_LOOKS_MS = 0.25e-3;

/** Room for the looks of `durationS`. */
export function roomForLooks(durationS: number): Float64Array {
  // Written to, so that the first look at a page does not wait for it.
  return new Float64Array(Math.ceil((durationS * 1e3) / BETWEEN_LOOKS_MS) + 2).fill(1);
}

/** Looks for `durationS`, keeps in `looks` when it did (ms), and returns how many it kept; the thread does nothing else meanwhile. */
export function lookAtClock(durationS: number, looks: Float64Array): number {
  const startMs = performance.now();
  const endMs = startMs + durationS * 1e3;
  let kept = 1;
  let lastMs = startMs;
  looks[0] = startMs;
  while (lastMs < endMs) {
    const nowMs = performance.now();
    if (nowMs - lastMs >= BETWEEN_LOOKS_MS) {
      looks[kept++] = nowMs;
      lastMs = nowMs;
    }
  }
  return kept;
}

/** What the records of the `durationS` since the first look waited: each until the first look after its tick; the last look is after all. */
export function waitsBetween(looks: Float64Array, durationS: number): WorkerEpochs {
  const total = Math.round(durationS * PER_SECOND);
  const schedule: Schedule & { readonly ratePerSecond: number } = {
    ratePerSecond: PER_SECOND,
    total,
    intendedTick: (n) => n,
    dueAt: (tick) => Math.max(0, Math.min(total, tick + 1)),
  };
  const startMs = looks[0]!;
  let seenMs = startMs;
  const frontier = (): number => {
    const ticks = Math.floor((seenMs - startMs) * 1e3);
    return ticks >= total ? CLOSED : timestampOf(ticks);
  };
  const latency = new FrontierLatency(schedule, { frontier }, 0, 1, () => seenMs, new EpochHistograms());
  latency.start(startMs);
  for (let i = 1; i < looks.length; i++) {
    seenMs = looks[i]!;
    latency.update();
  }
  return latency.finish();
}
