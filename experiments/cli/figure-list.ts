/** What `megaphone figures --list` prints: figures with their runs, time and memory. */
import { estimateMemory } from '../config/memory.ts';
import { configurationsOf } from '../config/owners.ts';
import { formatBytes, formatWait } from '../config/quantity.ts';
import type { Experiment } from '../config/load.ts';
import { alignColumns, type Column } from '../report/columns.ts';
import { earlierRun, learnedEstimates } from '../run/driver.ts';
import { isTableWritten } from './table1.ts';

/** Columns of a terminal of the usual width. */
const WIDTH = 80;

const COLUMNS: readonly Column[] = [
  { heading: 'figure', align: 'left' },
  { heading: 'runs', align: 'right' },
  { heading: 'done', align: 'right' },
  { heading: 'left', align: 'right' },
  { heading: 'memory', align: 'right' },
];

/** A figure of the list. */
export interface ListedFigure {
  /** How the command line calls it. */
  readonly id: string;
  /** Its runs; undefined for the table of lines of code, which needs none. */
  readonly experiment: Experiment | undefined;
}

/** How far a figure's runs are. */
interface FigureState {
  readonly title: string;
  readonly runs: number;
  readonly done: number;
  readonly secondsLeft: number;
  /** What its largest run needs. */
  readonly memoryBytes: number;
}

/**
 * The lines of the list, none longer than 80 characters: id and title, number of runs, how many are done, seconds until the others are,
 * and the memory that the largest needs.
 */
export function figureListLines(figures: readonly ListedFigure[], out: string): string[] {
  const idWidth = Math.max(...figures.map(({ id }) => id.length));
  const states = figures.map(({ experiment }) =>
    experiment === undefined ? tableState(out) : stateOf(experiment, out),
  );
  const rows = states.map(({ title, runs, done, secondsLeft, memoryBytes }, index) => [
    `${figures[index]!.id.padEnd(idWidth)}  ${title}`,
    String(runs),
    String(done),
    secondsLeft > 0 ? formatWait(secondsLeft) : '-',
    memoryBytes > 0 ? formatBytes(memoryBytes) : '-',
  ]);
  const sum = (value: (state: FigureState) => number): number =>
    states.reduce((total, state) => total + value(state), 0);
  const runs = sum((state) => state.runs);
  const total = `${sum((state) => state.done)} of ${runs} ${runs === 1 ? 'run' : 'runs'} done`;
  return [
    ...alignColumns(COLUMNS, rows, WIDTH),
    `${total}, about ${formatWait(sum(({ secondsLeft }) => secondsLeft))} left; results in ${out}`,
  ];
}

function stateOf({ title, specs }: Experiment, out: string): FigureState {
  const earlier = specs.map((spec) => earlierRun(out, spec));
  const done = earlier.filter((run) => run !== undefined);
  const estimates = learnedEstimates(done);
  const missing = specs.filter((_, index) => earlier[index] === undefined);
  return {
    title,
    runs: specs.length,
    done: done.length,
    secondsLeft: missing.reduce((seconds, spec) => seconds + estimates.secondsOf(spec), 0),
    memoryBytes: Math.max(...specs.map((spec) => estimateMemory(spec, configurationsOf(spec)).totalBytes)),
  };
}

/** The table counts as one run, which takes a moment and no memory to speak of. */
function tableState(out: string): FigureState {
  const done = isTableWritten(out) ? 1 : 0;
  return { title: 'Lines of code of the NEXMark queries', runs: 1, done, secondsLeft: 0, memoryBytes: 0 };
}
