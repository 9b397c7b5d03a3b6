/** Whatever a folder of results holds, reading it ends with what can be read, or with one line. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, it, mock } from 'node:test';
import fc from 'fast-check';
import { listResults } from '../../experiments/cli/list-command.ts';
import { showRun } from '../../experiments/cli/show-command.ts';
import { InputError } from '../../experiments/config/input-error.ts';
import { ResultsError } from '../../experiments/results/results-error.ts';
import { beginRun, publishRun } from '../../experiments/results/run-attempt.ts';
import { runDirectory } from '../../experiments/results/run-folders.ts';
import { writeResults } from '../../experiments/results/run-writer.ts';
import { provenance, results, spec } from '../../experiments/results/tests/example-run.ts';
import { drawables } from '../../experiments/results/results-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'megaphone-mutated-'));
after(() => rmSync(root, { recursive: true, force: true }));

const originals = join(root, 'originals');
const [whole, other] = [1, 2].map((repeat) => {
  const directory = runDirectory(originals, { ...spec, repeat });
  const attempt = beginRun(directory, { ...spec, repeat }, provenance);
  writeResults(attempt, results);
  publishRun(attempt, directory, () => false);
  return directory;
}) as [string, string];

/** Names and contents of all that is in a folder. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? `${path}: ${readFileSync(path, 'latin1')}` : path;
    })
    .sort();
}

const ODD = [
  'null',
  '-1',
  '1e308',
  '1.5',
  '"\\u001b[31m\\n"',
  '[]',
  '{}',
  'true',
  '',
  '{',
  '9007199254740993',
  '"../../x"',
];

type Mutation = (file: string) => void;

const edit =
  (change: (text: string) => string): Mutation =>
  (file) =>
    writeFileSync(file, Buffer.from(change(readFileSync(file, 'latin1')), 'latin1'));

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Replaces the part of the text that the pattern finds at a share of its matches. */
const replaceOne = (pattern: RegExp, at: number, by: string): Mutation =>
  edit((text) => {
    const matches = [...text.matchAll(pattern)];
    const match = matches[Math.floor(at * matches.length)];
    return match === undefined ? by : `${text.slice(0, match.index)}${by}${text.slice(match.index + match[0].length)}`;
  });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(share, fc.nat(8), fc.string({ unit: 'binary', maxLength: 8 })).map(([at, length, text]) =>
    edit((original) => {
      const start = Math.floor(at * original.length);
      return `${original.slice(0, start)}${text}${original.slice(start + length)}`;
    }),
  ),
  fc
    .tuple(share, fc.constantFrom(...ODD))
    .map(([at, value]) => replaceOne(/(?<=[:,[] ?)[\w.+-]+|"[^"]*"/gu, at, value)),
  fc
    .tuple(share, fc.constantFrom('x', '', 'epoch', '__proto__'))
    .map(([at, key]) => replaceOne(/[A-Za-z_]+/gu, at, key)),
  share.map((at) => edit((text) => text.slice(0, Math.floor(at * text.length)))),
  share.map((at) => replaceOne(/.*\n/gu, at, '')),
  fc.constant<Mutation>((file) => rmSync(file)),
  fc.constant<Mutation>((file) => {
    rmSync(file);
    mkdirSync(file);
  }),
);

it('mutated results are listed, shown and read, or refused in one line, and stay as they are', () => {
  const folder = join(root, 'results');
  const run = join(folder, spec.experiment, basename(whole));
  const printed: string[] = [];
  const print = mock.method(console, 'log', (line: string) => void printed.push(line));
  const complain = mock.method(console, 'error', () => {});
  let refused = 0;
  const attempt = (act: () => unknown): void => {
    try {
      act();
    } catch (error) {
      const isKnown = error instanceof ResultsError || error instanceof InputError;
      assert.ok(isKnown, error instanceof Error ? error.stack : String(error));
      assert.doesNotMatch(error.message, /\p{Cc}/u);
      assert.ok(error.message.length <= 600);
      refused += 1;
    }
  };
  try {
    fc.assert(
      fc.property(share, mutation, (at, mutate) => {
        rmSync(folder, { recursive: true, force: true });
        cpSync(originals, folder, { recursive: true });
        const files = readdirSync(run);
        mutate(join(run, files[Math.floor(at * files.length)]!));
        const before = contents(folder);
        const notes: string[] = [];
        assert.equal(listResults(folder), 0);
        attempt(() => showRun(run, folder));
        attempt(() => drawables(folder, (line) => notes.push(line)));
        assert.ok(notes.length <= 1);
        for (const line of [...printed.splice(0), ...notes]) assert.doesNotMatch(line, /\p{Cc}/u);
        assert.equal(complain.mock.callCount(), 0);
        assert.deepEqual(contents(folder), before);
      }),
      { numRuns: 150 },
    );
  } finally {
    print.mock.restore();
    complain.mock.restore();
  }
  assert.ok(refused > 20, `${refused} refused`);
  assert.ok(contents(other).length > 0);
});
