/** `megaphone rate`: the highest rate that a config sustains, by fresh runs. */
import { join } from 'node:path';
import { styleText } from 'node:util';
import { checkRun } from '../config/checks.ts';
import { ConfigError, InputError } from '../config/input-error.ts';
import { loadExperiment } from '../config/load.ts';
import { machineMemory } from '../config/memory.ts';
import { formatCount, formatLatency, formatShortCount, formatWait } from '../config/quantity.ts';
import { runId } from '../config/run-id.ts';
import type { RunSpec, Scale } from '../config/run-spec.ts';
import { alignColumns } from '../report/columns.ts';
import { RunEstimates } from '../report/estimate.ts';
import { measurementLabels } from '../report/labels.ts';
import { confirmed } from '../rate/confirm.ts';
import { criterionText, outcomeOf, shortfalls } from '../rate/criterion.ts';
import { searchRate } from '../rate/search.ts';
import { RATES_SUFFIX, type RatesFile, type SustainedRate, writeRates } from '../results/rates-file.ts';
import { runDirectory } from '../results/run-folders.ts';
import { readRun } from '../results/run-reader.ts';
import { shownRun } from '../results/shown-runs.ts';
import { type FailedRun, makeRuns } from '../run/driver.ts';
import type { Cluster } from '../run/order-socket.ts';
import { clusterOf, type ClusterRequest, dismiss, hostSettings } from './cluster.ts';
import { configFile } from './config-path.ts';
import { drawCharts } from './draw.ts';
import { EXIT } from './exit-code.ts';
import { type LiveRequest, servedMeanwhile } from './live.ts';
import { screenWidth } from './screen.ts';

/** What the command line asks for. */
export interface RateRequest {
  /** A config file, or the name of one of the package. */
  readonly config: string;
  /** Which of its scales. */
  readonly scale: Scale;
  /** The NEXMark query to run instead of the config's. */
  readonly query: string | undefined;
  /** The engine to run on instead of the config's. */
  readonly engine: 'typescript' | 'timely' | undefined;
  /** Settings, `path=value`, that go before those of the search. */
  readonly settings: readonly string[];
  /** The first rate. */
  readonly fromPerSecond: number;
  /** Limit of the steady 99th percentile; that which the config expects, or else 100 ms, when undefined. */
  readonly p99Ns: number | undefined;
  /** The folder of all results. */
  readonly out: string;
  /** Makes runs again that are done. */
  readonly force: boolean;
  /** Prints what rates.json holds on the standard output, and all else on the standard error. */
  readonly json: boolean;
  /** What can be watched while the runs go on. */
  readonly live: LiveRequest;
  /** The other processes. */
  readonly cluster: ClusterRequest;
}

/** What a run of the search is unless `--set` says otherwise: V8 compiles in the first seconds, and nothing migrates. */
const SETTINGS = ['duration=10 s', 'warmUp=2 s', 'migrations=[]'];

/** Least time that a run measures. */
const LEAST_MEASURED_S = 2;

const DEFAULT_P99_NS = 100e6;

/** The rate that is not sustained is at most this many times the one that is. */
const PRECISION = 1.1;

const complain = (line: string): void => console.error(`megaphone: ${line}`);

/** Why a search ended without a rate. */
class Stopped extends Error {
  override name = 'Stopped';
  /** The run that failed; absent when the signal stopped the search. */
  readonly failed: FailedRun | undefined;

  constructor(failed?: FailedRun) {
    super('the search was stopped');
    this.failed = failed;
  }
}

/**
 * Searches the highest sustained rate of each setting of a config, and returns the exit code. Runs that are done are not made
 * again, so an interrupted search goes on where it stopped.
 *
 * @param signal - aborted by Ctrl-C
 * @throws {InputError} when the config is wrong, a run would measure too little, a port cannot be had, or the disk does not take the results
 */
export async function findRates(request: RateRequest, signal: AbortSignal): Promise<number> {
  const { scale, out, json } = request;
  const print = json ? (line: string) => console.error(line) : (line: string) => console.log(line);
  const specs = searchedSpecs(request);
  const cluster = clusterOf(specs, request.cluster);
  const [first] = specs;
  if (first === undefined) throw new ConfigError(request.config, 'has no runs');
  const p99Ns = request.p99Ns ?? first.expect?.p99Ns ?? DEFAULT_P99_NS;
  const labels = measurementLabels(specs);
  print(`${styleText('bold', `${first.experiment} (${scale})`, { stream: process.stdout })}: ${first.title}`);
  print(`  sustained: ${criterionText(p99Ns)}, in two of at most three runs`);
  print(
    `  from ${formatCount(request.fromPerSecond)} records/s, by doubling, then by bisection to within ${Math.round((PRECISION - 1) * 100)} %; ` +
      `about ${formatWait(new RunEstimates().secondsOf(first))} a run; results in ${join(out, first.experiment)}`,
  );
  const directory = join(out, first.experiment);
  const rates: SustainedRate[] = [];
  try {
    await servedMeanwhile(request.live, directory, print, async () => {
      for (const [index, spec] of specs.entries()) {
        const label = labels[index] ?? '';
        rates.push(await searchOne(spec, { label, p99Ns, request, signal, print, cluster }));
      }
    });
  } catch (error) {
    await dismiss(cluster, false);
    if (!(error instanceof Stopped)) throw error;
    if (error.failed === undefined) {
      complain('interrupted; run the same command again to continue');
      return EXIT.interrupted;
    }
    complain(
      `${error.failed.label} failed (${error.failed.directory}): ${error.failed.message.split('\n', 1)[0] ?? ''}`,
    );
    console.error(error.failed.stack);
    return EXIT.failed;
  }
  await dismiss(cluster, true);
  const found: RatesFile = { experiment: first.experiment, scale, criterion: criterionText(p99Ns), rates };
  writeRates(directory, found);
  for (const line of ['', ...rateLines(rates), '']) print(line);
  const made = rates.flatMap(({ runs }) => runs);
  const shown = made.flatMap(({ id, ratePerSecond }) =>
    specs
      .map((spec) => shownRun({ ...spec, ratePerSecond, repeat: Number(id.split('-')[1]) }))
      .filter((run) => run.id === id),
  );
  for (const file of await drawCharts({ directory, shown, onNote: complain })) print(file);
  if (json) console.log(JSON.stringify(found, null, 2));
  return EXIT.done;
}

/** One spec per setting of the config, at the first rate. */
function searchedSpecs({ config, scale, query, settings, fromPerSecond, cluster, engine }: RateRequest): RunSpec[] {
  const { name, title, specs } = loadExperiment(configFile(config), {
    scale,
    query,
    engine,
    settings: [...SETTINGS, `rate=${fromPerSecond}`, ...hostSettings(cluster), ...settings],
  });
  const searched = new Map<string, RunSpec>();
  for (const spec of specs) {
    const measuredS = spec.durationS - 2 * spec.warmUpS;
    if (measuredS < LEAST_MEASURED_S) {
      throw new InputError(
        `--set: a run of ${spec.durationS} s with a warm-up of ${spec.warmUpS} s at either end measures ${measuredS} s; expected at least ${LEAST_MEASURED_S} s`,
      );
    }
    const once: RunSpec = {
      ...spec,
      experiment: `${name}${RATES_SUFFIX}`,
      title: `Highest sustained rate: ${title}`,
      figure: 'max-vs-rate',
      ratePerSecond: fromPerSecond,
    };
    searched.set(runId(once), once);
  }
  return [...searched.values()];
}

interface SearchContext {
  readonly label: string;
  readonly p99Ns: number;
  readonly request: RateRequest;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  readonly cluster: Cluster | undefined;
}

async function searchOne(spec: RunSpec, context: SearchContext): Promise<SustainedRate> {
  const { label, p99Ns, request, signal, print, cluster } = context;
  const runs: SustainedRate['runs'] = [];
  const attempt = async (ratePerSecond: number, repeat: number): Promise<boolean> => {
    const run = { ...spec, ratePerSecond, repeat };
    const name = `${label}, ${formatCount(ratePerSecond)} records/s, run ${repeat}`;
    const options = { out: request.out, force: request.force, signal, stream: process.stderr, labels: [name], cluster };
    const { interrupted, failed } = await makeRuns([run], options);
    if (interrupted || failed !== undefined) throw new Stopped(failed);
    const outcome = outcomeOf(readRun(runDirectory(request.out, run)));
    const missed = shortfalls(outcome, p99Ns);
    runs.push({ id: runId(run), ratePerSecond, ...outcome, shortfalls: missed });
    print(
      `  ${name}: ${missed.length === 0 ? `sustained, p99 ${formatLatency(outcome.p99Ns)}` : `not sustained, ${missed.join(', ')}`}`,
    );
    return missed.length === 0;
  };
  const found = await searchRate({ fromPerSecond: request.fromPerSecond, precision: PRECISION }, (ratePerSecond) => {
    const fault = checkRun({ ...spec, ratePerSecond }, machineMemory());
    if (fault === undefined) return confirmed((repeat) => attempt(ratePerSecond, repeat));
    print(`  ${label}, ${formatCount(ratePerSecond)} records/s: cannot be run, ${fault.problem}`);
    return Promise.resolve(false);
  });
  return {
    label,
    ...(found.holdsPerSecond !== undefined && { sustainedPerSecond: found.holdsPerSecond }),
    notSustainedPerSecond: found.failsPerSecond,
    runs,
  };
}

/** The table of the end. */
function rateLines(rates: readonly SustainedRate[]): string[] {
  const rows = rates.map(({ label, sustainedPerSecond, notSustainedPerSecond, runs }) => {
    const p99s = runs.filter(({ ratePerSecond }) => ratePerSecond === sustainedPerSecond).map(({ p99Ns }) => p99Ns);
    const perSecond = (rate: number | undefined): string => (rate === undefined ? '-' : `${formatShortCount(rate)}/s`);
    const p99 =
      p99s.length === 0 ? '-' : [...new Set([Math.min(...p99s), Math.max(...p99s)].map(formatLatency))].join(' to ');
    return [label, perSecond(sustainedPerSecond), perSecond(notSustainedPerSecond), p99, String(runs.length)];
  });
  const columns = [
    { heading: 'highest rate', align: 'left' },
    { heading: 'sustained', align: 'right' },
    { heading: 'not sustained', align: 'right' },
    { heading: 'p99 where sustained', align: 'right' },
    { heading: 'runs', align: 'right', optional: true },
  ] as const;
  return alignColumns(columns, rows, screenWidth());
}
