/**
 * Makes trees of YAML. What a config can be is bounded before anything of that size is built: the depth of its values, and their
 * number after aliases were replaced by what they stand for.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node as YamlNode,
  parseDocument,
  Parser,
  visit,
} from 'yaml';
import { ConfigError } from './input-error.ts';
import { suggestion } from './nearest.ts';
import type { Path, Tree } from './tree.ts';

/** Deepest nesting of mappings and lists, aliases included. */
export const DEEPEST = 32;

/** Most values of a config, those that aliases stand for included. */
const MOST_VALUES = 100_000;

/**
 * Most tokens that the parser of YAML may hold open: it needs up to four for a level, and works as long as the square of their number.
 */
const MOST_OPEN_TOKENS = 4 * DEEPEST + 8;

/** How an offset in the text is called in errors. */
type PositionOf = (offset: number, lines?: LineCounter) => string;

/** How a node's place is called in errors. */
type WhereOf = (node: YamlNode | null | undefined, path: Path) => string;

/**
 * Parses YAML text; `name` is how errors call the file, as in `fig1.yaml:12:3`.
 *
 * @throws {ConfigError} when the text is not YAML of one document, or larger than a config can be
 */
export function parseTree(text: string, name: string): Tree {
  const lines = new LineCounter();
  const position: PositionOf = (offset, counter = lines) => {
    const { line, col } = counter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  return treeOf(text, lines, position, (node, path) => {
    const at = node?.range?.[0];
    return `${at === undefined ? name : position(at)} ${path.join('.')}`.trimEnd();
  });
}

/**
 * Parses the value of a `--set path=value`; its every part is blamed on that option.
 *
 * @throws {ConfigError} when the value is not YAML of one document, or larger than a config can be
 */
export function parseSetting(path: Path, text: string): Tree {
  const where = (inner: Path) => `--set ${[...path, ...inner].join('.')}`;
  return treeOf(
    text,
    new LineCounter(),
    () => where([]),
    (_, inner) => where(inner),
  );
}

function treeOf(text: string, lines: LineCounter, position: PositionOf, whereOf: WhereOf): Tree {
  refuseDeep(text, position);
  // Keys are compared below: the parser compares each with all before it.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const problem =
      fault.code === 'MULTIPLE_DOCS'
        ? 'a second document starts here; expected one'
        : fault.message.replaceAll(/\s+/gu, ' ');
    throw new ConfigError(position(fault.pos[0]), problem);
  }
  return new TreeBuilder(document, whereOf).build(document.contents, []);
}

/** Parses as far as the nesting, which what comes after would follow by recursion. */
function refuseDeep(text: string, position: PositionOf): void {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    // Its documents come one after the other; what is open is on its stack.
    Array.from(parser.next(lexeme));
    if (parser.stack.length <= MOST_OPEN_TOKENS) continue;
    throw new ConfigError(position(parser.offset, lines), `nested deeper than ${DEEPEST} levels`);
  }
}

class TreeBuilder {
  readonly #whereOf: WhereOf;
  readonly #targets: ReadonlyMap<Alias, YamlNode>;
  readonly #anchors: readonly string[];
  #values = 0;

  constructor(document: Document, whereOf: WhereOf) {
    this.#whereOf = whereOf;
    [this.#targets, this.#anchors] = resolveAliases(document);
  }

  build(node: YamlNode | null | undefined, path: Path): Tree {
    const where = this.#whereOf(node, path);
    if (isAlias(node)) {
      const target = this.#targets.get(node);
      if (target !== undefined) return this.build(target, path);
      throw new ConfigError(where, `nothing is called &${node.source}; ${suggestion(node.source, this.#anchors)}`);
    }
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw new ConfigError(where, `more than ${MOST_VALUES} values, aliases included`);
    if (path.length > DEEPEST) throw new ConfigError(where, `nested deeper than ${DEEPEST} levels`);
    if (isMap<YamlNode, YamlNode>(node)) {
      const entries = new Map<string, Tree>();
      const keys = new Map<string, string>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        const inner = [...path, name];
        if (keys.has(name)) throw new ConfigError(this.#whereOf(key, inner), 'written twice; expected it once');
        keys.set(name, this.#whereOf(key, inner));
        // A key without a value has no position of its own.
        const tree = this.build(value, inner);
        entries.set(name, value?.range ? tree : { ...tree, where: this.#whereOf(key, inner) });
      }
      return { kind: 'mapping', where, entries, keys };
    }
    if (isSeq<YamlNode>(node)) {
      return { kind: 'list', where, items: node.items.map((item, index) => this.build(item, [...path, index])) };
    }
    return { kind: 'scalar', where, value: isScalar(node) ? node.value : null };
  }
}

/** What each alias stands for (the last node before it with its name), and the names that there are. */
function resolveAliases(document: Document): [targets: Map<Alias, YamlNode>, anchors: string[]] {
  const named = new Map<string, YamlNode>();
  const targets = new Map<Alias, YamlNode>();
  visit(document, {
    Alias: (_, alias) => {
      const target = named.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value: (_, node) => {
      if (node.anchor !== undefined) named.set(node.anchor, node);
    },
  });
  return [targets, [...named.keys()]];
}
