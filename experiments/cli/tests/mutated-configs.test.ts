/** Whatever a config says, the command line answers with a plan or with one line. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it, mock } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../config/input-error.ts';
import { SCALES } from '../../config/schema.ts';
import { configFile, packageConfigs } from '../config-path.ts';
import { runExperiment } from '../run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'megaphone-mutated-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const originals = packageConfigs().map((name) => readFileSync(configFile(name)));

/** What a value, or a part of the structure, is replaced by. */
const ODD = [
  ...[
    '',
    '~',
    '[]',
    '{}',
    '0',
    '-1',
    '1e308',
    '.inf',
    '.nan',
    '0x7f',
    '2^1000',
    '2^20',
    '1 h',
    '-1 s',
    '0 s',
    '1e-9 s',
    'true',
  ],
  ...[
    '[1, 2]',
    '[[1], [2]]',
    '{ a: 1 }',
    '&a [*a]',
    '*b',
    '"\\e[31m"',
    '!!binary aGk=',
    '!!set { a }',
    '2026-01-01',
    '|',
    '"',
    '{',
  ],
  ...[
    'balanced',
    'fluid',
    'explicit',
    '{ name: batched }',
    '[all-at-once, fluid, { name: optimized, gap: 1 ms }]',
    'q5',
    'native',
  ],
  ...[
    '9007199254740993',
    '4294967296',
    '1024',
    '1000.5 records/s',
    'constructor',
    '__proto__',
    '?',
    '---',
    '...',
    '%YAML 1.1',
  ],
];

type Mutation = (config: Buffer) => Buffer;

/** Changes the line at this share of the config. */
const inLine =
  (share: number, change: (line: string) => string): Mutation =>
  (config) => {
    const lines = config.toString('latin1').split('\n');
    const index = Math.floor(share * lines.length);
    return Buffer.from(lines.with(index, change(lines[index] ?? '')).join('\n'), 'latin1');
  };

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const odd = fc.constantFrom(...ODD);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  // Bytes.
  fc.tuple(share, fc.nat(12), fc.uint8Array({ maxLength: 12 })).map(([at, length, bytes]): Mutation => (config) => {
    const start = Math.floor(at * config.length);
    return Buffer.concat([config.subarray(0, start), bytes, config.subarray(start + length)]);
  }),
  // Values, at the end of a line or inside of a mapping.
  fc.tuple(share, odd).map(([at, value]) => inLine(at, (line) => line.replace(/: .*$/u, `: ${value}`))),
  fc.tuple(share, odd).map(([at, value]) => inLine(at, (line) => line.replace(/(: )[^,{}]+(?=[,}])/u, `$1${value}`))),
  // Keys.
  fc
    .tuple(share, fc.oneof(odd, fc.string()))
    .map(([at, key]) => inLine(at, (line) => line.replace(/[\w-]+(?=:)/u, () => key))),
  fc
    .tuple(share, fc.nat(8))
    .map(([at, cut]) => inLine(at, (line) => line.replace(/([\w-]+)(?=:)/u, (key) => key.slice(cut)))),
  // Structure.
  fc.tuple(share, fc.nat(6)).map(([at, indent]) => inLine(at, (line) => `${' '.repeat(indent)}${line.trimStart()}`)),
  fc.tuple(share, odd).map(([at, text]) => inLine(at, (line) => `${line}\n${text}`)),
  share.map((at) => inLine(at, () => '')),
  share.map((at) => inLine(at, (line) => `${line}\n${line}`)),
  fc.tuple(share, share).map(([from, to]): Mutation => (config) => {
    const lines = config.toString('latin1').split('\n');
    const [moved = ''] = lines.splice(Math.floor(from * lines.length), 1);
    lines.splice(Math.floor(to * lines.length), 0, moved);
    return Buffer.from(lines.join('\n'), 'latin1');
  }),
);

it('a mutated config is planned, or refused in one line, and nothing is written', async () => {
  const file = join(folder, 'mutated.yaml');
  const printed = mock.method(console, 'log', () => {});
  const complained = mock.method(console, 'error', () => {});
  const { signal } = new AbortController();
  let planned = 0;
  let refused = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...SCALES),
        async (original, mutations, scale) => {
          writeFileSync(
            file,
            mutations.reduce<Buffer>((config, mutate) => mutate(config), original),
          );
          const request = {
            config: file,
            scale,
            query: undefined,
            engine: undefined,
            settings: [],
            repeats: 1,
            verify: false,
            force: false,
            live: { page: undefined, metrics: undefined },
            cluster: { hosts: undefined, join: false, tokenFile: undefined, waitMs: 1 },
          };
          try {
            assert.equal(
              await runExperiment({ ...request, out: join(folder, 'out'), dryRun: true, json: false }, signal),
              0,
            );
            planned += 1;
          } catch (error) {
            assert.ok(error instanceof InputError, error instanceof Error ? error.stack : String(error));
            assert.doesNotMatch(error.message, /\p{Cc}/u);
            assert.ok(error.message.length <= 600 && error.message.length > 0);
            refused += 1;
          }
          assert.equal(complained.mock.callCount(), 0);
          for (const call of printed.mock.calls) {
            for (const line of String((call.arguments as unknown[])[0])
              .replaceAll(/\u001b\[\d+m/gu, '')
              .split('\n')) {
              assert.doesNotMatch(line, /\p{Cc}/u);
            }
          }
          printed.mock.resetCalls();
          assert.deepEqual(readdirSync(folder), ['mutated.yaml']);
        },
      ),
      { numRuns: 600 },
    );
  } finally {
    printed.mock.restore();
    complained.mock.restore();
  }
  assert.ok(planned > 20 && refused > 100, `${planned} planned, ${refused} refused`);
});
