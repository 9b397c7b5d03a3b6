/**
 * The interactive panel of a section: which runs and lines are shown, an interval of time, the timeline with its lanes, and the
 * percentiles of the interval as a chart and a table.
 */
import type Plot from 'uplot';
import type { DecodedBlock } from '../decode-block.ts';
import { type LineName, LINES, type RunData } from '../page-data.ts';
import type { LatencyScale } from './chart.ts';
import { choiceButtons, element, fieldset } from './dom.ts';
import { downloadCsv } from './downloads.ts';
import { type Interval, resultIn } from './interval.ts';
import { intervalHeadings, intervalRows, intervalTable } from './interval-table.ts';
import { Lanes } from './lanes.ts';
import { seriesColour } from './palette.ts';
import { percentileChart } from './percentile-chart.ts';
import { LINE_DASHES, type ShownRun, timelineChart } from './timeline-chart.ts';

/** Share of the view by which keys move it. */
const KEY_STEP = 0.2;

/** The more runs, the fewer lines of each can be told apart. */
function linesAtFirst(runs: number): readonly LineName[] {
  return runs > 3 ? ['max'] : runs > 1 ? ['max', 'p99'] : LINES;
}

/** A panel in its place. */
export class Panel {
  readonly #block: DecodedBlock;
  readonly #name: string;
  readonly #shownKeys: Set<string>;
  /** The colour of each run that is shown, by its place in the palette; a run keeps it while it is shown. */
  readonly #colours = new Map<string, number>();
  readonly #lines: Set<LineName>;
  #scale: LatencyScale = 'log';
  #interval: Interval = { kind: 'part', name: 'all' };
  #view: readonly [fromS: number, toS: number];
  #targetNs: number | undefined;
  #timeline: Plot | undefined;
  #percentiles: Plot | undefined;
  readonly #lanes: Lanes;
  readonly #range: readonly [fromS: number, toS: number];
  readonly #timelinePlace = element('div', { class: 'plot timeline', tabindex: 0, role: 'group' });
  readonly #lanesPlace = element('div', { class: 'lanes' });
  readonly #percentilePlace = element('div', { class: 'plot percentiles' });
  readonly #percentileTitle = element('h4', {});
  readonly #tablePlace = element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Interval' });
  readonly #partButtons: HTMLButtonElement[];
  readonly #from = element('input', { type: 'number', step: '0.25', min: 0, 'aria-label': 'from, in seconds' });
  readonly #to = element('input', { type: 'number', step: '0.25', min: 0, 'aria-label': 'to, in seconds' });

  /** Builds the panel. `name` is how its files are called. */
  constructor(place: HTMLElement, block: DecodedBlock, name: string) {
    const { runs } = block.data;
    this.#block = block;
    this.#name = name;
    this.#shownKeys = new Set(runs.filter(({ isShown }) => isShown).map(({ key }) => key));
    this.#lines = new Set(linesAtFirst(this.#shownKeys.size));
    const ends = runs.map(({ epochs, epochS }) => ((epochs.at(-1) ?? 0) + 1) * epochS);
    this.#range = [0, Math.max(1, ...ends)];
    this.#view = this.#range;
    this.#targetNs = runs
      .flatMap(({ targets }) => targets)
      .find(({ line }) => line === 'max' || line === 'p99')?.limitNs;
    this.#partButtons = this.#makePartButtons();
    this.#timelinePlace.setAttribute(
      'aria-label',
      'Latency over time. Left and right move the view, plus and minus zoom, Escape shows all.',
    );
    this.#timelinePlace.addEventListener('keydown', (event) => this.#onKey(event));
    place.append(this.#controls(), this.#legend(), this.#timelinePlace, this.#lanesPlace, this.#laneLegend());
    place.append(this.#intervalControls(), this.#percentileTitle, this.#percentilePlace, this.#tablePlace);
    place.append(element('p', { class: 'downloads' }, ...this.#downloadButtons()));
    place.hidden = false;
    this.#lanes = new Lanes(this.#lanesPlace, block.data);
    this.redraw();
    new ResizeObserver(() => this.#fit()).observe(this.#timelinePlace);
  }

  /** Draws everything again, for instance in other colours. */
  redraw(): void {
    this.#assignColours();
    const shown = this.#shown();
    this.#timeline?.destroy();
    this.#timelinePlace.replaceChildren();
    this.#timeline = timelineChart({
      place: this.#timelinePlace,
      shown,
      lines: this.#lines,
      scale: this.#scale,
      targetNs: this.#targetNs,
      range: this.#range,
      onZoom: (span) => this.#select(span === undefined ? { kind: 'part', name: 'all' } : { kind: 'span', ...span }),
      onDrawn: (chart) => this.#lanes.draw(chart, this.#shown()),
    });
    for (const swatch of document.querySelectorAll<HTMLElement>(`[data-panel="${this.#name}"] .swatch[data-run]`)) {
      const colour = this.#colours.get(swatch.dataset['run'] ?? '');
      swatch.style.background = colour === undefined ? 'transparent' : seriesColour(colour);
    }
    this.#applyView();
    this.#showInterval();
  }

  #runs(): readonly RunData[] {
    return this.#block.data.runs;
  }

  #shown(): ShownRun[] {
    return this.#runs()
      .filter(({ key }) => this.#shownKeys.has(key))
      .map((run) => ({ run, colour: seriesColour(this.#colours.get(run.key) ?? 0) }));
  }

  /** Gives each run that is shown the first colour that no other one has. */
  #assignColours(): void {
    for (const { key } of this.#runs()) {
      if (!this.#shownKeys.has(key)) this.#colours.delete(key);
      else if (!this.#colours.has(key)) {
        const taken = new Set(this.#colours.values());
        let free = 0;
        while (taken.has(free)) free += 1;
        this.#colours.set(key, free);
      }
    }
  }

  #controls(): HTMLElement {
    const runs = this.#runs().map((run) => {
      const box = element('input', { type: 'checkbox', change: () => this.#toggle(this.#shownKeys, run.key, box) });
      box.checked = this.#shownKeys.has(run.key);
      const swatch = element('span', { class: 'swatch', 'data-run': run.key });
      return element('label', {}, box, swatch, run.label);
    });
    const lines = LINES.map((line) => {
      const box = element('input', { type: 'checkbox', change: () => this.#toggle(this.#lines, line, box) });
      box.checked = this.#lines.has(line);
      return element('label', {}, box, line);
    });
    const scales = choiceButtons<LatencyScale>(
      [
        ['log', 'Logarithmic'],
        ['linear', 'Linear'],
      ],
      this.#scale,
      (scale) => {
        this.#scale = scale;
        this.redraw();
      },
    );
    const target = element('input', {
      type: 'number',
      min: 0,
      step: 'any',
      'aria-label': 'target in milliseconds',
      change: () => {
        const ms = target.valueAsNumber;
        this.#targetNs = ms > 0 ? ms * 1e6 : undefined;
        this.redraw();
      },
    });
    if (this.#targetNs !== undefined) target.valueAsNumber = this.#targetNs / 1e6;
    const wrapper = element('div', { class: 'controls', 'data-panel': this.#name });
    const many = runs.length > 12;
    wrapper.append(
      fieldset('Runs', element('div', { class: many ? 'choices many' : 'choices' }, ...runs)),
      fieldset('Lines', element('div', { class: 'choices' }, ...lines)),
      fieldset('Latency axis', ...scales),
      fieldset('Target (ms)', target),
    );
    return wrapper;
  }

  #legend(): HTMLElement {
    const dashes = LINES.map((line) => {
      const pattern = LINE_DASHES[line];
      const dash = `<svg width="34" height="8" aria-hidden="true"><line x1="0" y1="4" x2="34" y2="4" stroke="currentColor" stroke-width="2" stroke-dasharray="${pattern.join(' ')}"/></svg>`;
      const key = element('span', { class: 'key' });
      key.innerHTML = dash;
      key.append(line);
      return key;
    });
    const band = element('span', { class: 'key' }, element('span', { class: 'mark migration' }), 'migration under way');
    const target = element('span', { class: 'key' }, element('span', { class: 'mark target' }), 'target');
    return element('p', { class: 'legend' }, ...dashes, band, target);
  }

  #laneLegend(): HTMLElement {
    const key = (name: string, text: string) =>
      element('span', { class: 'key' }, element('span', { class: `mark ${name}` }), text);
    return element(
      'p',
      { class: 'legend' },
      'Above: steps of migrations. Below:',
      key('wait', 'a worker waited for a processor'),
      key('steal', 'other machines took one (steal)'),
      key('collection', 'garbage collections (the darker, the longer)'),
    );
  }

  #makePartButtons(): HTMLButtonElement[] {
    const names = [...new Set(this.#runs().flatMap(({ parts }) => parts.map(({ name }) => name)))];
    return choiceButtons(
      names.map((name) => [name, name[0]!.toUpperCase() + name.slice(1)] as const),
      'all',
      (name) => this.#select({ kind: 'part', name }),
    );
  }

  #intervalControls(): HTMLElement {
    const apply = element(
      'button',
      {
        type: 'button',
        click: () => {
          const [fromS, toS] = [this.#from.valueAsNumber, this.#to.valueAsNumber];
          if (toS > fromS) this.#select({ kind: 'span', fromS, toS });
        },
      },
      'Show',
    );
    return element(
      'div',
      { class: 'controls' },
      fieldset('Interval', ...this.#partButtons),
      fieldset('From, to (s)', this.#from, this.#to, apply),
    );
  }

  #downloadButtons(): HTMLButtonElement[] {
    const results = () => this.#shown().map(({ run }) => resultIn(this.#block, run, this.#interval));
    const interval = element(
      'button',
      {
        type: 'button',
        click: () => {
          const { columns } = intervalHeadings(this.#targetNs !== undefined);
          const rows = intervalRows(results(), this.#targetNs).map(({ values }) => values);
          downloadCsv(`${this.#name}-interval.csv`, [columns, ...rows]);
        },
      },
      'Interval as CSV',
    );
    const timeline = element(
      'button',
      {
        type: 'button',
        click: () => downloadCsv(`${this.#name}-timeline.csv`, timelineTable(this.#shown().map(({ run }) => run))),
      },
      'Timeline as CSV',
    );
    return [interval, timeline];
  }

  #toggle<Value>(values: Set<Value>, value: Value, box: HTMLInputElement): void {
    if (box.checked) values.add(value);
    else values.delete(value);
    this.redraw();
  }

  /** Shows an interval: its percentiles, and its time in the view. */
  #select(interval: Interval): void {
    this.#interval = interval;
    for (const button of this.#partButtons) {
      const isChosen = interval.kind === 'part' && button.dataset['value'] === interval.name;
      button.setAttribute('aria-pressed', String(isChosen));
    }
    this.#view = this.#viewOf(interval);
    this.#applyView();
    this.#showInterval();
  }

  #viewOf(interval: Interval): readonly [fromS: number, toS: number] {
    const [least, most] = this.#range;
    if (interval.kind === 'span') return [Math.max(least, interval.fromS), Math.min(most, interval.toS)];
    if (!interval.name.startsWith('migration')) return this.#range;
    const times = this.#shown().flatMap(({ run }) =>
      run.parts
        .filter(({ name }) => name === interval.name)
        .flatMap(({ ranges }) => ranges.flatMap(([from, to]) => [run.epochs[from]!, run.epochs[to - 1]! + 1]))
        .map((epoch) => epoch * run.epochS),
    );
    if (times.length === 0) return this.#range;
    const [from, to] = [Math.min(...times), Math.max(...times)];
    const margin = Math.max(0.5, (to - from) / 4);
    return [Math.max(least, from - margin), Math.min(most, to + margin)];
  }

  #applyView(): void {
    const [min, max] = this.#view;
    this.#timeline?.setScale('x', { min, max });
    this.#from.valueAsNumber = Number(min.toFixed(3));
    this.#to.valueAsNumber = Number(max.toFixed(3));
  }

  #onKey(event: KeyboardEvent): void {
    const [from, to] = this.#view;
    const length = to - from;
    const moves: Readonly<Record<string, readonly [fromS: number, toS: number]>> = {
      ArrowLeft: [from - KEY_STEP * length, to - KEY_STEP * length],
      ArrowRight: [from + KEY_STEP * length, to + KEY_STEP * length],
      '+': [from + length / 4, to - length / 4],
      '=': [from + length / 4, to - length / 4],
      '-': [from - length / 2, to + length / 2],
    };
    const move = moves[event.key];
    if (event.key !== 'Escape' && move === undefined) return;
    event.preventDefault();
    const [least, most] = this.#range;
    const [fromS, toS] = move ?? this.#range;
    const isAll = fromS <= least && toS >= most;
    // A view that would leave the run stops at its end.
    const shift = fromS < least ? least - fromS : toS > most ? most - toS : 0;
    this.#select(
      isAll
        ? { kind: 'part', name: 'all' }
        : { kind: 'span', fromS: Math.max(least, fromS + shift), toS: Math.min(most, toS + shift) },
    );
  }

  #intervalName(): string {
    if (this.#interval.kind === 'part') {
      return { all: 'all that was measured', steady: 'while steady' }[this.#interval.name] ?? this.#interval.name;
    }
    return `${Number(this.#interval.fromS.toFixed(3))} s to ${Number(this.#interval.toS.toFixed(3))} s`;
  }

  #showInterval(): void {
    const shown = this.#shown();
    const results = shown.map(({ run, colour }) => ({
      result: resultIn(this.#block, run, this.#interval),
      colour,
    }));
    const title = `Latency by percentile: ${this.#intervalName()}`;
    this.#percentileTitle.textContent = title;
    this.#percentiles?.destroy();
    this.#percentilePlace.replaceChildren();
    this.#percentiles = percentileChart({
      place: this.#percentilePlace,
      results,
      shift: this.#block.data.shift,
      scale: this.#scale,
      targetNs: this.#targetNs,
    });
    const rows = intervalRows(
      results.map(({ result }) => result),
      this.#targetNs,
    );
    const colours = shown.map(({ colour }) => colour);
    this.#tablePlace.replaceChildren(
      intervalTable(`Of the interval: ${this.#intervalName()}`, rows, colours, this.#targetNs !== undefined),
    );
  }

  /** Follows the width of the place. */
  #fit(): void {
    const width = this.#timelinePlace.clientWidth;
    if (this.#timeline === undefined || width === 0 || this.#timeline.width === width) return;
    this.#timeline.setSize({ width, height: this.#timeline.height });
    this.#percentiles?.setSize({ width: this.#percentilePlace.clientWidth, height: this.#percentiles.height });
  }
}

/** The epochs of runs as rows, a run after the other. */
function timelineTable(runs: readonly RunData[]): (string | number)[][] {
  return [
    ['run', 'start_s', 'records', 'p50_ns', 'p99_ns', 'p999_ns', 'max_ns'],
    ...runs.flatMap((run) =>
      run.epochs.map((epoch, row) => [
        run.label,
        epoch * run.epochS,
        run.records[row]!,
        ...(['p50', 'p99', 'p99.9', 'max'] as const).map((line) => run.latenciesNs[line][row]!),
      ]),
    ),
  ];
}
