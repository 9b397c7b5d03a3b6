/**
 * The config file's schema, for one run: after scale, cases and sweeps were applied. Validating also resolves: units become
 * numbers, short forms become mappings, defaults are filled in.
 *
 * The rules that need more than one value of the config are in `checks.ts`.
 */
import { STRATEGIES } from 'megaphone-engine/planning';
import * as z from 'zod';
import { nexmarkWorkloads, workloads } from '../../workloads/index.ts';
import { HOST_PATTERN, isHost, MOST_HOSTS } from './hosts.ts';
import { alternatives, suggestion } from './nearest.ts';
import { oneLine, quoted } from './one-line.ts';
import { isPlugInPath, loadPlugIn, type PlugIn, PlugInError, plugInName } from './plug-in.ts';
import type { RunSpec, Scale } from './run-spec.ts';
import {
  describe,
  parseBinShift,
  parseCount,
  parseDurationNs,
  parseRate,
  UnitError,
  type CountRange,
} from './units.ts';

/** The charts by name. */
export const FIGURES = [
  'timeline',
  'ccdf',
  'max-vs-duration',
  'max-vs-rate',
  'memory',
] as const satisfies readonly RunSpec['figure'][];

/** How a path of a workload looks, for editors. */
const PLUG_IN_PATTERN = String.raw`\.m?[jt]s$`;

/** The kinds of latencies by name. */
const LATENCIES = ['frontier', 'record'] as const;

/** The scales by name. */
export const SCALES = ['smoke', 'laptop', 'paper'] as const satisfies readonly Scale[];

/** The configurations (owners of all bins) by name. */
export const CONFIGURATIONS = ['balanced', 'imbalanced', 'one-worker', 'scale-out', 'scale-in', 'explicit'] as const;

/** A value that `parse` understands; what it throws becomes the issue. */
function value<T>(parse: (value: unknown) => T, meta: Readonly<Record<string, unknown>>) {
  return z
    .any()
    .transform((input: unknown, context): T => {
      try {
        return parse(input);
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
        return z.NEVER;
      }
    })
    .meta({ ...meta });
}

const duration = (description: string) =>
  value((input) => parseDurationNs(input), { type: ['string', 'number'], description, examples: ['30 s', '250 ms'] });

const count = (range: CountRange, description: string) =>
  value((input) => parseCount(input, range), { type: ['number', 'string'], description });

/** Longest text, in characters: it is drawn above charts. */
const LONGEST_TEXT = 300;

/** Most migrations of a run: a configuration with the owner of every bin is kept for each. */
const MOST_MIGRATIONS = 100;

/** Whether a text can be shown in a line as it is. */
function isLine(input: string): boolean {
  return input.length <= LONGEST_TEXT && oneLine(input) === input;
}

const text = (description: string) =>
  value(
    (input) => {
      if (typeof input === 'string' && isLine(input.trim())) return input.trim();
      throw new UnitError(
        `expected one line of text (at most ${LONGEST_TEXT} characters, none to control a terminal), found ${describe(input)}`,
      );
    },
    { type: 'string', description },
  );

function choice<const Names extends readonly string[]>(noun: string, names: Names, description: string) {
  return value(
    (input): Names[number] => {
      if (typeof input !== 'string') {
        throw new UnitError(`expected a ${noun} (${alternatives(names)}), found ${describe(input)}`);
      }
      if (names.includes(input)) return input;
      throw new UnitError(`unknown ${noun} ${quoted(input)}; ${suggestion(input, names)}`);
    },
    { enum: names, description },
  );
}

function mapping<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') {
        return `expected a mapping with ${keys.join(', ')}, found ${describe(issue.input)}`;
      }
      return `unknown key; ${suggestion(String(issue.keys[0]), keys)}`;
    },
  });
}

/** A mapping that may be written as its name alone; `names` are those that need nothing else. */
function named<Schema extends z.ZodType>(schema: Schema, names: readonly string[]) {
  return z
    .preprocess((input) => (typeof input === 'string' ? { name: input } : input), schema)
    .meta({ shorthand: [...names] });
}

/** Refuses the optional keys of a named mapping that do not belong to its name, and asks for those that do. */
function requireKeys(
  found: Readonly<Record<string, unknown>>,
  expected: readonly string[],
  optional: readonly string[],
  context: z.RefinementCtx,
): void {
  for (const key of optional) {
    const present = found[key] !== undefined;
    if (present === expected.includes(key)) continue;
    const name = String(found['name']);
    const message = present ? `does not belong to ${name}` : `${name} needs ${key}`;
    context.addIssue({ code: 'custom', path: [key], message });
  }
}

const workers = (minimum: number, description: string) =>
  count({ noun: 'workers', minimum, maximum: 1024 }, description);

const host = value(
  (input) => {
    if (typeof input === 'string' && isHost(input)) return input;
    throw new UnitError(`expected a host such as node1, node1:7700 or 10.0.0.1, found ${describe(input)}`);
  },
  {
    type: 'string',
    pattern: HOST_PATTERN,
    description: 'A name or address, with the port that its process listens on.',
  },
);

const configuration = named(
  mapping({
    name: choice('configuration', CONFIGURATIONS, 'Which worker owns which bin.'),
    worker: count({ noun: 'the worker', minimum: 0, maximum: 1023 }, 'one-worker: the owner of all bins.').optional(),
    workers: workers(1, 'scale-out, scale-in: how many workers own bins.').optional(),
    owners: z
      .array(count({ noun: 'the worker', minimum: 0, maximum: 1023 }, 'A worker.'), {
        error: (issue) => `expected a list with the owner of each bin, found ${describe(issue.input)}`,
      })
      .meta({ description: 'explicit: the owner of each bin.' })
      .optional(),
  }).superRefine((found, context) => {
    const needs = { 'one-worker': ['worker'], 'scale-out': ['workers'], 'scale-in': ['workers'], explicit: ['owners'] };
    const expected = Object.hasOwn(needs, found.name) ? needs[found.name as keyof typeof needs] : [];
    requireKeys(found, expected, ['worker', 'workers', 'owners'], context);
  }),
  ['balanced', 'imbalanced'],
);

const strategy = named(
  mapping({
    name: choice('strategy', STRATEGIES, 'How a migration is cut into steps.'),
    binsPerStep: count({ noun: 'bins', minimum: 1, maximum: 2 ** 20 }, 'batched: bins moved by one step.').optional(),
    binsPerPair: count(
      { noun: 'bins', minimum: 1, maximum: 2 ** 20 },
      'optimized: bins moved by one step between each matched pair of workers (default 1).',
    ).optional(),
    gap: duration('Wait between the end of a step and the next step.').prefault(0),
  })
    .transform((found) => (found.name === 'optimized' ? { ...found, binsPerPair: found.binsPerPair ?? 1 } : found))
    .superRefine((found, context) => {
      const needs = { batched: ['binsPerStep'], optimized: ['binsPerPair'] };
      const expected = Object.hasOwn(needs, found.name) ? needs[found.name as keyof typeof needs] : [];
      requireKeys(found, expected, ['binsPerStep', 'binsPerPair'], context);
    }),
  ['all-at-once', 'fluid', 'optimized'],
);

/** What a dataflow can run on. */
export const ENGINES = ['typescript', 'timely'] as const;

const engine = named(
  mapping({
    name: choice('engine', ENGINES, 'What runs the dataflow: the engine of this project, or timely dataflow (Rust).'),
    progressMode: choice(
      'progress mode',
      ['eager', 'demand'],
      'timely: when workers tell each other about progress (default eager).',
    ).optional(),
  }).superRefine(({ name, progressMode }, context) => {
    if (name === 'timely' || progressMode === undefined) return;
    context.addIssue({ code: 'custom', path: ['progressMode'], message: `does not belong to ${name}` });
  }),
  ENGINES,
);

const migration = z
  .preprocess(
    // A migration may be written as the configuration it leads to.
    (input) => (typeof input === 'string' ? { to: input } : input),
    mapping({
      at: duration('When the first step is issued; by default the migrations divide the run evenly.').optional(),
      to: configuration,
    }),
  )
  .meta({ shorthand: ['balanced', 'imbalanced'] });

const expectation = (description: string) =>
  value(
    (input) => {
      const limitNs = parseDurationNs(input);
      if (limitNs > 0) return limitNs;
      throw new UnitError(`expected a duration above zero, found ${describe(input)}`);
    },
    { type: 'string', description, examples: ['50 ms'] },
  ).optional();

const expect = mapping({
  p99: expectation('Steady 99th percentile, at most.'),
  p999: expectation('Steady 99.9th percentile, at most.'),
  max: expectation('Steady maximum, at most.'),
  migrationMax: expectation('Highest latency of each migration, at most.'),
  recovery: expectation('From the start of each migration until latencies have recovered, at most.'),
  duration: expectation('From the start to the end of each migration, at most.'),
});

const parameters = z
  .record(
    z.string(),
    value(
      (input) => {
        if (typeof input === 'number' && Number.isFinite(input)) return input;
        throw new UnitError(`expected a number, found ${describe(input)}`);
      },
      { type: 'number' },
    ),
    { error: (issue) => `expected a mapping from parameters to numbers, found ${describe(issue.input)}` },
  )
  .meta({ description: 'Further parameters of the workload.' });

const WORKLOADS = Object.keys(workloads);

/** The name of a workload, or the path of a file with one, which was made absolute. */
const workloadName = value(
  (input) => {
    if (typeof input !== 'string') {
      throw new UnitError(
        `expected a workload (${alternatives(WORKLOADS)}) or the path of a file, found ${describe(input)}`,
      );
    }
    if (WORKLOADS.includes(input) || isPlugInPath(input)) return input;
    throw new UnitError(`unknown workload ${quoted(input)}; ${suggestion(input, WORKLOADS)}`);
  },
  {
    anyOf: [{ enum: WORKLOADS }, { type: 'string', pattern: PLUG_IN_PATTERN }],
    description:
      'What is computed: a workload of the project, or the path of a file with one, relative to this config.',
  },
);

const workloadMapping = mapping({
  name: workloadName,
  variant: choice('variant', ['megaphone', 'native'], 'native cannot migrate.').prefault('megaphone'),
  domain: count({ noun: 'keys', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, 'Distinct keys.').optional(),
  parameters: parameters.prefault({}),
}).transform((found, context) => {
  const plugIn = isPlugInPath(found.name) ? tryPlugIn(found.name, context) : undefined;
  const description = plugIn?.workload.description ?? workloads[found.name]?.description;
  if (description === undefined) return z.NEVER;
  const name = plugIn === undefined ? found.name : plugInName(found.name);
  const resolved: Record<string, number> = {};
  for (const [name, allowed] of Object.entries(description.parameters)) {
    const given = found.parameters[name] ?? allowed.default;
    resolved[name] = given;
    if (given >= allowed.minimum && given <= allowed.maximum && (!allowed.whole || Number.isInteger(given))) continue;
    const kind = allowed.whole ? 'whole number' : 'number';
    const message = `expected a ${kind} from ${allowed.minimum} to ${allowed.maximum}, found ${given}`;
    context.addIssue({ code: 'custom', path: ['parameters', name], message });
  }
  const known = Object.keys(description.parameters);
  const unknown = Object.keys(found.parameters).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const hint = known.length === 0 ? `${name} has none` : suggestion(unknown, known);
    context.addIssue({ code: 'custom', path: ['parameters', unknown], message: `unknown parameter; ${hint}` });
  }
  if (description.hasDomain && found.domain === undefined) {
    context.addIssue({ code: 'custom', path: ['domain'], message: `missing; ${name} needs a number of keys` });
  }
  if (!description.hasDomain && found.domain !== undefined) {
    context.addIssue({ code: 'custom', path: ['domain'], message: `does not belong to ${name}` });
  }
  const spec = plugIn && { file: found.name, digest: plugIn.digest };
  return { ...found, name, plugIn: spec, domain: found.domain ?? 0, parameters: resolved };
});

/** A workload may be written as its name, or path, alone. */
const workload = z
  .preprocess((input) => (typeof input === 'string' ? { name: input } : input), workloadMapping)
  .meta({ shorthand: Object.keys(nexmarkWorkloads), shorthandPattern: PLUG_IN_PATTERN });

/** Loads a plug-in; what is wrong with it becomes an issue. */
function tryPlugIn(file: string, context: z.RefinementCtx): PlugIn | undefined {
  try {
    return loadPlugIn(file);
  } catch (error) {
    if (!(error instanceof PlugInError)) throw error;
    context.addIssue({ code: 'custom', path: ['name'], message: error.message });
    return undefined;
  }
}

/** Frontier latencies are always measured, record latencies on demand; the output is whether they are. */
const latency = value(
  (input): boolean => {
    const kinds: readonly unknown[] = Array.isArray(input) ? input : [input];
    const expected = 'expected frontier or [frontier, record]';
    for (const kind of kinds) {
      if (typeof kind !== 'string') throw new UnitError(`${expected}, found ${describe(kind)}`);
      if ((LATENCIES as readonly string[]).includes(kind)) continue;
      throw new UnitError(`unknown latency ${JSON.stringify(kind)}; ${suggestion(kind, LATENCIES)}`);
    }
    if (!kinds.includes('frontier') || new Set(kinds).size < kinds.length) {
      throw new UnitError(`${expected}, found [${kinds.join(', ')}]`);
    }
    return kinds.includes('record');
  },
  {
    anyOf: [{ enum: ['frontier'] }, { type: 'array', items: { enum: LATENCIES }, uniqueItems: true, minItems: 1 }],
    description:
      'What is measured. frontier: until the output frontier has passed a record; record: until its own result is there, too.',
  },
);

/** A config of one run, as written. Its output has durations in nanoseconds and `bins` as their binary logarithm. */
export const runSchema = mapping({
  title: text('One line that says what the experiment shows.').optional(),
  figure: choice('figure', FIGURES, 'What the charts show.').prefault('timeline'),
  workload,
  topology: mapping({
    processes: count({ noun: 'processes', minimum: 1, maximum: 1024 }, 'Processes, on this machine.').optional(),
    hosts: z
      .array(host, { error: (issue) => `expected a list of hosts, found ${describe(issue.input)}` })
      .min(1, { error: 'expected at least one host' })
      .max(MOST_HOSTS, { error: `expected at most ${MOST_HOSTS} hosts` })
      .meta({ description: 'A process on each of these, started over ssh; the first one is this machine.' })
      .optional(),
    workers: workers(1, 'Workers of each process.'),
  }).superRefine(({ processes, hosts }, context) => {
    if (hosts === undefined || processes === undefined || processes === hosts.length) return;
    context.addIssue({
      code: 'custom',
      path: ['processes'],
      message: `${processes} processes on ${hosts.length} hosts; expected one per host, or no number`,
    });
  }),
  engine: engine.prefault('typescript'),
  bins: value((input) => parseBinShift(input), {
    type: ['number', 'string'],
    description: 'Number of bins, a power of two.',
    examples: [4096, '2^12'],
  }).prefault('2^12'),
  rate: value((input) => parseRate(input), {
    type: ['number', 'string'],
    description: 'Offered rate of the whole run.',
    examples: ['500000 records/s'],
  }),
  duration: duration('Length of the schedule.'),
  warmUp: duration('Left out of the totals at the start and at the end.').prefault('2 s'),
  seed: count({ noun: 'the seed', minimum: 0, maximum: 2 ** 32 - 1 }, 'Seed of the input.').prefault(1),
  tick: duration('Unit of the logical time.').prefault('1 us'),
  lookahead: duration('How far the control frontier is kept ahead of the present.').prefault('250 us'),
  initial: configuration.prefault('balanced'),
  migrations: z
    .array(migration, { error: (issue) => `expected a list of migrations, found ${describe(issue.input)}` })
    .max(MOST_MIGRATIONS, { error: `expected at most ${MOST_MIGRATIONS} migrations` })
    .prefault([]),
  strategy: strategy.optional(),
  handoff: choice(
    'handoff',
    ['copy', 'share'],
    'How a bin changes hands: by a copy (the receiver makes it; between processes the sender), or its memory itself.',
  ).prefault('copy'),
  preTouch: choice(
    'preTouch',
    ['all', 'state'],
    'What is rehearsed before the clock starts: all migrations, so that their memory was touched, or a few bins (memory figures).',
  ).prefault('all'),
  latency: latency.prefault('frontier'),
  expect: expect.meta({ description: 'What the latencies are expected to be.' }).optional(),
});

/** What {@link runSchema} makes of a config. */
export type RunInput = z.output<typeof runSchema>;
