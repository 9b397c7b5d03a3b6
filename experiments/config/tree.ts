/**
 * A config as a tree whose every value remembers where it was written, so that an error found after scales, cases,
 * `--set` and sweeps were applied still names the line of the file, or the option, that is to blame.
 *
 * Trees are never changed: each operation returns a new one and shares what it did not touch.
 */
import { ConfigError } from './input-error.ts';

/** Keys and indexes from the root to a value. */
export type Path = readonly (string | number)[];

/** One value of a config. */
export type Tree = MappingTree | ListTree | ScalarTree;

/** A mapping. */
export interface MappingTree {
  /** Discriminates the trees. */
  readonly kind: 'mapping';
  /** How errors name its place: `fig1.yaml:12:3 topology.workers`, or `--set` and the path. */
  readonly where: string;
  /** Values by key, in the order of the file. */
  readonly entries: ReadonlyMap<string, Tree>;
  /** Where each key itself stands. */
  readonly keys: ReadonlyMap<string, string>;
}

/** A list. */
export interface ListTree {
  /** Discriminates the trees. */
  readonly kind: 'list';
  /** How errors name its place: `fig1.yaml:12:3 topology.workers`, or `--set` and the path. */
  readonly where: string;
  /** Its items, in order. */
  readonly items: readonly Tree[];
}

/** A number, text, boolean or nothing. */
export interface ScalarTree {
  /** Discriminates the trees. */
  readonly kind: 'scalar';
  /** How errors name its place: `fig1.yaml:12:3 topology.workers`, or `--set` and the path. */
  readonly where: string;
  /** What YAML made of the text. */
  readonly value: unknown;
}

/** `over` laid on `base`: mappings key by key, anything else (lists too) replaced. */
export function merge(base: Tree, over: Tree): Tree {
  if (base.kind !== 'mapping' || over.kind !== 'mapping') return over;
  const entries = new Map(base.entries);
  for (const [key, tree] of over.entries) {
    const below = base.entries.get(key);
    entries.set(key, below === undefined ? tree : merge(below, tree));
  }
  return { kind: 'mapping', where: base.where, entries, keys: new Map([...base.keys, ...over.keys]) };
}

/** The tree without one key of its root; the tree itself when it has no such key. */
export function without(tree: Tree, key: string): Tree {
  if (tree.kind !== 'mapping' || !tree.entries.has(key)) return tree;
  const entries = new Map(tree.entries);
  entries.delete(key);
  return { ...tree, entries };
}

/**
 * The tree with the value at `path` replaced; mappings that are missing on the way are made, lists are entered by index.
 *
 * @throws {ConfigError} when something on the way is neither a mapping nor a list with such an item
 */
export function set(tree: Tree, path: Path, value: Tree, done: Path = []): Tree {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  const where = `--set ${[...done, ...path].join('.')}`;
  const inner = [...done, head];
  if (tree.kind === 'list') {
    const index = Number(head);
    const item = tree.items[index];
    if (item === undefined) {
      throw new ConfigError(where, `${done.join('.')} is a list of ${tree.items.length}; no item ${head}`);
    }
    return { ...tree, items: tree.items.with(index, set(item, rest, value, inner)) };
  }
  if (tree.kind === 'scalar') throw new ConfigError(where, `${done.join('.')} is neither a mapping nor a list`);
  const key = String(head);
  const missing: Tree = { kind: 'mapping', where: `--set ${inner.join('.')}`, entries: new Map(), keys: new Map() };
  const entries = new Map(tree.entries).set(key, set(tree.entries.get(key) ?? missing, rest, value, inner));
  return { ...tree, entries, keys: new Map(tree.keys).set(key, missing.where) };
}

/** How many trees `expand` makes of a tree; Infinity when no number can tell. */
export function countExpanded(tree: Tree, path: Path = []): number {
  if (tree.kind === 'scalar') return 1;
  if (tree.kind === 'mapping') {
    return [...tree.entries].reduce((product, [key, inner]) => product * countExpanded(inner, [...path, key]), 1);
  }
  const counts = tree.items.map((item, index) => countExpanded(item, [...path, index]));
  const isProduct = isNaturalList(path);
  return counts.reduce((total, count) => (isProduct ? total * count : total + count), isProduct ? 1 : 0);
}

/** Every single-valued tree that a tree with sweeps stands for: the cartesian product of its lists, first key outermost. */
export function expand(tree: Tree, path: Path = []): Tree[] {
  if (tree.kind === 'scalar') return [tree];
  if (tree.kind === 'mapping') {
    let products = [new Map<string, Tree>()];
    for (const [key, inner] of tree.entries) {
      const choices = expand(inner, [...path, key]);
      products = products.flatMap((product) => choices.map((choice) => new Map(product).set(key, choice)));
    }
    return products.map((entries) => ({ ...tree, entries }));
  }
  if (isNaturalList(path)) {
    let products: Tree[][] = [[]];
    for (const [index, item] of tree.items.entries()) {
      const choices = expand(item, [...path, index]);
      products = products.flatMap((product) => choices.map((choice) => [...product, choice]));
    }
    return products.map((items) => ({ ...tree, items }));
  }
  if (tree.items.length === 0) throw new ConfigError(tree.where, 'an empty list leaves nothing to run');
  return tree.items.flatMap((item, index) => expand(item, [...path, index]));
}

/** Whether a list at this path is one value rather than a sweep. */
function isNaturalList(path: Path): boolean {
  if (path.length === 1) return path[0] === 'migrations' || path[0] === 'latency';
  return path.at(-1) === 'owners' || (path.length === 2 && path[0] === 'topology' && path[1] === 'hosts');
}

/** The plain value of a tree, for validation. */
export function plain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plain);
  return Object.fromEntries([...tree.entries].map(([key, inner]) => [key, plain(inner)]));
}

/** Where the value at `path` was written; for a value that nobody wrote, the nearest mapping around it and the path. */
export function locate(tree: Tree, path: Path): string {
  let current = tree;
  for (const [depth, part] of path.entries()) {
    const inner = current.kind === 'mapping' ? current.entries.get(String(part)) : undefined;
    const next = current.kind === 'list' ? current.items[Number(part)] : inner;
    if (next === undefined) {
      // A short form (`strategy: fluid`) has nothing inside; a missing key is to be looked for in its mapping.
      if (current.kind === 'scalar') return current.where;
      return `${current.where}${depth === 0 ? ' ' : '.'}${path.slice(depth).join('.')}`;
    }
    current = next;
  }
  return current.where;
}

/** Where `key` of the mapping at `path` stands. */
export function locateKey(tree: Tree, path: Path, key: string): string {
  let current: Tree | undefined = tree;
  for (const part of path) {
    if (current?.kind === 'mapping') current = current.entries.get(String(part));
    else if (current?.kind === 'list') current = current.items[Number(part)];
  }
  const where = current?.kind === 'mapping' ? current.keys.get(key) : undefined;
  return where ?? locate(tree, [...path, key]);
}
