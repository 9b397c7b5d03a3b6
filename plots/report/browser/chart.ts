/** What the panel's charts share: the charting library, axes of latencies, and how a chart follows the width of its place. */
import type Plot from 'uplot';
import { formatLatency } from '../../../experiments/config/quantity.ts';
import { palette } from './palette.ts';

/** The library, which the page holds as a script of its own. */
export const ChartLibrary = (globalThis as unknown as { readonly uPlot: typeof Plot }).uPlot;

/** How latencies are scaled. */
export type LatencyScale = 'log' | 'linear';

const FONT = '12px system-ui, sans-serif';

/** The latency scale of a chart; values are in nanoseconds. */
export function latencyScale(scale: LatencyScale): Plot.Scale {
  if (scale === 'linear') return { range: (_, _min, max) => [0, (max || 1) * 1.06] };
  return {
    distr: 3,
    range: (_, min, max) => [
      10 ** Math.floor(Math.log10(Math.max(1, min || 1))),
      10 ** Math.ceil(Math.log10(Math.max(10, max || 10) * 1.01)),
    ],
  };
}

/** The axis of latencies. */
export function latencyAxis(scale: LatencyScale): Plot.Axis {
  const { text, grid } = palette();
  return {
    scale: 'y',
    stroke: text,
    font: FONT,
    size: 64,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 4 },
    values: (_, splits) =>
      splits.map((split) =>
        scale === 'log' && !Number.isInteger(Math.round(Math.log10(split) * 1e9) / 1e9) ? '' : formatLatency(split),
      ),
  };
}

/** An axis along the foot of a chart. */
export function footAxis(options: Plot.Axis): Plot.Axis {
  const { text, grid } = palette();
  return {
    stroke: text,
    font: FONT,
    labelFont: FONT,
    labelSize: 20,
    size: 32,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 4 },
    ...options,
  };
}

/** Draws a dashed line across the plot at a latency, where it is in range. */
export function drawTarget(chart: Plot, limitNs: number | undefined): void {
  if (limitNs === undefined) return;
  const y = Math.round(chart.valToPos(limitNs, 'y', true));
  const { left, top, width, height } = chart.bbox;
  if (!(y >= top && y <= top + height)) return;
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = palette().target;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([8 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(left + width, y);
  ctx.stroke();
  ctx.restore();
}

/** A box beside the cursor. Its place is within the parent, which is positioned. */
export class Tooltip {
  readonly #box = document.createElement('div');

  /** Adds the box to a chart's place. */
  constructor(parent: HTMLElement) {
    this.#box.className = 'tooltip';
    this.#box.setAttribute('role', 'status');
    this.#box.hidden = true;
    parent.append(this.#box);
  }

  /** Shows lines at a point of the parent, on the side that has more room. The first is a heading. */
  show(x: number, y: number, [heading, ...lines]: readonly (string | Node)[]): void {
    const title = document.createElement('b');
    title.append(heading ?? '');
    this.#box.replaceChildren(
      title,
      ...lines.map((line) => {
        const row = document.createElement('div');
        row.append(line);
        return row;
      }),
    );
    this.#box.hidden = false;
    const room = this.#box.parentElement?.clientWidth ?? 0;
    const width = this.#box.offsetWidth;
    const left = x + 14 + width <= room ? x + 14 : Math.max(0, x - 14 - width);
    this.#box.style.left = `${Math.max(0, Math.min(left, room - width))}px`;
    this.#box.style.top = `${y}px`;
  }

  /** Hides it. */
  hide(): void {
    this.#box.hidden = true;
  }
}
