/**
 * Lanes below the timeline, on its axis of time, one per run: above the steps of its migrations, below what disturbed it: epochs in
 * which a worker waited for a processor, in which other machines took some, and garbage collections.
 */
import type Plot from 'uplot';
import { formatLatency, plural } from '../../../experiments/config/quantity.ts';
import type { ExperimentData, RunData } from '../page-data.ts';
import { Tooltip } from './chart.ts';
import { palette } from './palette.ts';
import { type ShownRun, stepText } from './timeline-chart.ts';

const LABEL_PX = 14;
const STEPS_PX = 9;
const NOISE_PX = 11;
const LANE_PX = LABEL_PX + STEPS_PX + NOISE_PX + 8;

/** A share of an epoch that fills the lane, in percent. */
const FULL_PERCENT = 40;

/** Collections of this length in all are drawn at full strength. */
const DARK_PAUSE_MS = 10;

/** Lanes that follow a chart. */
export class Lanes {
  readonly #canvas = document.createElement('canvas');
  readonly #tooltip: Tooltip;
  readonly #data: ExperimentData;
  #shown: readonly ShownRun[] = [];
  #chart: Plot | undefined;

  /** Puts the lanes into their place: a positioned element. */
  constructor(place: HTMLElement, data: ExperimentData) {
    this.#data = data;
    this.#canvas.setAttribute('role', 'img');
    place.append(this.#canvas);
    this.#tooltip = new Tooltip(place);
    this.#canvas.addEventListener('pointermove', (event) => this.#hover(event));
    this.#canvas.addEventListener('pointerleave', () => this.#tooltip.hide());
  }

  /** Draws the lanes of runs as wide as a chart, for the time that is in its view. */
  draw(chart: Plot, shown: readonly ShownRun[]): void {
    this.#chart = chart;
    this.#shown = shown;
    const height = LANE_PX * shown.length;
    this.#canvas.setAttribute(
      'aria-label',
      `Migration steps and disturbances of ${shown.map(({ run }) => run.label).join('; ')}`,
    );
    this.#canvas.width = chart.width * devicePixelRatio;
    this.#canvas.height = height * devicePixelRatio;
    this.#canvas.style.width = `${chart.width}px`;
    this.#canvas.style.height = `${height}px`;
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    context.scale(devicePixelRatio, devicePixelRatio);
    for (const [index, { run, colour }] of shown.entries()) this.#drawLane(context, run, colour, index * LANE_PX);
  }

  #drawLane(context: CanvasRenderingContext2D, run: RunData, colour: string, top: number): void {
    const chart = this.#chart!;
    const colours = palette();
    const left = chart.over.offsetLeft;
    const width = chart.over.clientWidth;
    context.fillStyle = colours.text;
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'top';
    context.fillText(run.label, left, top + 1, width);
    context.save();
    context.beginPath();
    context.rect(left, top, width, LANE_PX);
    context.clip();
    context.fillStyle = colours.lane;
    context.fillRect(left, top + LABEL_PX, width, STEPS_PX);
    context.fillRect(left, top + LABEL_PX + STEPS_PX + 1, width, NOISE_PX);
    const bar = (fromS: number, toS: number, y: number, height: number, least = 1): void => {
      const x = left + chart.valToPos(fromS, 'x');
      context.fillRect(x, y, Math.max(least, left + chart.valToPos(toS, 'x') - x), height);
    };
    for (const { fromS, toS, first } of run.steps) {
      context.fillStyle = colour;
      // Two shades keep neighbouring steps apart.
      context.globalAlpha = first % 2 === 1 ? 1 : 0.55;
      bar(fromS, toS, top + LABEL_PX, STEPS_PX, 1.5);
    }
    context.globalAlpha = 1;
    const foot = top + LABEL_PX + STEPS_PX + 1 + NOISE_PX;
    const { notablePercent, collectionResolutionS } = this.#data;
    for (const [epoch, waitPercent, stealPercent] of run.disturbances) {
      const fromS = epoch * run.epochS;
      for (const [percent, fill] of [
        [waitPercent, colours.wait],
        [stealPercent, colours.steal],
      ] as const) {
        if (percent < notablePercent) continue;
        const height = Math.max(2, (Math.min(percent, FULL_PERCENT) / FULL_PERCENT) * (NOISE_PX - 3));
        context.fillStyle = fill;
        bar(fromS, fromS + run.epochS, foot - height, height);
      }
    }
    context.fillStyle = colours.collection;
    for (const { startS, pauseMs } of this.#collectionsOf(run)) {
      context.globalAlpha = 0.25 + 0.75 * Math.min(1, pauseMs / DARK_PAUSE_MS);
      bar(startS, startS + collectionResolutionS, top + LABEL_PX + STEPS_PX + 1, 2);
    }
    context.restore();
  }

  /** Collections by the interval in which they happened. */
  #collectionsOf(
    run: RunData,
  ): { readonly startS: number; readonly count: number; readonly major: number; readonly pauseMs: number }[] {
    return [...Map.groupBy(run.collections, ([startS]) => startS).entries()].map(([startS, own]) => ({
      startS,
      count: own.length,
      major: own.filter(([, , isMajor]) => isMajor === 1).length,
      pauseMs: own.reduce((sum, [, pauseMs]) => sum + pauseMs, 0),
    }));
  }

  #hover(event: PointerEvent): void {
    const chart = this.#chart;
    const lane = this.#shown[Math.floor(event.offsetY / LANE_PX)];
    const left = event.offsetX - (chart?.over.offsetLeft ?? 0);
    if (chart === undefined || lane === undefined || left < 0 || left > chart.over.clientWidth) {
      this.#tooltip.hide();
      return;
    }
    const timeS = chart.posToVal(left, 'x');
    const marginS = Math.abs(chart.posToVal(left + 3, 'x') - timeS);
    const lines = this.#linesAt(lane.run, timeS, marginS, event.offsetY % LANE_PX < LABEL_PX + STEPS_PX);
    this.#tooltip.show(event.offsetX, event.offsetY + 12, [`${lane.run.label}, ${timeS.toFixed(2)} s`, ...lines]);
  }

  #linesAt(run: RunData, timeS: number, marginS: number, isAbove: boolean): string[] {
    const near = run.steps.filter(({ fromS, toS }) => timeS >= fromS - marginS && timeS <= toS + marginS);
    if (isAbove) return near.length === 0 ? ['no migration'] : near.slice(0, 3).map(stepText);
    const found = run.disturbances.find(([epoch]) => epoch === Math.floor(timeS / run.epochS));
    const [, waitPercent, stealPercent] = found ?? [0, 0, 0];
    const collections = this.#collectionsOf(run).find(
      ({ startS }) => timeS >= startS && timeS < startS + this.#data.collectionResolutionS,
    );
    return [
      `a worker waited for a processor for ${waitPercent < 1 ? 'less than 1' : waitPercent} % of the epoch`,
      `other machines took ${stealPercent < 1 ? 'less than 1' : stealPercent} % of the processors (steal)`,
      collections === undefined
        ? 'no garbage collection'
        : `${plural(collections.count, 'garbage collection')} (${collections.major} major) of ${formatLatency(collections.pauseMs * 1e6)} in all ` +
          `between ${collections.startS.toFixed(1)} s and ${(collections.startS + this.#data.collectionResolutionS).toFixed(1)} s`,
    ];
  }
}
