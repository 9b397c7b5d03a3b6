/** A chart of a run that goes on: lines over the time since its start, and bands where migration steps were under way. */
import type Plot from 'uplot';
import { formatBytes, formatLatency, plural } from '../../../experiments/config/quantity.ts';
import type { LiveBand } from '../../../experiments/metrics/live-sample.ts';
import { ChartLibrary, footAxis, latencyAxis, Tooltip } from '../../report/browser/chart.ts';
import { element } from '../../report/browser/dom.ts';
import { palette, seriesColour } from '../../report/browser/palette.ts';

/** A line of a chart. */
export interface ChartLine {
  /** What it shows. */
  readonly label: string;
  /** Its place among the colours. */
  readonly colour: number;
  /** Its dashes; empty for none. */
  readonly dash: readonly number[];
}

/** What a chart shows. */
export interface ChartOptions {
  /** Its heading. */
  readonly title: string;
  /** Its lines. */
  readonly lines: readonly ChartLine[];
  /** How its values are scaled. */
  readonly scale: Plot.Scale;
  /** A value in words. */
  readonly format: (value: number) => string;
  /** Distances that the marks of its axis may have; by default 1, 2 and 5 with zeros. */
  readonly steps?: readonly number[];
  /** Whether the axis is that of latencies on a logarithmic scale. */
  readonly isLatency?: boolean;
  /** Whether the values of a time hold until the next (epochs); otherwise lines lead from one to the next (samples). */
  readonly isStepped?: boolean;
}

/** Values of the lines over time. */
export interface ChartData {
  /** Seconds since the start, ascending. */
  readonly timesS: readonly number[];
  /** By line, a value per time. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Migration steps. */
  readonly bands: readonly LiveBand[];
  /** The time up to which the axis goes. */
  readonly durationS: number;
  /** The present, for steps that are under way. */
  readonly nowS: number;
}

const HEIGHT_PX = 190;

/** Steps in words. */
export function bandText({ migration, first, last, of, bins, bytes, fromS, toS }: LiveBand): string {
  const steps = first === last ? `step ${first}` : `steps ${first} to ${last}`;
  const time = toS === null ? 'under way' : formatLatency((toS - fromS) * 1e9);
  return `migration ${migration}, ${steps} of ${of}: ${plural(bins, 'bin')}, ${formatBytes(bytes)} (at ${fromS.toFixed(2)} s, ${time})`;
}

/** A chart that is drawn again and again. */
export class LiveChart {
  readonly #options: ChartOptions;
  readonly #plot = element('div', { class: 'plot live', role: 'img' });
  readonly #legend = element('div', { class: 'legend' });
  readonly #tooltip = new Tooltip(this.#plot);
  readonly #observer: ResizeObserver;
  #chart: Plot | undefined;
  #data: ChartData = { timesS: [], values: [], bands: [], durationS: 1, nowS: 0 };

  /** Adds the chart to its place. */
  constructor(place: HTMLElement, options: ChartOptions) {
    this.#options = options;
    this.#plot.setAttribute('aria-label', `${options.title} over time`);
    place.append(
      element('figure', { class: 'live-chart' }, element('figcaption', {}, options.title), this.#legend, this.#plot),
    );
    this.#observer = new ResizeObserver(() =>
      this.#chart?.setSize({ width: this.#plot.clientWidth, height: HEIGHT_PX }),
    );
    this.#observer.observe(this.#plot);
  }

  /** Shows other data. */
  draw(data: ChartData): void {
    this.#data = data;
    if (this.#chart === undefined) this.redraw();
    else this.#chart.setData(this.#aligned());
  }

  /** Draws anew, in the colours of the present. */
  redraw(): void {
    this.#chart?.destroy();
    this.#drawLegend();
    const { lines, scale, format, steps, isLatency = false, isStepped = false } = this.#options;
    const axis = latencyAxis(isLatency ? 'log' : 'linear');
    this.#chart = new ChartLibrary(
      {
        width: this.#plot.clientWidth,
        height: HEIGHT_PX,
        legend: { show: false },
        padding: [8, 12, 0, 0],
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        scales: { x: { time: false, range: () => [0, this.#data.durationS] }, y: scale },
        axes: [
          footAxis({ label: 'time since start (s)', values: (_, splits) => splits.map(String) }),
          isLatency
            ? axis
            : { ...axis, ...(steps && { incrs: [...steps] }), values: (_, splits) => splits.map(format) },
        ],
        series: [
          {},
          ...lines.map(({ label, colour, dash }) => ({
            label,
            scale: 'y',
            stroke: seriesColour(colour),
            width: 1.75,
            dash: [...dash],
            points: { show: false },
            spanGaps: false,
            ...(isStepped && { paths: ChartLibrary.paths.stepped!({ align: 1 }) }),
          })),
        ],
        hooks: {
          drawClear: [(chart) => this.#drawBands(chart)],
          setCursor: [(chart) => this.#hover(chart)],
        },
      },
      this.#aligned(),
      this.#plot,
    );
    this.#chart.over.addEventListener('mouseleave', () => this.#tooltip.hide());
  }

  /** Ends it. */
  remove(): void {
    this.#observer.disconnect();
    this.#chart?.destroy();
  }

  #aligned(): Plot.AlignedData {
    return [this.#data.timesS, ...this.#data.values] as Plot.AlignedData;
  }

  #drawLegend(): void {
    const { lines } = this.#options;
    this.#legend.replaceChildren(
      ...lines.map(({ label, colour, dash }) => {
        const mark = element('span', { class: 'mark line' });
        mark.style.borderTop = `2px ${dash.length === 0 ? 'solid' : 'dashed'} ${seriesColour(colour)}`;
        return element('span', { class: 'key' }, mark, label);
      }),
      element('span', { class: 'key' }, element('span', { class: 'mark migration' }), 'migration'),
    );
  }

  #drawBands(chart: Plot): void {
    const { ctx, bbox } = chart;
    const { bands, nowS } = this.#data;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = palette().migration;
    for (const { fromS, toS } of bands) {
      const from = chart.valToPos(fromS, 'x', true);
      const width = chart.valToPos(toS ?? nowS, 'x', true) - from;
      ctx.fillRect(from, bbox.top, Math.max(2 * devicePixelRatio, width), bbox.height);
    }
    ctx.restore();
  }

  #hover(chart: Plot): void {
    const { left, idx } = chart.cursor;
    const { timesS, values, bands, nowS } = this.#data;
    if (left === undefined || left < 0 || idx === null || idx === undefined) {
      this.#tooltip.hide();
      return;
    }
    const timeS = chart.posToVal(left, 'x');
    const marginS = Math.abs(chart.posToVal(left + 3, 'x') - timeS);
    const near = bands.find(({ fromS, toS }) => timeS >= fromS - marginS && timeS <= (toS ?? nowS) + marginS);
    const lines = this.#options.lines.map(({ label }, line) => {
      const value = values[line]?.[idx];
      return `${label} ${value === null || value === undefined ? '-' : this.#options.format(value)}`;
    });
    const steps = near === undefined ? [] : [bandText(near)];
    this.#tooltip.show(left + chart.over.offsetLeft, 8, [`${(timesS[idx] ?? 0).toFixed(2)} s`, ...lines, ...steps]);
  }
}
