import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { workloads } from '../../../workloads/index.ts';
import { ConfigError, InputError } from '../input-error.ts';
import { loadExperiment } from '../load.ts';
import { loadPlugIn, PlugInError } from '../plug-in.ts';
import { runId } from '../run-id.ts';
import type { RunSpec } from '../run-spec.ts';
import { workloadOf } from '../workload-of.ts';

const EXAMPLE = fileURLToPath(new URL('../../../workloads/examples/stamp-cards.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'megaphone-plug-in-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** A new file with a text, or a copy of the example. */
function file(text?: string, extension = '.ts'): string {
  const path = join(folder, `workload-${files++}${extension}`);
  if (text === undefined) copyFileSync(EXAMPLE, path);
  else writeFileSync(path, text);
  return path;
}

/** A module whose default export is that of a workload, with parts replaced. */
function variant(parts: string, description = ''): string {
  return file(`
    const description: object = {
      summary: 'nothing', hasDomain: true, parameters: {}, stateBytes: () => 8, loadedRecords: () => 0, ${description}
    };
    const build = () => { throw new Error('not built'); };
    export default { description, native: build, megaphone: build, oracle() {}, ${parts} };
  `);
}

/** The problem that loading a file ends with, without the file. */
function problem(path: string): string {
  try {
    loadPlugIn(path);
  } catch (error) {
    assert.ok(error instanceof PlugInError, String(error));
    assert.ok(!error.message.includes('\n'));
    assert.ok(error.message.startsWith(`${path}: `), error.message);
    return error.message.slice(path.length + 2);
  }
  assert.fail(`${path} was loaded`);
}

const config = (workload: string): string => `
workload: ${workload}
topology: { workers: 2 }
bins: 2^4
rate: 1000
duration: 3 s
warmUp: 500 ms
`;

/** The runs of a config in the folder; `settings` as on the command line. */
function runs(workload: string, settings: readonly string[] = []): readonly RunSpec[] {
  const path = join(folder, 'my.yaml');
  writeFileSync(path, config(workload));
  return loadExperiment(path, { scale: 'laptop', settings }).specs;
}

describe('a workload of one’s own', () => {
  it('is loaded from a folder outside of the project, with the engine of the project', () => {
    const { workload, digest } = loadPlugIn(file());
    assert.equal(workload.description.summary, 'customers collect stamps; a result per full card');
    assert.match(digest, /^[0-9a-f]{16}$/u);
  });

  it('may be JavaScript, and import files beside it', () => {
    writeFileSync(join(folder, 'summary.ts'), 'export const summary: string = "from beside";');
    const path = file(
      `import { summary } from './summary.ts';
       import { Schema } from 'megaphone-engine';
       import { MAX_BIN_SHIFT } from 'megaphone-engine/migration';
       if (typeof Schema !== 'function' || MAX_BIN_SHIFT !== 20) throw new Error('another engine');
       const no = () => {};
       export default {
         description: { summary, hasDomain: false, parameters: {}, stateBytes: () => 0, loadedRecords: () => 0 },
         native: no, megaphone: no, oracle: no,
       };`,
      '.mjs',
    );
    assert.equal(loadPlugIn(path).workload.description.summary, 'from beside');
  });

  it('is a path relative to the config, or with --set to the current folder', () => {
    const path = file();
    const name = path.slice(folder.length + 1);
    const [spec] = runs(`{ name: ./${name}, domain: 100 }`);
    assert.equal(spec?.workload.plugIn?.file, path);
    assert.equal(spec.workload.name, name.replace('.ts', ''));
    assert.deepEqual(spec.workload.parameters, { stampsPerCard: 10 });
    assert.throws(
      () => runs('{ name: key-count, domain: 100 }', [`workload.name=./${name}`]),
      new RegExp(`^ConfigError: --set workload.name: ${join(process.cwd(), name)}: no such file; `),
    );
    const [set] = runs('{ name: key-count, domain: 100 }', [`workload.name=${path}`]);
    assert.equal(set?.workload.plugIn?.file, path);
  });

  it('may be named without a mapping, and swept', () => {
    const [a, b] = [variant('', 'hasDomain: false'), file()];
    assert.equal(runs(a)[0]?.workload.plugIn?.file, a);
    assert.deepEqual(
      runs(`{ name: [${b}, key-count], domain: 10 }`).map(({ workload }) => workload.plugIn?.file),
      [b, undefined],
    );
  });

  it('has parameters with bounds', () => {
    const path = file();
    for (const [parameters, message] of [
      [
        '{ stampsPerCard: 0 }',
        /my.yaml:2:\d+ workload.parameters.stampsPerCard: expected a whole number from 1 to 1000/,
      ],
      ['{ stamps: 3 }', /workload.parameters.stamps: unknown parameter; did you mean stampsPerCard\?$/],
    ] as const) {
      assert.throws(() => runs(`{ name: ${path}, domain: 10, parameters: ${parameters} }`), message);
    }
    assert.throws(() => runs(path), /my.yaml:2:11 workload: missing; workload-\d+ needs a number of keys$/u);
  });

  it('counts with its contents, not with its place, for the id of a run', () => {
    const path = file();
    const id = (at: string) => runId(runs(`{ name: ${at}, domain: 10 }`)[0]!);
    const before = id(path);
    mkdirSync(join(folder, 'moved'));
    const moved = join(folder, 'moved', path.slice(folder.length + 1));
    copyFileSync(path, moved);
    assert.equal(id(moved), before);
    const edited = join(folder, 'edited', path.slice(folder.length + 1));
    mkdirSync(join(folder, 'edited'));
    copyFileSync(path, edited);
    writeFileSync(edited, '\n// edited\n', { flag: 'a' });
    assert.notEqual(id(edited), before);
  });

  it('counts with what it imports by relative paths, directly or not', () => {
    const digests = ['1', '2'].map((value) => {
      const inner = join(folder, `imported-${value}`);
      mkdirSync(inner);
      writeFileSync(join(inner, 'c.ts'), `export const c: number = ${value};`);
      writeFileSync(join(inner, 'b.ts'), "export { c } from './c.ts';");
      const path = variant('');
      renameSync(path, join(inner, 'a.ts'));
      writeFileSync(join(inner, 'a.ts'), "import './b.ts';\nexport { default } from './d.ts';");
      copyFileSync(EXAMPLE, join(inner, 'd.ts'));
      return loadPlugIn(join(inner, 'a.ts')).digest;
    });
    assert.notEqual(digests[0], digests[1]);
  });

  it('is refused where it has changed since the run was planned', () => {
    const [spec] = runs(`{ name: ${file()}, domain: 10 }`);
    const { workload } = spec!;
    assert.equal(typeof workloadOf(workload).oracle, 'function');
    const other = { ...workload, plugIn: { ...workload.plugIn!, digest: '0123456789abcdef' } };
    assert.throws(() => workloadOf(other), /has changed since the run was planned/u);
    assert.equal(workloadOf({ ...workload, name: 'key-count', plugIn: undefined! }), workloads['key-count']);
  });

  it('is what a symbolic link leads to', () => {
    const path = file();
    symlinkSync(path, join(folder, 'link.ts'));
    assert.equal(typeof loadPlugIn(join(folder, 'link.ts')).workload.native, 'function');
  });
});

describe('a file that is no workload', () => {
  it('is told in one line', () => {
    const expected = 'expected a module that exports a workload';
    for (const [path, message] of [
      [join(folder, 'nowhere.ts'), `no such file; ${expected}`],
      [folder, `is a folder; ${expected}`],
      ['/dev/null', `is not a plain file; ${expected}`],
      [file('', '.cjs'), 'expected a file in .ts, .mts, .js, .mjs'],
      [file(''), /^exports nothing; expected a workload as its default export \(export default\)$/],
      [file('export const workload = 1, a = 2;'), /^exports a, workload; expected a workload as its default export/],
      [file('export default 3;'), /^its default export is 3; expected a workload: \{ description, native,/],
      [file('const a = 3;\nconst a: number = 4;', '.mts'), /^line 2: Identifier 'a' has already been declared$/],
      [file('let b = 3;\nlet b = 4;\nexport default b;', '.mjs'), /^line 2: Identifier 'b' has already been declared$/],
      [file('export default {\n  a: = 3 };'), /^line \d: /],
      [file('enum A { x }\nexport default A;'), /TypeScript enum is not supported in strip-only mode/],
      [file('import "./nowhere.ts";\nexport default 3;'), /^imports what is not there: Cannot find module/],
      [file('import "nobody-has-this";\nexport default 3;'), /^imports what is not there: Cannot find package/],
      [
        file('import { nothing } from "megaphone-engine";\nexport default nothing;'),
        /does not provide an export named 'nothing'/,
      ],
      [file('export default await Promise.resolve(3);'), /^awaits something while it is loaded; expected no await/],
      [file('throw new Error("first\\nsecond");\nexport default 3;'), 'throws while it is loaded: first'],
    ] as const) {
      const found = problem(path);
      if (typeof message === 'string') assert.equal(found, message);
      else assert.match(found, message);
    }
  });

  it('is told by the part that is missing or wrong', () => {
    const parameter = (bounds: string) => `parameters: { size: { summary: 'size', whole: true, ${bounds} } }`;
    for (const [path, message] of [
      [
        variant('description: undefined'),
        /^description: missing; expected a mapping with summary, hasDomain, canNumber,/,
      ],
      [variant('oracle: undefined'), 'oracle: missing; expected a function'],
      [variant('native: 3'), 'native: expected a function, found 3'],
      [variant('', 'hasDomain: 1'), 'description.hasDomain: expected true or false, found 1'],
      [variant('', 'summary: ""'), 'description.summary: expected a text, found ""'],
      [variant('', 'sumary: ""'), /^description.sumary: unknown; expected summary, hasDomain/],
      [variant('', 'stateBytes: 8'), 'description.stateBytes: expected a function, found 8'],
      [variant('', 'parameters: 3'), 'description.parameters: expected a mapping from names to parameters, found 3'],
      [
        variant('', parameter('default: 1, minimum: 0')),
        'description.parameters.size.maximum: missing; expected a number',
      ],
      [
        variant('', parameter('default: 9, minimum: 0, maximum: 3')),
        'description.parameters.size.default: expected a number from 0 to 3, found 9',
      ],
      [variant('', 'parameters: { "a.b": {} }'), /^description.parameters.a.b: expected a name of letters, digits/],
    ] as const) {
      const found = problem(path);
      if (typeof message === 'string') assert.equal(found, message);
      else assert.match(found, message);
    }
  });

  it('is told where the config names it', () => {
    assert.throws(
      () => runs('{ name: ./nowhere.ts }'),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.where, 'my.yaml:2:19 workload.name');
        return error.problem.startsWith(`${join(folder, 'nowhere.ts')}: no such file; expected`);
      },
    );
  });

  it('is told by estimates that make no sense', () => {
    for (const [estimate, message] of [
      ['stateBytes: () => NaN', /description.stateBytes returns NaN; expected a number from 0$/],
      ['stateBytes: () => { throw new Error("no idea"); }', /description.stateBytes throws: no idea$/],
      ['check: () => { throw new Error("no check"); }', /description.check throws: no check$/],
    ] as const) {
      const path = variant('', estimate);
      assert.throws(
        () => runs(`{ name: ${path}, domain: 10 }`),
        (error) => {
          assert.ok(error instanceof InputError);
          return message.test(error.message);
        },
      );
    }
  });
});
