/** Looks at a clock until a time has passed, and records what a record that was due between two looks waited. */
import { CLOSED, type Schedule, timestampOf } from 'megaphone-engine';
import { EpochHistograms, type WorkerEpochs } from './epoch-histograms.ts';
import { FrontierLatency } from './frontier-latency.ts';

/** Records are due each microsecond: each tick. */
const PER_SECOND = 1_000_000;

/** Watches `nowMs` for `durationS`; the thread does nothing else meanwhile. */
export function watchClock(durationS: number, nowMs: () => number = () => performance.now()): WorkerEpochs {
  const total = Math.round(durationS * PER_SECOND);
  const schedule: Schedule & { readonly ratePerSecond: number } = {
    ratePerSecond: PER_SECOND,
    total,
    intendedTick: (n) => n,
    dueAt: (tick) => Math.max(0, Math.min(total, tick + 1)),
  };
  const startMs = nowMs();
  let seenMs = startMs;
  // A tick is over, and its record complete, at the first look after its end.
  const frontier = (): number => {
    const ticks = Math.floor((seenMs - startMs) * 1e3);
    return ticks >= total ? CLOSED : timestampOf(ticks);
  };
  const latency = new FrontierLatency(schedule, { frontier }, 0, 1, () => seenMs, new EpochHistograms());
  latency.start(startMs);
  while (frontier() !== CLOSED) {
    seenMs = nowMs();
    latency.update();
  }
  return latency.finish();
}
