import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { InputError } from '../input-error.ts';
import { loadExperiment, resolveExperiment } from '../load.ts';
import { oneLine, quoted } from '../one-line.ts';

const memory = { availableBytes: 2 ** 34, totalBytes: 2 ** 34 };
const options = { scale: 'paper', memory } as const;
const base = `title: t
workload: { name: key-count, domain: 64 }
topology: { workers: 2 }
bins: 64
rate: 1000
duration: 3 s
warmUp: 0
`;

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    assert.doesNotMatch(error.message, /[\p{Cc}]/u);
    assert.ok(error.message.length <= 600);
    return error.message;
  }
  return assert.fail('nothing was refused');
}

const refuses = (text: string, expected: string | RegExp, settings: readonly string[] = []) => {
  const message = refusal(() => resolveExperiment(text, 'a.yaml', { ...options, settings }));
  if (typeof expected === 'string') assert.equal(message, expected);
  else assert.match(message, expected);
};

describe('hostile YAML is refused in one line', () => {
  it('an alias inside of what it stands for', () => {
    refuses(`${base}a: &a [*a]\n`, /^a\.yaml:8:\d+ a(\.0)+: nested deeper than 32 levels$/);
  });

  it('aliases that multiply', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const below = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
    });
    refuses(`${levels.join('\n')}\n`, /more than 100000 values, aliases included$/);
  });

  it('an alias of nothing', () => {
    refuses(
      `${base}handoff: &copie copy\npreTouch: *copi\n`,
      'a.yaml:9:11 preTouch: nothing is called &copi; did you mean copie?',
    );
  });

  it('an alias stands for the last anchor before it', () => {
    const [run] = resolveExperiment(
      `${base}seed: &s 7\nhandoff: &h share\nlookahead: &s 1 ms\ntick: *s\n`,
      'a.yaml',
      options,
    ).specs;
    assert.deepEqual([run?.seed, run?.tickNs], [7, 1e6]);
  });

  it('deep nesting, of lists, mappings, and lines', () => {
    for (const text of ['['.repeat(1e5), '{a: '.repeat(1e5), '- '.repeat(1e4), '? '.repeat(1e4)]) {
      refuses(text, /nested deeper than 32 levels$/);
    }
    refuses(base, /^--set seed: nested deeper than 32 levels$/, [`seed=${'['.repeat(200)}`]);
    refuses(base, /^--set a[.a]+: expected at most 32 names$/, [`${'a.'.repeat(40)}a=1`]);
  });

  it('two documents', () =>
    refuses(`${base}---\n${base}`, /^a\.yaml:8:1: a second document starts here; expected one$/));

  it('more values than a config has', () => {
    refuses(Array.from({ length: 100_001 }, (_, key) => `k${key}: 1`).join('\n'), /more than 100000 values/);
  });

  it('more runs than a sweep can have', () => {
    const list = `[${Array.from({ length: 1000 }, (_, index) => index + 1).join(', ')}]`;
    const settings = [`seed=${list}`, `rate=${list}`];
    refuses(base, 'a.yaml: its lists stand for 1000000 runs; expected at most 100000', settings);
    // The two migrations are one value, not a sweep.
    const migrating = `${base}migrations: [imbalanced, balanced]\nstrategy: [fluid, all-at-once]\n`;
    refuses(migrating, 'a.yaml: its lists stand for 2000000 runs; expected at most 100000', settings);
    refuses(`${base}cases: [{}, {}, {}]\n`, /stand for \d+ runs; expected at most 100000$/, [
      `seed=${list}`,
      `bins=[${'2, '.repeat(40)}2]`,
    ]);
  });

  it('more migrations than a run can have', () => {
    const list = Array.from({ length: 101 }, (_, index) => `{at: ${index + 1} ms, to: balanced}`).join(', ');
    refuses(base, /migrations: expected at most 100 migrations$/, [`migrations=[${list}]`, 'strategy=fluid']);
  });

  it('control characters and long values', () => {
    refuses(
      `${base.replace('title: t', 'title: "a\\e[31mb"')}`,
      /title: expected one line of text .*found "a\\u001b\[31mb"$/,
    );
    refuses(base, /^--set seed: expected a whole number of the seed from 0 to 4294967295, found "x+\.\.\.x+"$/, [
      `seed=${'x'.repeat(1e5)}`,
    ]);
    refuses(`${base}"k\\e${'k'.repeat(900)}": 1\n`, /\\u001bk+\.\.\..*unknown key; expected a?/);
  });

  it('a key that is special to JavaScript', () => refuses(`${base}__proto__: { a: 1 }\n`, /__proto__: unknown key/));
});

describe('a file that is no config is refused in one line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'megaphone-hostile-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const refusesFile = (name: string, content: string | Uint8Array | undefined, expected: RegExp) => {
    const file = join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    assert.match(
      refusal(() => loadExperiment(file, options)),
      expected,
    );
  };

  it('a folder', () => {
    mkdirSync(join(folder, 'folder.yaml'));
    refusesFile('folder.yaml', undefined, /folder\.yaml: is a folder; expected a config file$/);
  });

  it('a pipe that nobody writes to', () => {
    execFileSync('mkfifo', [join(folder, 'fifo.yaml')]);
    refusesFile('fifo.yaml', undefined, /fifo\.yaml: is not a plain file; expected a config file$/);
  });

  it('a device without an end', () => {
    assert.match(
      refusal(() => loadExperiment('/dev/zero', options)),
      /^\/dev\/zero: is not a plain file/,
    );
  });

  it('other encodings, and bytes that are no text', () => {
    refusesFile('utf16.yaml', Buffer.from(`\ufeff${base}`, 'utf16le'), /is UTF-16; expected a text in UTF-8$/);
    refusesFile('latin1.yaml', Buffer.from('title: "\xe9"', 'latin1'), /is no text in UTF-8; expected a YAML config$/);
    refusesFile('nul.yaml', 'a: 1\nb: \0', /nul\.yaml:2: has the control character "\\u0000"; expected a text$/);
  });

  it('a file of more than 1 MiB', () => {
    refusesFile(
      'large.yaml',
      `# ${'x'.repeat(2 ** 20)}`,
      /has 1048578 bytes; expected a config file of at most 1048576$/,
    );
  });

  it('no file at all', () =>
    refusesFile('missing.yaml', undefined, /missing\.yaml: no such file; expected a config file$/));

  it('names that would lead out of the results', () => {
    for (const name of ['..yaml', '...yaml', 'a\u0007.yaml', `${'x'.repeat(201)}.yaml`]) {
      assert.match(
        refusal(() => resolveExperiment(base, name, options)),
        /results cannot be in a folder named/,
      );
    }
  });
});

describe('text of others in one line', () => {
  it('is escaped and bounded', () => {
    assert.equal(oneLine('a\nb\u001b[0m\u202ec'), String.raw`a\u000ab\u001b[0m\u202ec`);
    assert.equal(oneLine('abc'.repeat(1e5), 11), 'abcab...abc'.slice(0, 11));
    assert.equal(quoted('a"b'), String.raw`"a\"b"`);
  });
});
