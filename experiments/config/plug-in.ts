/**
 * Workloads of one's own: modules outside of the project that export a workload as their default.
 *
 * They are loaded at once (`require` of a module), so that a config can be checked without waiting. What a plug-in imports by the names
 * `megaphone-engine` and `megaphone` is that of the running program, wherever its file lies: a second copy of the engine would not
 * know the streams of the first. All else is found as Node finds it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, extname, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StateInput, Workload, WorkloadDescription } from '../../workloads/index.ts';
import { InputError } from './input-error.ts';
import { checkShape, ShapeError } from './plug-in-shape.ts';

/** A plug-in that cannot be used. The message is `<file>: <what is wrong>`. */
export class PlugInError extends InputError {
  override name = 'PlugInError';

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
  }
}

/** A workload that was loaded from a file. */
export interface PlugIn {
  /** The workload, whose estimates are checked. */
  readonly workload: Workload;
  /** The first 16 hexadecimal digits of the SHA-256 of the file, and of all files that it imports by relative paths. */
  readonly digest: string;
}

/** Extensions of modules that can be loaded. */
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

const HEX_DIGITS = 16;

/** Whether the name of a workload is the path of a file. */
export function isPlugInPath(name: string): boolean {
  return name.includes('/') || EXTENSIONS.includes(extname(name));
}

/** The name of the workload in a file: `my-workload` of `/home/me/my-workload.ts`. */
export function plugInName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, file.length - extname(file).length);
}

const loaded = new Map<string, PlugIn>();

/**
 * Loads a plug-in, once in each thread.
 *
 * @param file - an absolute path
 * @throws {PlugInError} when it cannot be loaded, or is no workload
 */
export function loadPlugIn(file: string): PlugIn {
  const before = loaded.get(file);
  if (before !== undefined) return before;
  checkFile(file);
  followImports();
  const exported = importNow(file);
  try {
    if (!('default' in exported)) {
      const names = Object.keys(exported).filter((name) => name !== '__esModule');
      const found = names.length === 0 ? 'nothing' : names.join(', ');
      throw new ShapeError(`exports ${found}; expected a workload as its default export (export default)`);
    }
    checkShape(exported['default']);
  } catch (error) {
    if (error instanceof ShapeError) throw new PlugInError(file, error.message);
    throw error;
  }
  const plugIn = { workload: checkedWorkload(file, exported['default']), digest: digestOf(realpathSync(file)) };
  loaded.set(file, plugIn);
  return plugIn;
}

function checkFile(file: string): void {
  const expected = 'expected a module that exports a workload';
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new PlugInError(file, `no such file; ${expected}`);
  if (stat.isDirectory()) throw new PlugInError(file, `is a folder; ${expected}`);
  if (!stat.isFile()) throw new PlugInError(file, `is not a plain file; ${expected}`);
  if (!EXTENSIONS.includes(extname(file))) throw new PlugInError(file, `expected a file in ${EXTENSIONS.join(', ')}`);
}

/** The files that each file imports by relative paths, both as URLs. */
const imports = new Map<string, Set<string>>();

/** Resolves the names of the project, and keeps account of relative imports; once in each thread. */
function followImports(): void {
  if (hooks !== undefined) return;
  hooks = registerHooks({
    resolve(specifier, context, next) {
      const isOurs = /^megaphone(?:-engine)?(?:\/|$)/u.test(specifier);
      const found = next(specifier, isOurs ? { ...context, parentURL: import.meta.url } : context);
      if (isOurs || !/^(?:\.{1,2}\/|file:)/u.test(specifier)) return found;
      const { parentURL = '' } = context;
      imports.set(parentURL, (imports.get(parentURL) ?? new Set()).add(found.url));
      // Below no package.json nothing says that a file is a module, and Node would complain after it has found out.
      const isTyped = (found.format ?? null) === null && found.url.endsWith('.ts');
      return isTyped ? { ...found, format: 'module-typescript' } : found;
    },
  });
}

let hooks: ReturnType<typeof registerHooks> | undefined;

/** The module's exports. */
function importNow(file: string): Readonly<Record<string, unknown>> {
  try {
    return createRequire(import.meta.url)(file) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new PlugInError(file, loadProblem(file, error));
  }
}

/** What kept a module from being loaded, with the line where it is known. */
function loadProblem(file: string, error: unknown): string {
  if (!(error instanceof Error)) return `throws while it is loaded: ${String(error)}`;
  const [message = ''] = error.message.split('\n', 1);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_REQUIRE_ASYNC_MODULE') return 'awaits something while it is loaded; expected no await at its top';
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return `imports what is not there: ${message}`;
  if (!(error instanceof SyntaxError)) return `throws while it is loaded: ${message}`;
  const place = placeIn(error.stack ?? '') ?? placeByChecking(file, message);
  if (place === undefined) return message;
  return `${place.path === file ? '' : `${place.path}, `}line ${place.line}: ${message}`;
}

/** A place in a source. */
interface Place {
  readonly path: string;
  readonly line: number;
}

/** The place that stands above the message of a syntax error: `file:///tmp/my.ts:12`. */
function placeIn(text: string): Place | undefined {
  const [, path, line] = /^(?:file:\/\/)?(\/.*):(\d+)$/u.exec(text.split('\n', 1)[0] ?? '') ?? [];
  return path === undefined ? undefined : { path, line: Number(line) };
}

/** Asks Node where the syntax error is: of one in a module it tells a program the message alone. */
function placeByChecking(file: string, message: string): Place | undefined {
  for (const path of filesOf(realpathSync(file))) {
    const { stderr } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8' });
    if (stderr.includes(message)) return placeIn(stderr);
  }
  return undefined;
}

/** A file and all that it imports by relative paths, directly or not. */
function filesOf(file: string): string[] {
  const urls = new Set([pathToFileURL(file).href]);
  for (const url of urls) for (const imported of imports.get(url) ?? []) urls.add(imported);
  return [...urls].map((url) => fileURLToPath(url));
}

/** The digest of a file and of all that it imports by relative paths; names count relative to the file. */
function digestOf(file: string): string {
  const hash = createHash('sha256');
  for (const [name, path] of filesOf(file)
    .map((path) => [relative(dirname(file), path), path] as const)
    .sort()) {
    const content = readFileSync(path);
    hash.update(`${name}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, HEX_DIGITS);
}

/** The workload with estimates that are checked where they are asked for: they decide whether a run is refused. */
function checkedWorkload(file: string, workload: Workload): Workload {
  const { description } = workload;
  const call = <T>(name: string, ask: () => T): T => {
    try {
      return ask();
    } catch (error) {
      const [message = ''] = String(error instanceof Error ? error.message : error).split('\n', 1);
      throw new PlugInError(file, `description.${name} throws: ${message}`);
    }
  };
  const amount = (name: string, ask: () => number): number => {
    const found: unknown = call(name, ask);
    if (typeof found === 'number' && Number.isFinite(found) && found >= 0) return found;
    throw new PlugInError(file, `description.${name} returns ${String(found)}; expected a number from 0`);
  };
  const checked: WorkloadDescription = {
    ...description,
    ...(description.check && {
      check: (parameters, tickNs) => call('check', () => description.check?.(parameters, tickNs)),
    }),
    stateBytes: (input: StateInput) => amount('stateBytes', () => description.stateBytes(input)),
    loadedRecords: (input) => amount('loadedRecords', () => description.loadedRecords(input)),
  };
  return {
    description: checked,
    native: (scope, input) => workload.native(scope, input),
    megaphone: (scope, input, control) => workload.megaphone(scope, input, control),
    oracle: (input, result) => workload.oracle(input, result),
  };
}
