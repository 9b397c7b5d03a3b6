/** A sweep on the page: its runs, how far the present one is, its numbers, charts and migrations. */
import {
  formatBytes,
  formatLatency,
  formatShortCount,
  formatWait,
  plural,
} from '../../../experiments/config/quantity.ts';
import type { LiveLine, LiveSweepLine } from '../../../experiments/report/live-lines.ts';
import { element } from '../../report/browser/dom.ts';
import { bandsOf, type RunView, SweepView } from '../sweep-view.ts';
import { RunCharts } from './run-charts.ts';

const PHASES = {
  join: 'waiting for the other hosts',
  load: 'loading',
  run: 'running',
  verify: 'verifying',
  write: 'writing',
} as const;

const STATES = {
  waiting: 'to come',
  skipped: 'done before',
  running: 'goes on',
  done: 'finished',
  failed: 'failed',
  interrupted: 'interrupted',
} as const;

/** The panel of one sweep. */
export class SweepPanel {
  readonly #view: SweepView;
  readonly #section: HTMLElement;
  readonly #status = element('p', { class: 'status', role: 'status' });
  readonly #bar = element('progress', { max: 1, value: 0, 'aria-label': 'How far the run is' });
  readonly #runs = element('div', { class: 'runs', role: 'group', 'aria-label': 'Runs' });
  readonly #heading = element('h3');
  readonly #note = element('p', { class: 'banner', hidden: true });
  readonly #numbers = element('dl', { class: 'numbers' });
  readonly #charts: RunCharts;
  readonly #migrations = element('tbody');
  readonly #table: HTMLElement;
  /** The run that was asked for; by default the one that has begun last. */
  #chosen: number | undefined;

  /** Adds the panel above those that are there. */
  constructor(place: HTMLElement, sweep: LiveSweepLine) {
    this.#view = new SweepView(sweep);
    const name = element('span', { class: 'name' }, sweep.experiment);
    const charts = element('div', { class: 'charts' });
    const headings = ['migration', 'steps done', 'bins', 'moved', 'began', 'lasted'];
    this.#table = element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Migrations' },
      element(
        'table',
        {},
        element('caption', {}, 'Migrations'),
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...headings.map((text) =>
              element('th', { scope: 'col', class: text === 'migration' ? '' : 'number' }, text),
            ),
          ),
        ),
        this.#migrations,
      ),
    );
    this.#section = element(
      'section',
      {},
      element('h2', {}, name, sweep.title),
      this.#status,
      this.#bar,
      this.#runs,
      this.#heading,
      this.#note,
      this.#numbers,
      charts,
      this.#table,
    );
    place.prepend(this.#section);
    this.#charts = new RunCharts(charts);
  }

  /** Takes in a line; `draw` shows it. */
  add(line: LiveLine): void {
    this.#view.add(line);
  }

  /** Shows what is known. */
  draw(): void {
    const { runs, current, over } = this.#view;
    this.#section.dataset['status'] = over ?? 'running';
    setText(this.#status, statusText(this.#view));
    this.#bar.value = doneShare(this.#view);
    this.#drawRuns();
    const run = runs[this.#chosen ?? current];
    const isShown = run !== undefined;
    for (const part of [this.#heading, this.#numbers, this.#table]) part.hidden = !isShown;
    if (run === undefined) return;
    setText(this.#heading, `${run.head.label}: ${runState(run)}`);
    const note = noteOf(run);
    this.#note.hidden = note === undefined;
    setText(this.#note, note ?? '');
    this.#drawNumbers(run);
    this.#charts.draw(run);
    this.#drawMigrations(run);
    if (over === undefined) document.title = `${run.head.label}, ${runState(run)} - megaphone`;
    else document.title = `${STATES[over]}: ${this.#view.sweep.experiment} - megaphone`;
  }

  /** Draws the charts anew, in the colours of the present. */
  redraw(): void {
    this.#charts.redraw();
  }

  /** Takes it from the page. */
  remove(): void {
    this.#charts.remove();
    this.#section.remove();
  }

  #drawRuns(): void {
    const { runs, current } = this.#view;
    if (this.#runs.childElementCount !== runs.length) {
      const choose = (index: number) => (): void => {
        this.#chosen = index === this.#view.current ? undefined : index;
        this.draw();
      };
      this.#runs.replaceChildren(
        ...runs.map((_, index) =>
          element('button', { type: 'button', click: choose(index) }, element('b'), element('span')),
        ),
      );
    }
    for (const [index, run] of runs.entries()) {
      const button = this.#runs.children[index] as HTMLButtonElement;
      button.dataset['status'] = run.status;
      button.setAttribute('aria-pressed', String(index === (this.#chosen ?? current)));
      button.disabled = run.status === 'waiting' || run.status === 'skipped';
      setText(button.children[0]!, `${index + 1}. ${run.head.label}`);
      setText(button.children[1]!, STATES[run.status]);
    }
  }

  #drawNumbers({ last }: RunView): void {
    const { records = 0, p50Ns = 0, p99Ns = 0, maxNs = 0 } = last?.lastSecond ?? {};
    const latency = (ns: number): string => (records === 0 ? '-' : formatLatency(ns));
    const numbers: (readonly [name: string, value: string])[] = [
      ['sent', last === undefined ? '-' : `${formatShortCount(Number(last.sentPerSecond.toPrecision(3)))}/s`],
      ['p50, last second', latency(p50Ns)],
      ['p99, last second', latency(p99Ns)],
      ['max, last second', latency(maxNs)],
      ['oldest waits for', last === undefined ? '-' : formatLatency(last.behindS * 1e9)],
      [
        'records waiting',
        last === undefined ? '-' : formatShortCount(Math.max(0, last.offeredRecords - last.completedRecords)),
      ],
      ['resident memory', last === undefined ? '-' : formatBytes(last.rssBytes)],
      [
        'migration steps',
        last === undefined || last.stepsTotal === 0 ? '-' : `${last.stepsDone} of ${last.stepsTotal}`,
      ],
    ];
    if (this.#numbers.childElementCount !== numbers.length) {
      this.#numbers.replaceChildren(
        ...numbers.map(([name]) => element('div', {}, element('dt', {}, name), element('dd'))),
      );
    }
    for (const [index, [, value]] of numbers.entries()) setText(this.#numbers.children[index]!.children[1]!, value);
  }

  #drawMigrations(run: RunView): void {
    const rows = [...Map.groupBy(bandsOf(run), ({ migration }) => migration)].map(([migration, bands]) => {
      const [first, last] = [bands[0]!, bands.at(-1)!];
      const sum = (count: (band: (typeof bands)[number]) => number): number =>
        bands.reduce((all, band) => all + count(band), 0);
      const isOver = last.toS !== null && last.last === last.of;
      // The last step of a band without an end is the one that is under way.
      const done = last.toS === null ? last.last - 1 : last.last;
      const lasted = isOver ? formatLatency((last.toS - first.fromS) * 1e9) : 'goes on';
      const cells = [
        `${done} of ${last.of}`,
        plural(
          sum(({ bins }) => bins),
          'bin',
        ),
        formatBytes(sum(({ bytes }) => bytes)),
        `${first.fromS.toFixed(2)} s`,
        run.status === 'running' || isOver ? lasted : 'not over',
      ];
      return element(
        'tr',
        {},
        element('th', { scope: 'row' }, String(migration)),
        ...cells.map((text) => element('td', { class: 'number' }, text)),
      );
    });
    this.#table.hidden = rows.length === 0;
    this.#migrations.replaceChildren(...rows);
  }
}

/** The sweep in a line: which run of how many, its phase, the time left; or how it ended. */
function statusText({ runs, current, over, run }: SweepView): string {
  const finished = runs.filter(({ status }) => status === 'done' || status === 'skipped').length;
  const tally = `${finished} of ${plural(runs.length, 'run')} done`;
  if (over === 'done') return `Finished: ${tally}.`;
  if (over !== undefined) return `${over === 'failed' ? 'Failed' : 'Interrupted'}: ${tally}.`;
  if (run === undefined) return `Starting: ${tally}.`;
  const { progress } = run;
  const left = progress === undefined ? '' : `, about ${formatWait(progress.leftS)} left in all`;
  return `Run ${current + 1} of ${runs.length}: ${run.head.label}, ${runState(run)}${left}.`;
}

function runState({ status, progress }: RunView): string {
  if (status !== 'running') return STATES[status];
  if (progress === undefined) return 'starting';
  const { phase, elapsedS, totalS } = progress;
  return `${PHASES[phase]}${totalS > 0 ? ` ${Math.floor(elapsedS)} of ${Math.round(totalS)} s` : ''}`;
}

/** What has to be known to read the numbers of a run. */
function noteOf({ status, message, last }: RunView): string | undefined {
  if (status === 'failed') return message ?? 'The run has failed.';
  if (last !== undefined && last.processes < last.processesTotal) {
    return `These are the records, memory and latencies of ${last.processes} of ${last.processesTotal} processes: the others run on other hosts.`;
  }
  return undefined;
}

/** How much of the sweep is done, 0 to 1: runs count alike, and in a run its clock. */
function doneShare({ runs, current, over }: SweepView): number {
  if (over === 'done') return 1;
  const share = ({ status, progress }: RunView, index: number): number => {
    if (status === 'done' || status === 'skipped') return 1;
    if (index !== current || progress === undefined || progress.phase === 'load' || progress.phase === 'join') return 0;
    return progress.phase === 'run' && progress.totalS > 0 ? Math.min(1, progress.elapsedS / progress.totalS) : 1;
  };
  return runs.reduce((sum, run, index) => sum + share(run, index), 0) / runs.length;
}

/** A node that is written anew is read out anew, and loses what is selected in it. */
function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
