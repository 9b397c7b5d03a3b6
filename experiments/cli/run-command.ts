/** `megaphone run`: resolves a config, makes its runs, reports, draws. */
import { join } from 'node:path';
import { styleText } from 'node:util';
import { loadExperiment, type Experiment } from '../config/load.ts';
import { formatCount, formatWait } from '../config/quantity.ts';
import { runId } from '../config/run-id.ts';
import type { RunSpec, Scale } from '../config/run-spec.ts';
import { runLabels } from '../report/labels.ts';
import type { FinishedRun } from '../report/finished-run.ts';
import { reportLines } from '../report/table.ts';
import { runDirectory } from '../results/run-folders.ts';
import { shownRun } from '../results/shown-runs.ts';
import { digestMismatches } from '../run/digests.ts';
import { earlierLabel, earlierRun, learnedEstimates, makeRuns, type DriverResult } from '../run/driver.ts';
import { clusterOf, type ClusterRequest, dismiss, hostSettings } from './cluster.ts';
import { configFile } from './config-path.ts';
import { drawCharts } from './draw.ts';
import { EXIT } from './exit-code.ts';
import { type LiveRequest, servedMeanwhile } from './live.ts';
import { judgeRuns } from './judge-runs.ts';
import { screenWidth } from './screen.ts';

/** What the command line asks for. */
export interface RunRequest {
  /** A config file, or the name of one of the package. */
  readonly config: string;
  /** Which of its scales. */
  readonly scale: Scale;
  /** The NEXMark query to run instead of the config's. */
  readonly query: string | undefined;
  /** The engine to run on instead of the config's. */
  readonly engine: 'typescript' | 'timely' | undefined;
  /** Settings, `path=value`. */
  readonly settings: readonly string[];
  /** How often each run is made. */
  readonly repeats: number;
  /** The folder of all results. */
  readonly out: string;
  /** Whether the oracle checks the outputs. */
  readonly verify: boolean;
  /** Makes runs again that are done. */
  readonly force: boolean;
  /** Only says what would be run. */
  readonly dryRun: boolean;
  /** Prints the runs as one JSON document on the standard output, and all else on the standard error. */
  readonly json: boolean;
  /** What can be watched while the runs go on. */
  readonly live: LiveRequest;
  /** The other processes. */
  readonly cluster: ClusterRequest;
}

/** Takes a line for people. */
type Print = (line: string) => void;

const complain = (line: string): void => console.error(`megaphone: ${line}`);

/**
 * Runs an experiment and returns the exit code.
 *
 * @param signal - aborted by Ctrl-C
 * @throws {InputError} when the config is wrong, a port cannot be had, or the disk does not take the results
 */
export async function runExperiment(request: RunRequest, signal: AbortSignal): Promise<number> {
  const print: Print = request.json ? (line) => console.error(line) : (line) => console.log(line);
  const { scale, query, engine, repeats, verify, out, force } = request;
  const settings = [...hostSettings(request.cluster), ...request.settings];
  const experiment = loadExperiment(configFile(request.config), { scale, query, engine, settings, repeats, verify });
  const cluster = clusterOf(experiment.specs, request.cluster);
  announce(experiment, request, print);
  const writeJson = (status: string, runs: readonly FinishedRun[], charts: readonly string[] = []): void => {
    if (request.json) console.log(JSON.stringify(runsDocument(experiment, out, { status, runs, charts }), null, 2));
  };
  if (request.dryRun) {
    writeJson('planned', []);
    return EXIT.done;
  }
  const directory = join(out, experiment.name);
  const result = await servedMeanwhile(request.live, directory, print, () =>
    makeRuns(experiment.specs, { out, force, signal, stream: process.stderr, cluster }),
  );
  await dismiss(cluster, !result.interrupted && result.failed === undefined);
  if (result.finished.length > 0) print(['', ...reportLines(result.finished, screenWidth())].join('\n'));
  if (result.interrupted) {
    writeJson('interrupted', result.finished);
    const advice = force
      ? 'the same command starts over; without --force it keeps what is done'
      : 'run the same command again to continue';
    complain(`interrupted with ${tally(result, experiment)}; ${advice}`);
    return EXIT.interrupted;
  }
  if (result.failed !== undefined) {
    writeJson('failed', result.finished);
    complain(`${result.failed.label} failed (${result.failed.directory}): ${firstLine(result.failed.message)}`);
    // Where it is more than that line.
    if (result.failed.stack !== result.failed.message) console.error(result.failed.stack);
    const drawable = result.finished.length > 0 ? `; megaphone plot ${directory} draws the finished ones` : '';
    complain(`stopped with ${tally(result, experiment)}${drawable}`);
    return EXIT.failed;
  }
  print('');
  const shown = result.finished.map(({ spec }) => shownRun(spec));
  const charts = await drawCharts({ directory, shown, onNote: complain });
  charts.forEach(print);
  writeJson('done', result.finished, charts);
  if (!sayWhetherOutputsAgree(result.finished)) return EXIT.failed;
  const { code, complaint } = judgeRuns(result.finished);
  if (complaint !== undefined) complain(complaint);
  return code;
}

function tally({ finished }: DriverResult, { specs }: Experiment): string {
  return `${finished.length} of ${specs.length} runs done`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** What `--json` prints: every run of the experiment in order, with its summary where it is done. */
function runsDocument(
  { name, title, specs }: Experiment,
  out: string,
  {
    status,
    runs,
    charts,
  }: { readonly status: string; readonly runs: readonly FinishedRun[]; readonly charts: readonly string[] },
): object {
  const labels = runLabels(specs);
  const summaries = new Map(runs.map(({ spec, summary }) => [runId(spec), summary]));
  return {
    experiment: name,
    title,
    status,
    runs: specs.map((spec, index) => ({
      id: runId(spec),
      label: labels[index],
      directory: runDirectory(out, spec),
      spec,
      summary: summaries.get(runId(spec)) ?? null,
    })),
    charts,
  };
}

/** Says what will be run, where the results go, and how long it takes. */
function announce({ name, title, specs }: Experiment, { scale, out, force }: RunRequest, print: Print): void {
  const [first] = specs;
  print(`${styleText('bold', `${name} (${scale})`, { stream: process.stdout })}: ${title}`);
  if (first !== undefined) print(describeRun(first));
  const done = specs.map((spec) => (force ? undefined : earlierRun(out, spec, complain)));
  const before = done.filter((run) => run !== undefined);
  const estimates = learnedEstimates(before);
  const labels = runLabels(specs);
  let seconds = 0;
  for (const [index, spec] of specs.entries()) {
    const earlier = done[index];
    if (earlier === undefined) seconds += estimates.secondsOf(spec);
    const wait = earlier === undefined ? `about ${formatWait(estimates.secondsOf(spec))}` : earlierLabel(earlier);
    print(`  ${index + 1}. ${labels[index]}: ${wait}`);
  }
  const runs = `${specs.length - before.length} ${specs.length - before.length === 1 ? 'run' : 'runs'} to make`;
  print(`${runs}, about ${formatWait(seconds)} in all; results in ${join(out, name)}`);
}

/** The values that the runs of a sweep mostly share, taken from its first. */
function describeRun({ workload, topology, binShift, ratePerSecond, durationS, migrations }: RunSpec): string {
  const parts = [
    workload.name,
    ...(workload.domain > 0 ? [`${formatCount(workload.domain)} ${workload.domain === 1 ? 'key' : 'keys'}`] : []),
    `2^${binShift} bins`,
    `${topology.processes} x ${topology.workers} workers`,
    `${formatCount(ratePerSecond)} records/s for ${durationS} s`,
    ...migrations.map(({ atS, to }) => `${to.name} at ${atS} s`),
  ];
  return `  ${parts.join(', ')}`;
}

/** Compares the outputs of all runs, and says which differ. */
export function sayWhetherOutputsAgree(finished: readonly FinishedRun[]): boolean {
  const labels = runLabels(finished.map(({ spec }) => spec));
  const mismatches = digestMismatches(
    finished.map(({ spec, summary }, index) => ({ spec, digest: summary.digest, label: labels[index] ?? '' })),
  );
  for (const { first, other } of mismatches) {
    complain(
      `outputs differ on the same input: ${other.label} has ${other.digest.records} records, digest ${other.digest.sum}; ` +
        `${first.label} has ${first.digest.records} records, digest ${first.digest.sum}`,
    );
  }
  return mismatches.length === 0;
}
