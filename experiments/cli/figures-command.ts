/** `megaphone figures`: makes the runs of several figures, as far as they are missing, and draws them. */
import { join } from 'node:path';
import { styleText } from 'node:util';
import { InputError } from '../config/input-error.ts';
import { loadExperiment, type Experiment } from '../config/load.ts';
import { suggestion } from '../config/nearest.ts';
import type { Scale } from '../config/run-spec.ts';
import type { FinishedRun } from '../report/finished-run.ts';
import { reportLines } from '../report/table.ts';
import { shownRun } from '../results/shown-runs.ts';
import { type DriverOptions, earlierRun, refuseOtherCode } from '../run/driver.ts';
import { makeAllRuns } from '../run/make-all.ts';
import { findCargo } from '../run/timely/build.ts';
import { configFile, packageConfigs } from './config-path.ts';
import { DrawError, drawCharts } from './draw.ts';
import { EXIT } from './exit-code.ts';
import { figureListLines, type ListedFigure } from './figure-list.ts';
import { type LiveRequest, servedMeanwhile } from './live.ts';
import { sayWhetherOutputsAgree } from './run-command.ts';
import { makeTable, TABLE_1 } from './table1.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
export interface FiguresRequest {
  /** Which figures; all when there are none. */
  readonly ids: readonly string[];
  /** Which scale of their configs. */
  readonly scale: Scale;
  /** The folder of all results. */
  readonly out: string;
  /** Makes runs again that are done. */
  readonly force: boolean;
  /** The engine to run on instead of the configs'. */
  readonly engine: 'typescript' | 'timely' | undefined;
  /** Only says what there is, and what is done. */
  readonly list: boolean;
  /** What can be watched while the runs go on. */
  readonly live: LiveRequest;
}

const print = (line: string): void => console.log(line);
const complain = (line: string): void => console.error(`megaphone: ${line}`);

/** The names of all figures: the configs of the package in natural order, and the table of lines of code. */
export function figureIds(): string[] {
  return [...packageConfigs(), TABLE_1];
}

/**
 * Makes and draws figures, and returns the exit code. What fails is said again at the end, and keeps no other run or figure from being
 * made.
 *
 * @param signal - aborted by Ctrl-C
 * @throws {InputError} when an id is unknown, a figure is not possible on this machine, a port cannot be had, or the disk does not take the
 *   results
 */
export async function makeFigures(request: FiguresRequest, signal: AbortSignal): Promise<number> {
  const { out, force, live } = request;
  const all = chosen(request);
  const needsRust = ({ experiment }: ListedFigure): boolean =>
    experiment?.specs.some(({ engine }) => engine !== undefined) ?? false;
  const isLeftOut = (figure: ListedFigure): boolean =>
    request.ids.length === 0 && request.engine === undefined && needsRust(figure) && findCargo() === undefined;
  const figures = all.filter((figure) => request.list || !isLeftOut(figure));
  for (const { id } of all.filter((figure) => !figures.includes(figure))) {
    complain(`${id} is left out: it needs Rust, and cargo is not found`);
  }
  if (request.list) {
    for (const line of figureListLines(figures, out)) print(line);
    return EXIT.done;
  }
  // Before hours of runs, not after them.
  if (!force) for (const { experiment } of figures) if (experiment !== undefined) refuseMixing(experiment, out);
  return servedMeanwhile(live, out, print, () => makeChosen(figures, { out, force, signal, stream: process.stderr }));
}

async function makeChosen(figures: readonly ListedFigure[], options: DriverOptions): Promise<number> {
  const { out, signal } = options;
  const faults: string[] = [];
  for (const { id, experiment } of figures) {
    if (signal.aborted) return sayInterrupted(faults);
    print(
      `${styleText('bold', id, { stream: process.stdout })}${experiment === undefined ? '' : `: ${experiment.title}`}`,
    );
    if (experiment === undefined) await makeTable(out);
    else {
      const { finished, failed, interrupted } = await makeAllRuns(experiment.specs, options);
      for (const { stack } of failed) console.error(stack);
      faults.push(...failed.map(({ label, directory, message }) => `${id}, ${label} (${directory}): ${message}`));
      if (interrupted) return sayInterrupted(faults);
      if (finished.length > 0) faults.push(...(await show(experiment, finished, out)));
    }
    print('');
  }
  if (faults.length === 0) return EXIT.done;
  sayFaults(faults);
  return EXIT.failed;
}

/** The figures that were asked for, each once and in natural order, with their runs. */
function chosen({ ids, scale, engine }: FiguresRequest): ListedFigure[] {
  const known = figureIds();
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new UsageError(`${unknown}: no such figure; ${suggestion(unknown, known)}`);
  return known
    .filter((id) => ids.length === 0 || ids.includes(id))
    .map((id) => ({ id, experiment: id === TABLE_1 ? undefined : loadExperiment(configFile(id), { scale, engine }) }));
}

function refuseMixing({ specs }: Experiment, out: string): void {
  refuseOtherCode(
    out,
    specs.map((spec) => earlierRun(out, spec, complain)),
  );
}

/** Reports and draws the runs of a figure; returns what is wrong with them. */
async function show({ name }: Experiment, finished: readonly FinishedRun[], out: string): Promise<string[]> {
  const faults: string[] = [];
  for (const line of reportLines(finished)) print(line);
  if (!sayWhetherOutputsAgree(finished)) faults.push(`${name}: outputs differ`);
  const shown = finished.map(({ spec }) => shownRun(spec));
  try {
    for (const file of await drawCharts({ directory: join(out, name), shown, onNote: complain })) print(file);
  } catch (error) {
    if (!(error instanceof DrawError || error instanceof InputError)) throw error;
    faults.push(`${name}: the chart could not be drawn: ${error.message}`);
  }
  return faults;
}

function sayFaults(faults: readonly string[]): void {
  complain(`${faults.length === 1 ? '1 fault' : `${faults.length} faults`}; the same command tries again what failed:`);
  for (const fault of faults) console.error(`  ${fault.split('\n', 1)[0] ?? ''}`);
}

function sayInterrupted(faults: readonly string[]): number {
  if (faults.length > 0) sayFaults(faults);
  complain('interrupted; run the same command again to continue');
  return EXIT.interrupted;
}
