/** The commands and options of `megaphone`. */
import { readFileSync } from 'node:fs';
import { MAX_BIN_SHIFT } from 'megaphone-engine/migration';
import { STRATEGIES } from 'megaphone-engine/planning';
import yargs, { type Argv } from 'yargs';
import { nexmarkWorkloads } from '../../workloads/index.ts';
import { MOST_HOSTS } from '../config/hosts.ts';
import { alternatives, nearest } from '../config/nearest.ts';
import type { StrategySpec } from '../config/run-spec.ts';
import { ENGINES, FIGURES, runSchema, SCALES } from '../config/schema.ts';
import { parseBinShift, UnitError } from '../config/units.ts';
import { cleanResults } from './clean-command.ts';
import { clusterAt, type ClusterRequest, hostOptions, hostsOf, joinOptions } from './cluster.ts';
import { completions, printCompletion } from './completion-command.ts';
import { compareFormat, compareResults } from './compare-command.ts';
import { packageConfigs } from './config-path.ts';
import { printClaims } from './claims-command.ts';
import { makeFigures } from './figures-command.ts';
import { listResults } from './list-command.ts';
import type { LiveRequest } from './live.ts';
import { parseConfiguration, printConfigPlans, printPlan } from './plan-command.ts';
import { plotExperiment } from './plot-command.ts';
import { findRates } from './rate-command.ts';
import { writeReport } from './report-command.ts';
import { runExperiment } from './run-command.ts';
import { showRun } from './show-command.ts';
import { UsageError } from './usage-error.ts';
import { watchResults } from './watch-command.ts';
import { serveRuns } from './worker-command.ts';
import { durationNs, oneOf, pictureFile, portNumber, refuseOddFlags, single, wholeNumber } from './values.ts';

const NEXMARK_QUERIES = Object.keys(nexmarkWorkloads);

const COMMANDS = [
  'run',
  'watch',
  'figures',
  'rate',
  'worker',
  'claims',
  'list',
  'show',
  'plot',
  'report',
  'compare',
  'clean',
  'plan',
  'loc',
  'completion',
];

/** Takes options as text; what is not yet a value of the command is checked before it starts. */
const text = { type: 'string', requiresArg: true } as const;

/** An option that is given or not. */
const flagOption = (describe: string) => ({ type: 'boolean', default: false, describe }) as const;

/** Where results are, for commands that read them. */
const resultsPositional = {
  type: 'string',
  default: 'results',
  describe: 'folder of results, of all experiments or of one',
} as const;

const clusterOptions = {
  ...hostOptions,
  join: flagOption('the other processes are started by hand (megaphone worker), not over ssh'),
  ...joinOptions,
} as const;

const workerOptions = {
  process: {
    ...text,
    demandOption: true,
    coerce: (value: unknown) =>
      wholeNumber('process', value, { noun: 'the process', minimum: 0, maximum: MOST_HOSTS - 1 }),
    describe: 'which of the hosts this is, from 1 on: process 0 is megaphone run --join',
  },
  ...hostOptions,
  ...joinOptions,
} as const;

const engineOption = {
  ...text,
  choices: ENGINES,
  coerce: (value: unknown) => (value === undefined ? undefined : oneOf('engine', value, ENGINES)),
  describe: 'run on another engine than the config says; timely needs Rust',
} as const;

const liveOptions = {
  port: {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : portNumber('port', value)),
    defaultDescription: 'one that is free',
    describe: 'port of the live page, on this machine only',
  },
  'metrics-port': {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : portNumber('metrics-port', value)),
    describe: 'serve what goes on at /metrics of this port for Prometheus, on this machine only',
  },
} as const;

/** Those of commands that make runs. */
const ownLiveOptions = {
  live: flagOption('serve a page on which the runs can be watched'),
  ...liveOptions,
} as const;

const runOptions = {
  scale: {
    ...text,
    choices: SCALES,
    default: 'laptop',
    coerce: (value: unknown) => oneOf('scale', value, SCALES),
    describe: 'which of the config’s scales',
  },
  set: {
    ...text,
    array: true,
    default: [],
    defaultDescription: 'none',
    describe: 'sets a value of the config, path=value; may be repeated',
  },
  query: {
    ...text,
    choices: NEXMARK_QUERIES,
    coerce: (value: unknown) => (value === undefined ? undefined : oneOf('query', value, NEXMARK_QUERIES)),
    describe: 'another NEXMark query on the input of a NEXMark config',
  },
  engine: engineOption,
  repeat: {
    ...text,
    default: '1',
    coerce: (value: unknown) => wholeNumber('repeat', value, { noun: 'repeats', minimum: 1, maximum: 1000 }),
    describe: 'how often each run is made',
  },
  out: {
    ...text,
    default: 'results',
    coerce: (value: unknown) => single('out', value),
    describe: 'folder of the results',
  },
  verify: flagOption('compare the outputs with a single-threaded oracle'),
  force: flagOption('make runs again that are done'),
  'dry-run': flagOption('only say what would be run, and for how long'),
  json: flagOption('print the summaries of all runs as one JSON document, all else on the standard error'),
  ...ownLiveOptions,
  ...clusterOptions,
} as const;

const figuresOptions = {
  scale: runOptions.scale,
  engine: engineOption,
  out: runOptions.out,
  list: flagOption('only say what there is, how long it takes, and what is done'),
  force: runOptions.force,
  ...ownLiveOptions,
} as const;

const rateOptions = {
  scale: runOptions.scale,
  set: runOptions.set,
  query: runOptions.query,
  engine: engineOption,
  from: {
    ...text,
    default: '100000',
    coerce: (value: unknown) => wholeNumber('from', value, { noun: 'records/s', minimum: 1, maximum: 1e12 }),
    describe: 'the first rate, in records/s',
  },
  p99: {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : durationNs('p99', value)),
    defaultDescription: 'what the config expects, or 100 ms',
    describe: 'the steady 99th percentile of a sustained rate is below it',
  },
  out: runOptions.out,
  force: runOptions.force,
  json: flagOption('print the rates as one JSON document, all else on the standard error'),
  ...ownLiveOptions,
  ...clusterOptions,
} as const;

const cleanOptions = {
  'dry-run': flagOption('only say what would be removed'),
  failed: flagOption('remove failed attempts, too'),
  'other-code': flagOption('remove runs that other code has made, too'),
} as const;

const showOptions = {
  out: {
    ...text,
    default: 'results',
    coerce: (value: unknown) => single('out', value),
    describe: 'folder in which an id is looked for',
  },
} as const;

const stepBins = { noun: 'bins', minimum: 1, maximum: 2 ** MAX_BIN_SHIFT };

const planOptions = {
  scale: { ...runOptions.scale, describe: 'which of the config’s scales, where a config is given' },
  workers: {
    ...text,
    coerce: (value: unknown) =>
      value === undefined ? undefined : wholeNumber('workers', value, { noun: 'workers', minimum: 1, maximum: 1024 }),
    describe: 'number of workers, where no config is given',
  },
  bins: {
    ...text,
    default: '2^4',
    coerce: (value: unknown) => binShiftOf('bins', value),
    describe: 'number of bins, a power of two',
  },
  from: {
    ...text,
    default: 'balanced',
    describe: 'where bins are: balanced, imbalanced, one-worker:0, explicit:0,1,..',
  },
  to: {
    ...text,
    default: 'imbalanced',
    describe: 'where they shall be; also scale-out:4, scale-in:2 (workers afterwards)',
  },
  strategy: {
    ...text,
    choices: STRATEGIES,
    default: 'fluid',
    coerce: (value: unknown) => oneOf('strategy', value, STRATEGIES),
    describe: 'how the migration is cut into steps',
  },
  'bins-per-step': {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : wholeNumber('bins-per-step', value, stepBins)),
    describe: 'batched: bins moved by a step',
  },
  'bins-per-pair': {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : wholeNumber('bins-per-pair', value, stepBins)),
    describe: 'optimized: bins that leave, and that enter, a worker in a step (default 1)',
  },
} as const;

const locOptions = {
  files: flagOption('list the files that are counted'),
  csv: {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : single('csv', value)),
    describe: 'write the rows to this file',
  },
} as const;

const plotOptions = {
  figure: {
    ...text,
    choices: FIGURES,
    coerce: (value: unknown) => (value === undefined ? undefined : oneOf('figure', value, FIGURES)),
    describe: 'kind of all charts (default: what each config says)',
  },
} as const;

const reportOptions = {
  out: {
    ...text,
    default: 'report.html',
    coerce: (value: unknown) => single('out', value),
    describe: 'the file to write',
  },
} as const;

const compareOptions = {
  baseline: {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : single('baseline', value)),
    describe: 'the folder that the others are compared with (default: the first)',
  },
  json: flagOption('print JSON'),
  csv: flagOption('print CSV, a line per metric'),
  markdown: flagOption('print Markdown tables'),
  'fail-on': {
    ...text,
    choices: ['slower'],
    coerce: (value: unknown) => (value === undefined ? undefined : oneOf('fail-on', value, ['slower'])),
    describe: 'exit with 3 when a verdict is this one',
  },
  metric: {
    ...text,
    array: true,
    default: [],
    defaultDescription: 'all',
    describe: 'a metric, or how its name begins or ends: p99, maximum, “migration 1”; may be repeated',
  },
  chart: {
    ...text,
    coerce: (value: unknown) => (value === undefined ? undefined : pictureFile('chart', value)),
    describe: 'draw the ratios into this file, .svg or .png',
  },
} as const;

const claimsOptions = {
  scale: runOptions.scale,
  out: runOptions.out,
  json: flagOption('print an array of objects'),
  markdown: flagOption('print the table of the README'),
} as const;

const COMMAND_OPTIONS = [
  runOptions,
  liveOptions,
  figuresOptions,
  rateOptions,
  workerOptions,
  claimsOptions,
  compareOptions,
  plotOptions,
  reportOptions,
  planOptions,
  locOptions,
  cleanOptions,
  showOptions,
];

const OPTIONS = COMMAND_OPTIONS.flatMap((options) => Object.keys(options)).concat('help', 'version');

/** Options that take no value but `true` and `false`. */
const FLAGS = COMMAND_OPTIONS.flatMap((options) =>
  Object.entries<{ readonly type: string }>(options).flatMap(([name, { type }]) => (type === 'boolean' ? [name] : [])),
);

/** Settings of a config that are looked for among the options, and their path. */
const SETTINGS = new Map([
  ...Object.keys(runSchema.shape).map((key) => [key, key] as const),
  ['workers', 'topology.workers'] as const,
  ['processes', 'topology.processes'] as const,
  ['domain', 'workload.domain'] as const,
  ['variant', 'workload.variant'] as const,
]);

/**
 * The parser of the command line. Parsing runs the command.
 *
 * @param args - the arguments after the program's name
 * @param signal - aborted by Ctrl-C
 * @param exitWith - told the exit code of the command that ran
 */
export function commandLine(args: readonly string[], signal: AbortSignal, exitWith: (code: number) => void): Argv {
  refuseOddFlags(args, FLAGS);
  const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve('megaphone/package.json')), 'utf8')) as {
    version: string;
  };
  return yargs([...args])
    .scriptName('megaphone')
    .usage('$0 <command>\n\nLatency-conscious state migration: runs experiments and draws their charts.')
    .parserConfiguration({ 'boolean-negation': false, 'greedy-arrays': false, 'parse-positional-numbers': false })
    .locale('en')
    .command(
      'run <config>',
      'make the runs of an experiment and draw its charts',
      (command) =>
        command
          .positional('config', {
            type: 'string',
            demandOption: true,
            describe: `a config file, or ${alternatives(packageConfigs())}`,
          })
          .options(runOptions)
          .example('$0 run fig1', 'the first figure, at the size of a laptop')
          .example('$0 run fig1 --scale smoke --verify', 'in seconds, outputs compared with an oracle')
          .example('$0 run fig1 --set rate=1e6 --set topology.workers=4', 'with other values')
          .example('$0 run my.yaml --repeat 3 --dry-run', 'what would be run, three times each')
          .example('$0 run fig1 --live', 'with a page on which it can be watched')
          .example('$0 run fig1 --hosts node1,node2', 'a process on each, started over ssh'),
      async ({ config, scale, query, engine, set, repeat, out, verify, force, dryRun, json, ...given }) => {
        const cluster = clusterRequest(given);
        const request = {
          config,
          scale,
          query,
          engine,
          settings: set,
          repeats: repeat,
          out,
          verify,
          force,
          dryRun,
          json,
          live: liveRequest(given),
          cluster,
        };
        exitWith(await runExperiment(request, signal));
      },
    )
    .command(
      'watch [results]',
      'serve a page on which the runs that go on can be watched',
      (command) =>
        command
          .positional('results', { ...resultsPositional, describe: 'folder of results, where runs go on or will' })
          .options(liveOptions)
          .example('$0 watch', 'while figures are made in another shell')
          .example('$0 watch results/fig1 --metrics-port 9464', ''),
      async ({ results, port, metricsPort }) =>
        exitWith(await watchResults(results, { page: port ?? 0, metrics: metricsPort }, signal)),
    )
    .command(
      'figures [ids..]',
      'make the figures of the paper: the runs that are missing, and all charts',
      (command) =>
        command
          .positional('ids', { type: 'string', array: true, default: [], describe: 'fig1, .., table1; by default all' })
          .options(figuresOptions)
          .example('$0 figures --list', 'what there is, how long it takes, and what is done')
          .example('$0 figures fig5 fig16', 'two of them')
          .example('$0 figures --live', 'with a page on which they can be watched'),
      async ({ ids, scale, engine, out, list, force, ...given }) =>
        exitWith(await makeFigures({ ids, scale, engine, out, list, force, live: liveRequest(given) }, signal)),
    )
    .command(
      'rate <config>',
      'search the highest rate that a config sustains',
      (command) =>
        command
          .positional('config', { type: 'string', demandOption: true, describe: 'a config, as for run' })
          .options(rateOptions)
          .example('$0 rate fig1', 'without migrations, in runs of 10 s')
          .example('$0 rate fig1 --from 4e6 --p99 10ms --set bins=2^8', '')
          .example('$0 rate fig14', 'of each of its settings'),
      async ({ config, scale, set, query, engine, from, p99, out, force, json, ...given }) => {
        const cluster = clusterRequest(given);
        const request = {
          config,
          scale,
          settings: set,
          query,
          engine,
          fromPerSecond: from,
          p99Ns: p99,
          out,
          force,
          json,
          live: liveRequest(given),
          cluster,
        };
        exitWith(await findRates(request, signal));
      },
    )
    .command(
      'worker',
      'take part in the runs of another host, until it has made all',
      (command) =>
        command
          .options(workerOptions)
          .example('$0 worker --process 1 --hosts node1,node2', 'on node2, while node1 does:')
          .example('$0 run fig1 --hosts node1,node2 --join', ''),
      async ({ process, hosts, hostFile, tokenFile, wait }) => {
        const all = hostsOf(hosts, hostFile);
        if (all === undefined) throw new UsageError('worker needs --hosts or --host-file; see megaphone worker --help');
        exitWith(await serveRuns(clusterAt(all, { tokenFile, waitMs: wait }), process, signal));
      },
    )
    .command(
      'list [results]',
      'list experiments and their runs',
      (command) => command.positional('results', resultsPositional).example('$0 list results/fig1', ''),
      ({ results }) => exitWith(listResults(results)),
    )
    .command(
      'show <run>',
      'print all that is known of a run',
      (command) =>
        command
          .positional('run', { type: 'string', demandOption: true, describe: 'a run’s folder, or its id' })
          .options(showOptions)
          .example('$0 show 0123456789-1', ''),
      ({ run, out }) => exitWith(showRun(run, out)),
    )
    .command(
      'plot <results>',
      'draw the charts of finished runs again, from their files',
      (command) =>
        command
          .positional('results', {
            type: 'string',
            demandOption: true,
            describe: 'folder of a run, of an experiment, or of all results',
          })
          .options(plotOptions)
          .example('$0 plot results/fig1', '')
          .example('$0 plot results/fig1 --figure ccdf', 'the same runs as another kind of chart'),
      async ({ results, figure }) => exitWith(await plotExperiment(results, figure)),
    )
    .command(
      'report [results..]',
      'write results as one HTML file: charts, intervals, tables, claims',
      (command) =>
        command
          .positional('results', {
            type: 'string',
            array: true,
            default: ['results'],
            describe: 'folders of a run, of an experiment, or of several; others are laid beside the first',
          })
          .options(reportOptions)
          .example('$0 report results/fig1 --out fig1.html', '')
          .example('$0 report results/fig1 ../other/results/fig1', 'with a table of differences'),
      async ({ results, out }) => exitWith(await writeReport({ folders: results, out })),
    )
    .command(
      'clean [results]',
      'remove what dead processes left, failed attempts, runs of other code',
      (command) =>
        command
          .positional('results', resultsPositional)
          .options(cleanOptions)
          .example('$0 clean --failed --dry-run', 'what would be removed'),
      ({ results, failed, otherCode, dryRun }) => exitWith(cleanResults({ results, failed, otherCode, dryRun })),
    )
    .command(
      'compare <results..>',
      'compare the results of two or more folders with the first',
      (command) =>
        command
          .positional('results', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'folders of a run, of an experiment, or of several',
          })
          .options(compareOptions)
          .example('$0 compare results/fig1 ../other/results/fig1 --fail-on slower', '')
          .example('$0 compare old/fig1 new/fig1 --metric p99 --metric maximum --chart ratios.svg', ''),
      async ({ results, baseline, json, csv, markdown, failOn, metric, chart }) => {
        const format = compareFormat({ json, csv, markdown });
        const failOnSlower = failOn === 'slower';
        exitWith(await compareResults({ folders: results, baseline, format, failOnSlower, metrics: metric, chart }));
      },
    )
    .command(
      'plan [config]',
      'print the steps of a migration, or of those of a config',
      (command) =>
        command
          .positional('config', { type: 'string', describe: 'plan the migrations of this config' })
          .options(planOptions)
          .example('$0 plan fig1 --scale smoke', 'what fig1 does at that scale')
          .example('$0 plan --workers 4 --bins 2^4 --from balanced --to imbalanced --strategy fluid', '')
          .example('$0 plan --workers 4 --to scale-in:2 --strategy optimized', ''),
      ({ config, scale, workers, bins, from, to, strategy, binsPerStep, binsPerPair }) => {
        if (config !== undefined) {
          if (workers !== undefined)
            throw new UsageError('--workers: the config says how many; expected one of the two');
          exitWith(printConfigPlans({ config, scale }));
          return;
        }
        if (workers === undefined) throw new UsageError('plan needs --workers, or a config; see megaphone plan --help');
        exitWith(
          printPlan({
            workers,
            binShift: bins,
            from: parseConfiguration('from', single('from', from)),
            to: parseConfiguration('to', single('to', to)),
            strategy: strategyOf(strategy, binsPerStep, binsPerPair),
          }),
        );
      },
    )
    .command(
      'loc',
      'count the lines of code of the NEXMark queries, table 1',
      (command) => command.options(locOptions).example('$0 loc --files', ''),
      async ({ files, csv }) => {
        // The counting loads a compiler, which no other command needs.
        const { printLoc } = await import('./loc-command.ts');
        exitWith(printLoc({ files, csv }));
      },
    )
    .command(
      'claims',
      'which claims of the paper hold for the results that are there',
      (command) => command.options(claimsOptions).example('$0 claims --out results', ''),
      ({ scale, out, json, markdown }) => exitWith(printClaims({ scale, out, json, markdown })),
    )
    .command('completion', 'print a script that completes commands, options and configs in the shell', {}, () =>
      exitWith(printCompletion()),
    )
    .completion('completion-script', false, completionOf)
    .demandCommand(1, `expected a command: ${COMMANDS.join(', ')}`)
    .strict()
    .version(version)
    .help()
    .alias({ h: 'help' })
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // What an option's coerce throws comes back as an error of the parser itself.
      if (error !== undefined && error.name !== 'YError') throw error;
      throw new UsageError(explain(message ?? error?.message ?? '', args));
    });
}

/** What yargs calls for a completion; its types know the filter's callback by another form. */
function completionOf(
  current: string,
  line: { readonly _: readonly (string | number)[] },
  propose: (onProposed: (error: Error | null, proposed: readonly string[] | undefined) => void) => unknown,
  done: (words: string[]) => void,
): void {
  propose((_error, proposed) => done(completions(line._.map(String), current, proposed ?? [])));
}

/** What the options about watching ask for. */
function liveRequest({
  live,
  port,
  metricsPort,
}: {
  readonly live: boolean;
  readonly port: number | undefined;
  readonly metricsPort: number | undefined;
}): LiveRequest {
  if (port !== undefined && !live) throw new UsageError('--port: belongs to the live page; expected --live with it');
  return { page: live ? (port ?? 0) : undefined, metrics: metricsPort };
}

/** What the options about other processes ask for. */
function clusterRequest({
  hosts,
  hostFile,
  join,
  tokenFile,
  wait,
}: {
  readonly hosts: string[] | undefined;
  readonly hostFile: string[] | undefined;
  readonly join: boolean;
  readonly tokenFile: string | undefined;
  readonly wait: number;
}): ClusterRequest {
  return { hosts: hostsOf(hosts, hostFile), join, tokenFile, waitMs: wait };
}

function binShiftOf(option: string, value: unknown): number {
  try {
    return parseBinShift(single(option, value));
  } catch (error) {
    throw error instanceof UnitError ? new UsageError(`--${option}: ${error.message}`) : error;
  }
}

function strategyOf(
  name: StrategySpec['name'],
  binsPerStep: number | undefined,
  binsPerPair: number | undefined,
): StrategySpec {
  if (binsPerStep !== undefined && name !== 'batched') {
    throw new UsageError(`--bins-per-step does not belong to ${name}`);
  }
  if (binsPerPair !== undefined && name !== 'optimized') {
    throw new UsageError(`--bins-per-pair does not belong to ${name}`);
  }
  if (name === 'optimized') return { name, binsPerPair: binsPerPair ?? 1, gapMs: 0 };
  if (name !== 'batched') return { name, gapMs: 0 };
  if (binsPerStep === undefined) throw new UsageError('batched needs --bins-per-step');
  return { name, binsPerStep, gapMs: 0 };
}

/** What the parser complains about, in one line and with the nearest name or another hint. */
function explain(complaint: string, args: readonly string[]): string {
  if (complaint.startsWith('--')) return complaint;
  const unknown = /^Unknown (?:arguments?|commands?): ([^,\s]+)/u.exec(complaint)?.[1];
  if (unknown !== undefined) return explainUnknown(unknown, args);
  const valueless = /^Not enough arguments following: (\S+)/u.exec(complaint)?.[1];
  if (valueless !== undefined) return `--${valueless} needs a value`;
  const missing = /^Missing required arguments?: (\S+)/u.exec(complaint)?.[1];
  if (missing !== undefined) return `--${missing} is missing; see megaphone ${args[0] ?? ''} --help`;
  if (complaint.startsWith('Not enough non-option arguments')) {
    const needed: Readonly<Record<string, string>> = {
      plot: 'plot needs the results of an experiment, for instance results/fig1',
      compare: 'compare needs two folders of results, for instance results/fig1 ../other/results/fig1',
      rate: `rate needs a config, for instance ${packageConfigs()[0]}`,
      show: 'show needs a run, for instance results/fig1/0123456789-1',
    };
    const command = args.find((argument) => !argument.startsWith('-')) ?? '';
    return `${needed[command] ?? `run needs a config, for instance ${packageConfigs()[0]}`}; see megaphone --help`;
  }
  const flat = complaint.replaceAll(/\s+/gu, ' ').trim();
  return `${flat}; see megaphone --help`;
}

function explainUnknown(name: string, args: readonly string[]): string {
  const isOption = args.some((argument) => argument.startsWith('-') && argument.includes(name));
  const first = args.find((argument) => !argument.startsWith('-'));
  const kind = isOption ? 'option' : name === first ? 'command' : 'argument';
  const candidates = { option: OPTIONS, command: COMMANDS, argument: [] }[kind];
  const dashes = isOption ? '--' : '';
  const setting = isOption ? SETTINGS.get(name) : undefined;
  if (setting !== undefined && (first === 'run' || first === 'rate')) {
    const after = args.indexOf(`--${name}`) + 1;
    const given = args.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
    const value = given ?? (after > 0 ? args[after] : undefined) ?? 'value';
    return `unknown option --${name}; a setting of the config is written --set ${setting}=${value}`;
  }
  const meant = nearest(name, candidates);
  return `unknown ${kind} ${dashes}${name}; ${meant === undefined ? 'see megaphone --help' : `did you mean ${dashes}${meant}?`}`;
}
