/** Epochs in which the machine disturbed the workers: another thread or another machine had their processors. */
import type { Run } from '../experiments/results/run-reader.ts';
import { epochS } from './epochs.ts';

/** From this share of an epoch on, waiting for a processor or losing it is worth a mark. */
export const NOTABLE_SHARE = 0.04;

/** A span of time. */
export interface DisturbedSpan {
  /** Its start. */
  readonly fromS: number;
  /** Its end. */
  readonly toS: number;
}

/** Spans of epochs in which some worker was runnable without a processor, or a hypervisor took time from the machine, for a notable share. */
export function disturbedSpans({ scheduler, timeline, provenance }: Run): DisturbedSpan[] {
  const length = epochS(timeline);
  const disturbed = new Set(
    scheduler
      .filter(
        ({ runQueueWaitNs, stealMs }) =>
          Math.max(runQueueWaitNs / 1e9, stealMs / 1e3 / provenance.cores) >= NOTABLE_SHARE * length,
      )
      .map(({ epoch }) => epoch),
  );
  const spans: DisturbedSpan[] = [];
  for (const epoch of [...disturbed].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    const fromS = epoch * length;
    if (last !== undefined && last.toS >= fromS - length / 2)
      spans[spans.length - 1] = { ...last, toS: fromS + length };
    else spans.push({ fromS, toS: fromS + length });
  }
  return length === 0 ? [] : spans;
}

/** The layer that marks them at the foot of a panel of this height; the x field is in seconds. */
export function disturbedMarks(spans: readonly DisturbedSpan[], panelHeightPx: number, colour: string) {
  if (spans.length === 0) return [];
  return [
    {
      data: { values: spans },
      mark: { type: 'rect', color: colour, clip: true },
      encoding: {
        x: { field: 'fromS', type: 'quantitative' },
        x2: { field: 'toS' },
        y: { value: panelHeightPx - 5 },
        y2: { value: panelHeightPx },
      },
    },
  ] as const;
}
