import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadExperiment, resolveExperiment, type LoadOptions } from '../load.ts';
import { runId } from '../run-id.ts';
import type { RunSpec } from '../run-spec.ts';

const GIB = 2 ** 30;
const memory = { availableBytes: 22 * GIB, totalBytes: 24 * GIB };
const options: LoadOptions = { scale: 'paper', memory };

/** A small config; lines 1 to 13, so that errors have known places. */
const lines = [
  'title: A test',
  'figure: timeline',
  'workload:',
  '  name: key-count',
  '  domain: 2^16',
  'topology: { processes: 1, workers: 2 }',
  'bins: 2^6',
  'rate: 20000 records/s',
  'duration: 30 s',
  'migrations:',
  '  - { at: 10 s, to: imbalanced }',
  '  - { at: 20 s, to: balanced }',
  'strategy: [all-at-once, fluid]',
];

/** The config with some lines replaced, by their number. */
function configWith(changes: Readonly<Record<number, string>>): string {
  return lines.map((line, index) => changes[index + 1] ?? line).join('\n');
}

const resolve = (text: string, more: Partial<LoadOptions> = {}): readonly RunSpec[] =>
  resolveExperiment(text, 'test.yaml', { ...options, ...more }).specs;

const refuses = (text: string, message: string, more: Partial<LoadOptions> = {}) => {
  assert.throws(() => resolve(text, more), { message });
};

const TOP =
  'one of title, figure, workload, topology, engine, bins, rate, duration, warmUp, seed, tick, lookahead, initial, migrations, ' +
  'strategy, handoff, preTouch, latency, expect';

describe('expectations', () => {
  it('are resolved to nanoseconds, overridden, and not part of the run id', () => {
    const expect = 'expect: { p99: 50 ms, migrationMax: 1 s }';
    const [first] = resolve(`${configWith({})}\n${expect}`, { settings: ['expect.p99=2 ms'] });
    assert.deepEqual(first?.expect, { p99Ns: 2e6, migrationMaxNs: 1e9 });
    assert.equal(runId(first), runId(resolve(configWith({}))[0]!));
  });

  it('may differ between cases', () => {
    const cases = 'cases: [{ seed: 1, expect: { p99: 1 ms } }, { seed: 2, expect: { max: 1 ms } }]';
    assert.deepEqual(
      resolve(`${configWith({})}\n${cases}`, { settings: ['strategy=fluid'] }).map(({ expect }) => expect),
      [{ p99Ns: 1e6 }, { maxNs: 1e6 }],
    );
  });

  it('are durations above zero, known, and one for each run', () => {
    const text = configWith({});
    const line = text.split('\n').length + 1;
    refuses(`${text}\nexpect: { p99: 0 }`, `test.yaml:${line}:16 expect.p99: expected a duration above zero, found 0`);
    refuses(`${text}\nexpect: { p98: 1 s }`, `test.yaml:${line}:11 expect.p98: unknown key; did you mean p99?`);
    refuses(
      `${text}\nexpect: { p99: [1 s, 2 s] }`,
      `test.yaml:${line}:9 expect: two expectations of the same run; expected one value of each`,
    );
  });
});

describe('resolving a config', () => {
  it('yields every value with its unit', () => {
    const [first, second, ...others] = resolve(configWith({}));
    assert.deepEqual(others, []);
    assert.deepEqual(first, {
      experiment: 'test',
      title: 'A test',
      figure: 'timeline',
      scale: 'paper',
      workload: { name: 'key-count', variant: 'megaphone', domain: 65536, parameters: { zipf: 0 } },
      topology: { processes: 1, workers: 2 },
      binShift: 6,
      ratePerSecond: 20000,
      durationS: 30,
      warmUpS: 2,
      seed: 1,
      tickNs: 1000,
      lookaheadTicks: 250,
      initial: { name: 'balanced' },
      migrations: [
        { atS: 10, to: { name: 'imbalanced' } },
        { atS: 20, to: { name: 'balanced' } },
      ],
      strategy: { name: 'all-at-once', gapMs: 0 },
      handoff: 'copy',
      preTouch: 'all',
      verify: false,
      repeat: 1,
    });
    assert.deepEqual(second, { ...first, strategy: { name: 'fluid', gapMs: 0 } });
  });

  it('knows how bins change hands, and which memory is touched first', () => {
    const [spec] = resolve(configWith({ 13: 'strategy: fluid\nhandoff: share\npreTouch: state' }));
    assert.deepEqual([spec?.handoff, spec?.preTouch], ['share', 'state']);
  });

  it('measures record latencies on demand; the list is no sweep', () => {
    const latencyOf = (text: string) => {
      const specs = resolve(configWith({ 13: `strategy: fluid\nlatency: ${text}` }));
      return specs.map(({ recordLatency }) => recordLatency);
    };
    assert.deepEqual(latencyOf('[frontier, record]'), [true]);
    assert.deepEqual(latencyOf('frontier'), [undefined]);
    assert.deepEqual(latencyOf('[frontier]'), [undefined]);
  });

  it('divides the run evenly among migrations without a time', () => {
    const [spec] = resolve(configWith({ 11: '  - imbalanced', 12: '  - to: { name: one-worker, worker: 1 }' }));
    assert.deepEqual(spec?.migrations, [
      { atS: 10, to: { name: 'imbalanced' } },
      { atS: 20, to: { name: 'one-worker', worker: 1 } },
    ]);
  });

  it('reads strategies with their parameters', () => {
    const strategy =
      'strategy: [{name: batched, binsPerStep: 4, gap: 50 ms}, optimized, {name: optimized, binsPerPair: 3}]';
    assert.deepEqual(
      resolve(configWith({ 13: strategy })).map((spec) => spec.strategy),
      [
        { name: 'batched', binsPerStep: 4, gapMs: 50 },
        { name: 'optimized', binsPerPair: 1, gapMs: 0 },
        { name: 'optimized', binsPerPair: 3, gapMs: 0 },
      ],
    );
  });

  it('sweeps lists as a cartesian product, the first key outermost', () => {
    const text = configWith({ 5: '  domain: [2^16, 2^17]', 7: 'bins: [2^4, 2^6]' });
    assert.deepEqual(
      resolve(text).map((spec) => [spec.workload.domain, spec.binShift, spec.strategy.name]),
      [
        [65536, 4, 'all-at-once'],
        [65536, 4, 'fluid'],
        [65536, 6, 'all-at-once'],
        [65536, 6, 'fluid'],
        [131072, 4, 'all-at-once'],
        [131072, 4, 'fluid'],
        [131072, 6, 'all-at-once'],
        [131072, 6, 'fluid'],
      ],
    );
  });

  it('makes equal runs once, and repeats on request', () => {
    const text = configWith({ 10: 'migrations: []', 11: '', 12: '' });
    assert.deepEqual(
      resolve(text, { repeats: 3 }).map(({ repeat, strategy }) => [repeat, strategy.name]),
      [
        [1, 'all-at-once'],
        [2, 'all-at-once'],
        [3, 'all-at-once'],
      ],
    );
  });

  it('lays a scale on the base: mappings merge, lists are replaced', () => {
    const scales = ['scales:', '  smoke:', '    workload: { domain: 1000 }', '    strategy: [fluid]'].join('\n');
    const text = `${configWith({})}\n${scales}`;
    const [smoke, ...others] = resolve(text, { scale: 'smoke' });
    assert.deepEqual(others, []);
    assert.deepEqual(smoke?.workload, {
      name: 'key-count',
      variant: 'megaphone',
      domain: 1000,
      parameters: { zipf: 0 },
    });
    assert.equal(smoke?.strategy.name, 'fluid');
    assert.equal(smoke?.scale, 'smoke');
    assert.equal(resolve(text).length, 2);
  });

  it('makes a variation per case', () => {
    const cases = ['cases:', '  - { workload: { variant: native }, migrations: [] }', '  - { bins: [2^4, 2^5] }'].join(
      '\n',
    );
    assert.deepEqual(
      resolve(`${configWith({ 13: 'strategy: fluid' })}\n${cases}`).map((spec) => [
        spec.workload.variant,
        spec.binShift,
      ]),
      [
        ['native', 6],
        ['megaphone', 4],
        ['megaphone', 5],
      ],
    );
  });

  it('applies settings after the scale, in order', () => {
    const text = `${configWith({})}\nscales: { smoke: { rate: 5 records/s } }`;
    const settings = [
      'rate=1e3',
      'rate=2e3',
      'migrations.1.at=21 s',
      'topology.workers=[1, 4]',
      'seed=9',
      'strategy=fluid',
    ];
    assert.deepEqual(
      resolve(text, { scale: 'smoke', settings }).map((spec) => [
        spec.ratePerSecond,
        spec.migrations[1]?.atS,
        spec.topology.workers,
        spec.seed,
        spec.strategy.name,
      ]),
      [
        [2000, 21, 1, 9, 'fluid'],
        [2000, 21, 4, 9, 'fluid'],
      ],
    );
  });

  it('resolves every scale of the figures of the package', () => {
    const file = fileURLToPath(new URL('../../fig1.yaml', import.meta.url));
    for (const [scale, durationS, domain, binsPerPair] of [
      ['smoke', 3, 2 ** 16, 4],
      ['laptop', 30, 2 ** 28, 16],
      ['paper', 1200, 1024e6, 1],
    ] as const) {
      const settings = scale === 'paper' ? ['workload.domain=1024e6'] : [];
      const machine = { availableBytes: 256 * GIB, totalBytes: 256 * GIB };
      const { name, specs } = loadExperiment(file, { scale, settings, memory: machine });
      assert.equal(name, 'fig1');
      assert.deepEqual(
        specs.map((spec) => [spec.durationS, spec.workload.domain, spec.strategy]),
        [
          [durationS, domain, { name: 'all-at-once', gapMs: 0 }],
          [durationS, domain, { name: 'fluid', gapMs: 0 }],
          [durationS, domain, { name: 'optimized', binsPerPair, gapMs: 0 }],
        ],
      );
      assert.deepEqual(
        specs[0]?.migrations.map(({ atS }) => atS),
        [durationS / 3, (2 * durationS) / 3],
      );
    }
  });
});

describe('a bad config is refused in one line that names the place', () => {
  const cases: readonly (readonly [string, Readonly<Record<number, string>>, string])[] = [
    [
      'an unknown key',
      { 6: 'topology: { processes: 1, wokers: 2 }' },
      'test.yaml:6:27 topology.wokers: unknown key; did you mean workers?',
    ],
    ['an unknown key at the top', { 1: 'zzzzzz: 1' }, `test.yaml:1:1 zzzzzz: unknown key; expected ${TOP}`],
    [
      'a missing value',
      { 8: '' },
      'test.yaml:1:1 rate: expected a rate above zero such as 500000 records/s, found nothing',
    ],
    [
      'an empty value',
      { 8: 'rate:' },
      'test.yaml:8:6 rate: expected a rate above zero such as 500000 records/s, found nothing',
    ],
    [
      'a missing value in a mapping',
      { 6: 'topology: { processes: 1 }' },
      'test.yaml:6:11 topology.workers: expected a whole number of workers from 1 to 1024, found nothing',
    ],
    [
      'a wrong type',
      { 6: 'topology: two' },
      'test.yaml:6:11 topology: expected a mapping with processes, hosts, workers, found "two"',
    ],
    [
      'a wrong unit',
      { 9: 'duration: 30 sec' },
      'test.yaml:9:11 duration: unknown unit sec; expected one of ns, us, µs, ms, s, min, h',
    ],
    [
      'a missing unit',
      { 9: 'duration: 30' },
      'test.yaml:9:11 duration: 30 has no unit; expected a duration such as 30 s, 250 ms or 20 min',
    ],
    [
      'zero workers',
      { 6: 'topology: { processes: 1, workers: 0 }' },
      'test.yaml:6:36 topology.workers: expected a whole number of workers from 1 to 1024, found 0',
    ],
    [
      'a host that is none',
      { 6: 'topology: { hosts: ["-oProxyCommand=x"], workers: 2 }' },
      'test.yaml:6:21 topology.hosts.0: expected a host such as node1, node1:7700 or 10.0.0.1, found "-oProxyCommand=x"',
    ],
    [
      'another number of processes than hosts',
      { 6: 'topology: { processes: 3, hosts: [a, b], workers: 2 }' },
      'test.yaml:6:24 topology.processes: 3 processes on 2 hosts; expected one per host, or no number',
    ],
    [
      'more workers than can be started',
      { 6: 'topology: { processes: 1024, workers: 2 }' },
      'test.yaml:6:24 topology.processes: 1024 processes of 2 workers are 2048 workers; expected at most 1024',
    ],
    [
      'a rate of zero',
      { 8: 'rate: 0 records/s' },
      'test.yaml:8:7 rate: expected a rate above zero such as 500000 records/s, found "0 records/s"',
    ],
    [
      'a rate that sends nothing',
      { 8: 'rate: 0.01 records/s' },
      'test.yaml:8:7 rate: 0.01 records/s send nothing within 30 s',
    ],
    [
      'a duration of zero',
      { 9: 'duration: 0 s' },
      'test.yaml:9:11 duration: expected a duration above zero, found 0 s',
    ],
    [
      'a migration after the run',
      { 12: '  - { at: 31 s, to: balanced }' },
      'test.yaml:12:11 migrations.1.at: 31 s is after the end of the run (30 s); expected a time from 2 s to 28 s',
    ],
    [
      'a migration in the warm-up',
      { 11: '  - { at: 1 s, to: imbalanced }' },
      'test.yaml:11:11 migrations.0.at: 1 s is in the warm-up (2 s); expected a time from 2 s to 28 s',
    ],
    [
      'a migration in the tail',
      { 12: '  - { at: 29 s, to: balanced }' },
      'test.yaml:12:11 migrations.1.at: 29 s is in the last 2 s of the run; expected a time from 2 s to 28 s',
    ],
    [
      'migrations out of order',
      { 12: '  - { at: 9 s, to: balanced }' },
      'test.yaml:12:11 migrations.1.at: 9 s is not after the migration before it (10 s)',
    ],
    [
      'bins that are no power of two',
      { 7: 'bins: 4095' },
      'test.yaml:7:7 bins: expected a power of two from 2^1 to 2^20 bins, found 4095',
    ],
    [
      'too many bins',
      { 7: 'bins: 2^21' },
      'test.yaml:7:7 bins: expected a power of two from 2^1 to 2^20 bins, found "2^21"',
    ],
    [
      'a domain whose state does not fit into the heap',
      { 5: '  domain: 4096e6' },
      'test.yaml:5:11 workload.domain: needs about 30.5 GiB for its state and 7.63 GiB for migrations, but a process of this ' +
        'machine holds 14.4 GiB of state; expected at most 1546188226 keys',
    ],
    [
      'a run longer than timestamps can count',
      { 9: 'duration: 36 min' },
      'test.yaml:9:11 duration: 2160 s are more than timestamps can count (2130706430 ticks of 1000 ns); expected at most ' +
        '2130 s, or a longer tick',
    ],
    [
      'an unknown strategy',
      { 13: 'strategy: [fluid, allatonce]' },
      'test.yaml:13:19 strategy.1: unknown strategy "allatonce"; did you mean all-at-once?',
    ],
    [
      'a parameter of another strategy',
      { 13: 'strategy: { name: fluid, binsPerStep: 4 }' },
      'test.yaml:13:39 strategy.binsPerStep: does not belong to fluid',
    ],
    [
      'a strategy without its parameter',
      { 13: 'strategy: batched' },
      'test.yaml:13:11 strategy: batched needs binsPerStep',
    ],
    [
      'migrations without a strategy',
      { 13: '' },
      'test.yaml:1:1 strategy: missing; the migrations need one of all-at-once, fluid, batched, optimized',
    ],
    [
      'an unknown workload',
      { 4: '  name: keycount' },
      'test.yaml:4:9 workload.name: unknown workload "keycount"; did you mean key-count?',
    ],
    [
      'a workload without its domain',
      { 5: '' },
      'test.yaml:4:3 workload.domain: missing; key-count needs a number of keys',
    ],
    [
      'an unknown parameter of a workload',
      { 5: '  domain: 5\n  parameters: { timeDilation: 79 }' },
      'test.yaml:6:31 workload.parameters.timeDilation: unknown parameter; expected zipf',
    ],
    [
      'an unknown figure',
      { 2: 'figure: timelines' },
      'test.yaml:2:9 figure: unknown figure "timelines"; did you mean timeline?',
    ],
    [
      'an unknown configuration',
      { 12: '  - { at: 20 s, to: balancd }' },
      'test.yaml:12:21 migrations.1.to: unknown configuration "balancd"; did you mean balanced?',
    ],
    [
      'a configuration that does not fit the workers',
      { 12: '  - { at: 20 s, to: { name: one-worker, worker: 2 } }' },
      'test.yaml:12:21 migrations.1.to: expected an index in 0..1, found 2',
    ],
    [
      'native state that is to migrate',
      { 4: '  name: key-count\n  variant: native' },
      'test.yaml:5:12 workload.variant: native state cannot migrate, but 2 migrations are asked for; expected megaphone, ' +
        'or migrations: []',
    ],
    [
      'an unknown handoff',
      { 13: 'strategy: fluid\nhandoff: shared' },
      'test.yaml:14:10 handoff: unknown handoff "shared"; did you mean share?',
    ],
    [
      'a rate that is no whole number',
      { 8: 'rate: 1000.5 records/s' },
      'test.yaml:8:7 rate: expected a whole number of records/s, found 1000.5',
    ],
    [
      'a rate beyond exact arithmetic',
      { 8: 'rate: 1e15 records/s' },
      'test.yaml:8:7 rate: a rate of 1000000000000000 records/s in ticks of 1000 ns cannot be computed exactly; choose a ' +
        'tick that divides 1e9 ns, or a rounder rate',
    ],
    [
      'a rate beyond whole numbers',
      { 8: 'rate: 1e300 records/s' },
      'test.yaml:8:7 rate: expected at most 9007199254740991 records/s, found 1e+300',
    ],
    [
      'a tick that is too long for the run',
      { 9: 'duration: 30 s\ntick: 10 s' },
      'test.yaml:10:7 tick: ticks of 10 s divide a run of 30 s into less than 1000; expected a shorter tick',
    ],
    [
      'a lookahead as long as the run',
      { 9: 'duration: 30 s\nlookahead: 1 h' },
      'test.yaml:10:12 lookahead: 3600 s is not shorter than the run (30 s)',
    ],
    [
      'gaps for which there is no time before the next migration',
      { 13: 'strategy: { name: fluid, gap: 1 s }' },
      'test.yaml:13:31 strategy.gap: the 16 steps of migration 0 wait 15 s in all, but only 10 s are left until the next ' +
        'migration; expected a shorter gap, or fewer steps',
    ],
    [
      'gaps for which there is no time before the end',
      { 12: '', 13: 'strategy: { name: batched, binsPerStep: 8, gap: 1000 h }' },
      'test.yaml:13:49 strategy.gap: the 2 steps of migration 0 wait 3600000 s in all, but only 20 s are left until the end of ' +
        'the run; expected a shorter gap, or fewer steps',
    ],
    ['an empty sweep', { 13: 'strategy: []' }, 'test.yaml:13:11 strategy: an empty list leaves nothing to run'],
    [
      'a warm-up that leaves nothing',
      { 9: 'duration: 4 s' },
      'test.yaml:1:1 warmUp: 2 s at the start and at the end leave nothing of a run of 4 s',
    ],
    [
      'text that is not YAML',
      { 6: 'topology: { workers: 2' },
      'test.yaml:7:1: Flow map in block collection must be sufficiently indented and end with a }',
    ],
    ['a duplicate key', { 2: 'title: again' }, 'test.yaml:2:1 title: written twice; expected it once'],
    [
      'an unknown scale in the file',
      { 13: 'scales: { labtop: {} }' },
      'test.yaml:13:11 scales.labtop: unknown scale; did you mean laptop?',
    ],
  ];
  for (const [what, changes, message] of cases) it(what, () => refuses(configWith(changes), message));

  it('a scale that the file does not have', () => {
    const text = `${configWith({})}\nscales: { laptop: {} }`;
    refuses(text, 'test.yaml: has no scale smoke; expected laptop or paper', { scale: 'smoke' });
    assert.equal(resolve(configWith({}), { scale: 'smoke' }).length, 2);
  });

  it('a file that holds no mapping', () => {
    refuses('- 1', 'test.yaml:1:1: expected a mapping at the top of the config');
    refuses('', 'test.yaml: expected a mapping at the top of the config');
  });

  it('a file whose name cannot name a folder', () => {
    for (const [file, name] of [
      ['..yaml', '.'],
      ['...yaml', '..'],
      ['.hidden.yaml', '.hidden'],
    ] as const) {
      const message = `${file}: results cannot be in a folder named "${name}"; expected a name like fig1.yaml`;
      assert.throws(() => resolveExperiment(configWith({}), file, options), { message });
    }
  });

  it('a fault inside a scale, at its own line', () => {
    const text = `${configWith({})}\nscales:\n  smoke:\n    bins: 7`;
    const problem = 'expected a power of two from 2^1 to 2^20 bins, found 7';
    refuses(text, `test.yaml:16:11 scales.smoke.bins: ${problem}`, { scale: 'smoke' });
  });

  it('a file that is not there', () => {
    assert.throws(() => loadExperiment('/nowhere/fig.yaml', options), {
      name: 'InputError',
      message: '/nowhere/fig.yaml: no such file; expected a config file',
    });
  });
});

describe('a bad setting is refused in one line that names it', () => {
  for (const [setting, message] of [
    ['workload.domian=1e6', '--set workload.domian: unknown key; did you mean domain?'],
    ['rate=0', '--set rate: expected a rate above zero such as 500000 records/s, found 0'],
    ['topology={workers: 0}', '--set topology.workers: expected a whole number of workers from 1 to 1024, found 0'],
    ['migrations.7.at=3 s', '--set migrations.7.at: migrations is a list of 2; no item 7'],
    ['latency=[frontier, recrod]', '--set latency: unknown latency "recrod"; did you mean record?'],
    ['latency=record', '--set latency: expected frontier or [frontier, record], found [record]'],
    ['latency=[frontier, 3]', '--set latency: expected frontier or [frontier, record], found 3'],
    ['rate.fast=3', '--set rate.fast: rate is neither a mapping nor a list'],
    ['rate', '--set rate: expected path=value, for instance workload.domain=1e6'],
    ['a..b=1', '--set a..b: expected names joined by single dots'],
    ['scales.smoke.rate=1', `--set scales: unknown key; expected ${TOP}`],
  ] as const) {
    it(setting, () => refuses(configWith({}), message, { settings: [setting] }));
  }
});

describe('memory', () => {
  it('counts the rings between all pairs of workers', () => {
    const text = configWith({ 6: 'topology: { workers: 512 }', 7: 'bins: 2^12', 13: 'strategy: fluid' });
    const machine = { availableBytes: 64 * GIB, totalBytes: 64 * GIB };
    refuses(
      text,
      'test.yaml:6:22 topology.workers: needs about 224 GiB of memory (512 KiB of state, 128 B for migrations, 192 GiB for ' +
        'rings between workers), but 64 GiB of 64 GiB are available; expected fewer workers',
      { memory: machine },
    );
  });

  it('counts 80 bytes per key for hash-count, and the oracle', () => {
    const text = configWith({ 4: '  name: hash-count', 5: '  domain: 5e7', 13: 'strategy: fluid' });
    const small = { availableBytes: 4 * GIB, totalBytes: 16 * GIB };
    refuses(
      text,
      'test.yaml:5:11 workload.domain: needs about 7.82 GiB of memory (3.73 GiB of state, 59.6 MiB for migrations, ' +
        '3.73 GiB to verify), but 4 GiB of 16 GiB are available; expected a smaller domain or scale',
      { memory: small, verify: true },
    );
  });
});

describe('the heap of state', () => {
  const machine = { availableBytes: 64 * GIB, totalBytes: 64 * GIB };
  /** Keys of key-count that fill the heap, 16 GiB. */
  const most = 2 ** 31;
  const fits = (changes: Readonly<Record<number, string>>): boolean => {
    try {
      return resolve(configWith(changes), { memory: machine }).length > 0;
    } catch (error) {
      assert.match(String(error), / a process of this machine holds 16 GiB of state; expected at most \d+ keys$/u);
      return false;
    }
  };

  it('holds the copies of the bins of a step, unless bins change hands with their memory', () => {
    // A quarter of the 2^6 bins moves.
    const keysFor = (movedBins: number): number => Math.floor(most / (1 + movedBins / 64));
    const bound = (changes: Readonly<Record<number, string>>, movedBins: number): readonly boolean[] =>
      [0, 1].map((more) => fits({ ...changes, 5: `  domain: ${keysFor(movedBins) + more}` }));
    assert.deepEqual(bound({ 13: 'strategy: all-at-once' }, 16), [true, false]);
    assert.deepEqual(bound({ 13: 'strategy: fluid' }, 1), [true, false]);
    assert.deepEqual(bound({ 13: 'strategy: { name: batched, binsPerStep: 3 }' }, 3), [true, false]);
    assert.deepEqual(bound({ 13: 'strategy: { name: optimized, binsPerPair: 2 }' }, 4), [true, false]);
    assert.deepEqual(bound({ 1: 'handoff: share' }, 0), [true, false]);
  });

  it('is one per process', () => {
    const keys = (processes: number, domain: number) =>
      resolve(
        configWith({
          5: `  domain: ${domain}`,
          6: `topology: { processes: ${processes}, workers: 2 }`,
          13: 'strategy: fluid',
        }),
        {
          memory: { availableBytes: 256 * GIB, totalBytes: 64 * GIB },
        },
      );
    assert.equal(keys(4, 3 * most).length, 1);
    // What arrives needs room of its own.
    assert.throws(() => keys(2, Math.floor(1.9 * most)), /but 2 processes hold 32 GiB of state; expected/u);
    assert.throws(() => keys(2, 3 * most), /but 2 processes hold 32 GiB of state; expected at most \d+ keys$/u);
  });

  it('is exceeded by a rate where a workload has no domain', () => {
    const text = configWith({ 4: '  name: q3', 5: '', 8: 'rate: 4e6 records/s' });
    refuses(
      text,
      'test.yaml:4:3 workload: needs about 504 MiB for its state and 126 MiB for migrations, but a process of this machine ' +
        'holds 614 MiB of state; expected a lower rate or a smaller scale',
      { memory: { availableBytes: GIB, totalBytes: GIB } },
    );
  });
});
