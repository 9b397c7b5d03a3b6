/**
 * From a config file to the list of runs that it asks for.
 *
 * The file's values are those of the paper; the values of the scale are laid on them, then those of each case, then the
 * settings of the command line. What is left with a list where one value is expected stands for one run per item.
 */
import { basename, dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STRATEGIES } from 'megaphone-engine/planning';
import { nexmarkWorkloads } from '../../workloads/index.ts';
import { checkRun } from './checks.ts';
import { ConfigError } from './input-error.ts';
import { machineMemory, type MachineMemory } from './memory.ts';
import { alternatives, suggestion } from './nearest.ts';
import { quoted } from './one-line.ts';
import { isPlugInPath } from './plug-in.ts';
import { readConfig } from './read-config.ts';
import type { ConfigurationSpec, Expectations, RunSpec, Scale, StrategySpec } from './run-spec.ts';
import { isExperimentName, runId } from './run-id.ts';
import { runSchema, SCALES, type RunInput } from './schema.ts';
import { countExpanded, expand, locate, locateKey, merge, plain, set, without, type Tree } from './tree.ts';
import { DEEPEST, parseSetting, parseTree } from './yaml-tree.ts';

/** Most runs of an experiment, repeats included. */
const MOST_RUNS = 100_000;

/** What the command line adds to a config. */
export interface LoadOptions {
  /** Which of the file's scales; the paper's needs no entry, and a file without `scales` is the same at each. */
  readonly scale: Scale;
  /** The NEXMark query to run instead of the config's. */
  readonly query?: string | undefined;
  /** The engine to run on instead of the config's. */
  readonly engine?: 'typescript' | 'timely' | undefined;
  /** Settings as given, `path=value`, applied in order. */
  readonly settings?: readonly string[];
  /** How often each run is repeated, from 1. */
  readonly repeats?: number;
  /** Whether the oracle recomputes the outputs of each run. */
  readonly verify?: boolean;
  /** Where relative paths of the config begin; by default the folder of its file. Those of settings begin in the current one. */
  readonly folder?: string;
  /** The memory that every run has to fit in; by default this machine's. */
  readonly memory?: MachineMemory;
}

/** A config file, resolved. */
export interface Experiment {
  /** Name of the file without its extension; with the query and the engine when they are others. */
  readonly name: string;
  /** What the experiment shows, in one line. */
  readonly title: string;
  /** The runs in the order in which they are made; no two are equal. */
  readonly specs: readonly RunSpec[];
}

/**
 * Reads and resolves a config file.
 *
 * @throws {InputError} when it cannot be read, or is no text file of at most 1 MiB
 * @throws {ConfigError} when it, or a setting, says something impossible
 */
export function loadExperiment(file: string, options: LoadOptions): Experiment {
  const text = readConfig(file);
  return resolveExperiment(text, basename(file), { folder: dirname(resolve(file)), ...options });
}

/**
 * Resolves the text of a config; `fileName` is how errors call it, and without its extension the experiment's name.
 *
 * @throws {ConfigError} when the config, or a setting, says something impossible
 */
export function resolveExperiment(text: string, fileName: string, options: LoadOptions): Experiment {
  const { scale, query, engine, repeats = 1, verify = false, memory = machineMemory(), folder = '' } = options;
  const settings = [...(engine === undefined ? [] : [`engine=${engine}`]), ...(options.settings ?? [])];
  const file = basename(fileName, extname(fileName));
  // What differs in more than a setting is kept in a folder of its own.
  const name = [file, query, engine === 'typescript' ? undefined : engine].filter(Boolean).join('-');
  if (!isExperimentName(name)) {
    throw new ConfigError(
      fileName,
      `results cannot be in a folder named ${quoted(name)}; expected a name like fig1.yaml`,
    );
  }
  const parsed = parseTree(text, fileName);
  if (parsed.kind !== 'mapping') throw new ConfigError(parsed.where, 'expected a mapping at the top of the config');
  const scaled = atScale(parsed, scale, fileName);
  const specs = new Map<string, RunSpec>();
  const varied = variations(scaled).map((variation) => {
    refuseTooMany([variation], 1, fileName);
    const queried = query === undefined ? variation : withQuery(variation, query, fileName);
    return settings.reduce(applySetting, queried);
  });
  refuseTooMany(varied, repeats, fileName);
  for (const variation of varied) {
    for (const expanded of expand(variation)) {
      const tree = withPlugInFile(expanded, folder);
      const input = validate(tree);
      if (input.migrations.length > 0 && input.strategy === undefined) {
        const problem = `missing; the migrations need ${alternatives(STRATEGIES)}`;
        throw new ConfigError(locate(tree, ['strategy']), problem);
      }
      const once = toSpec(input, { name, scale, verify });
      const fault = checkRun(once, memory);
      if (fault !== undefined) throw new ConfigError(locate(tree, fault.path), fault.problem);
      const same = specs.get(runId(once));
      if (same !== undefined && JSON.stringify(same.expect) !== JSON.stringify(once.expect)) {
        throw new ConfigError(locate(tree, ['expect']), 'two expectations of the same run; expected one value of each');
      }
      for (let repeat = 1; repeat <= repeats; repeat += 1) specs.set(runId({ ...once, repeat }), { ...once, repeat });
    }
  }
  const all = [...specs.values()];
  return { name, title: all[0]?.title ?? name, specs: all };
}

/** Refuses a sweep that would not end, before its runs are listed. */
function refuseTooMany(trees: readonly Tree[], repeats: number, fileName: string): void {
  const runs = trees.reduce((sum, tree) => sum + countExpanded(tree), 0) * repeats;
  if (runs <= MOST_RUNS) return;
  const number = Number.isSafeInteger(runs) ? runs : 'more than 2^53';
  throw new ConfigError(fileName, `its lists stand for ${number} runs; expected at most ${MOST_RUNS}`);
}

/** The tree with the scale's values laid on it, without the other scales; a file without any is the same at each. */
function atScale(tree: Tree & { kind: 'mapping' }, scale: Scale, fileName: string): Tree {
  const base = without(tree, 'scales');
  const scales = tree.entries.get('scales');
  if (scales !== undefined && scales.kind !== 'mapping') {
    throw new ConfigError(scales.where, `expected a mapping with ${SCALES.join(', ')}`);
  }
  for (const key of scales?.entries.keys() ?? []) {
    if ((SCALES as readonly string[]).includes(key)) continue;
    throw new ConfigError(locateKey(tree, ['scales'], key), `unknown scale; ${suggestion(key, SCALES)}`);
  }
  const over = scales?.entries.get(scale);
  if (over === undefined) {
    if (scale === 'paper' || scales === undefined) return base;
    const present = SCALES.filter((other) => other === 'paper' || scales.entries.has(other));
    throw new ConfigError(fileName, `has no scale ${scale}; expected ${present.join(' or ')}`);
  }
  if (over.kind === 'scalar' && over.value === null) return base;
  if (over.kind !== 'mapping') throw new ConfigError(over.where, 'expected a mapping with the values of the scale');
  return merge(base, over);
}

/** The tree once per case, with the case's values laid on it; the tree itself when there are no cases. */
function variations(tree: Tree): Tree[] {
  const cases = tree.kind === 'mapping' ? tree.entries.get('cases') : undefined;
  if (cases === undefined) return [tree];
  if (cases.kind !== 'list' || cases.items.length === 0) {
    throw new ConfigError(cases.where, 'expected a list of mappings, at least one');
  }
  return cases.items.map((item) => {
    if (item.kind !== 'mapping') throw new ConfigError(item.where, 'expected a mapping with the values of the case');
    return merge(without(tree, 'cases'), item);
  });
}

/** The tree with another query; what it computes so far must be one, too, since the input is that of the queries. */
function withQuery(tree: Tree, query: string, fileName: string): Tree {
  for (const expanded of expand(tree)) {
    const { workload } = plain(expanded) as { workload?: { name?: unknown } };
    const name = String(workload?.name);
    if (!Object.hasOwn(nexmarkWorkloads, name)) {
      throw new ConfigError(`--query ${query}`, `${fileName} runs ${name}; expected a config of a NEXMark query`);
    }
  }
  return setText(setText(tree, ['workload', 'name'], query), ['title'], nexmarkWorkloads[query]!.description.summary);
}

function setText(tree: Tree, path: readonly string[], text: string): Tree {
  return set(tree, path, { kind: 'scalar', value: text, where: '--query' });
}

/** The tree with one `path=value` of the command line. */
function applySetting(tree: Tree, setting: string): Tree {
  const [, path, value] = /^([^=\s]+)=(.*)$/su.exec(setting) ?? [];
  if (path === undefined || value === undefined) {
    throw new ConfigError(`--set ${setting}`, 'expected path=value, for instance workload.domain=1e6');
  }
  const parts = path.split('.');
  if (parts.includes('')) throw new ConfigError(`--set ${path}`, 'expected names joined by single dots');
  if (parts.length > DEEPEST) throw new ConfigError(`--set ${path}`, `expected at most ${DEEPEST} names`);
  return set(tree, parts, parseSetting(parts, value));
}

/** The tree with the path of its workload made absolute, when it has one. */
function withPlugInFile(tree: Tree, folder: string): Tree {
  const workload = tree.kind === 'mapping' ? tree.entries.get('workload') : undefined;
  const name = workload?.kind === 'mapping' ? workload.entries.get('name') : workload;
  if (name?.kind !== 'scalar' || typeof name.value !== 'string' || !isPlugInPath(name.value)) return tree;
  const from = name.where.startsWith('--set ') ? '' : folder;
  const file = name.value.startsWith('file:') ? fileURLToPath(name.value) : resolve(from, name.value);
  return set(tree, name === workload ? ['workload'] : ['workload', 'name'], { ...name, value: file });
}

/** Validates a tree without sweeps; an unknown key goes before what it may have caused. */
function validate(tree: Tree): RunInput {
  const result = runSchema.safeParse(plain(tree));
  if (result.success) return result.data;
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw result.error;
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const where = issue.code === 'unrecognized_keys' ? locateKey(tree, path, issue.keys[0] ?? '') : locate(tree, path);
  throw new ConfigError(where, issue.message);
}

const seconds = (durationNs: number): number => durationNs / 1e9;

function toSpec(
  input: RunInput,
  { name, scale, verify }: { readonly name: string; readonly scale: Scale; readonly verify: boolean },
): RunSpec {
  const durationS = seconds(input.duration);
  const migrations = input.migrations.map(({ at, to }, index, all) => ({
    atS: at === undefined ? Math.round((input.duration / 1e3) * ((index + 1) / (all.length + 1))) / 1e6 : seconds(at),
    to: toConfiguration(to),
  }));
  return {
    experiment: name,
    title: input.title ?? name,
    figure: input.figure,
    scale,
    workload: {
      name: input.workload.name,
      ...(input.workload.plugIn && { plugIn: input.workload.plugIn }),
      variant: input.workload.variant,
      domain: input.workload.domain,
      parameters: input.workload.parameters,
    },
    ...toEngine(input.engine),
    topology: toTopology(input.topology),
    binShift: input.bins,
    ratePerSecond: input.rate,
    durationS,
    warmUpS: seconds(input.warmUp),
    seed: input.seed,
    tickNs: input.tick,
    lookaheadTicks: Math.max(1, Math.ceil(input.lookahead / input.tick)),
    initial: toConfiguration(input.initial),
    migrations,
    strategy: toStrategy(migrations.length === 0 ? undefined : input.strategy),
    handoff: input.handoff,
    preTouch: input.preTouch,
    ...(input.latency && { recordLatency: true }),
    ...(input.expect === undefined ? {} : { expect: toExpectations(input.expect) }),
    verify,
    repeat: 1,
  };
}

function toEngine({ name, progressMode = 'eager' }: RunInput['engine']): Pick<RunSpec, 'engine'> {
  return name === 'timely' ? { engine: { name, progressMode } } : {};
}

function toTopology({ processes, hosts, workers }: RunInput['topology']): RunSpec['topology'] {
  if (hosts === undefined) return { processes: processes ?? 1, workers };
  return { processes: hosts.length, workers, hosts };
}

function toConfiguration({ name, worker = 0, workers = 1, owners = [] }: RunInput['initial']): ConfigurationSpec {
  switch (name) {
    case 'one-worker':
      return { name, worker };
    case 'scale-out':
    case 'scale-in':
      return { name, workers };
    case 'explicit':
      return { name, owners };
    default:
      return { name };
  }
}

function toExpectations(input: NonNullable<RunInput['expect']>): Expectations {
  const { p99, p999, max, migrationMax, recovery, duration } = input;
  return {
    ...(p99 === undefined ? {} : { p99Ns: p99 }),
    ...(p999 === undefined ? {} : { p999Ns: p999 }),
    ...(max === undefined ? {} : { maxNs: max }),
    ...(migrationMax === undefined ? {} : { migrationMaxNs: migrationMax }),
    ...(recovery === undefined ? {} : { recoveryNs: recovery }),
    ...(duration === undefined ? {} : { durationNs: duration }),
  };
}

function toStrategy(input: RunInput['strategy']): StrategySpec {
  if (input === undefined) return { name: 'all-at-once', gapMs: 0 };
  const { name, binsPerStep = 1, binsPerPair = 1 } = input;
  const gapMs = input.gap / 1e6;
  if (name === 'batched') return { name, binsPerStep, gapMs };
  if (name === 'optimized') return { name, binsPerPair, gapMs };
  return { name, gapMs };
}
