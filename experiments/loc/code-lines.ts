/** Lines of code of a TypeScript source, and the files of its own folder that it uses. */
import ts from 'typescript';

/** What is counted of a file. */
export interface SourceSize {
  /** Lines that hold code; imports, comments and empty lines do not count. */
  readonly lines: number;
  /** Names of the files in the same folder that it imports. */
  readonly imports: readonly string[];
}

/** The size of a source text. */
export function sourceSize(text: string): SourceSize {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const imports: string[] = [];
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) addLines(statement, source, lines);
    else if (ts.isStringLiteral(statement.moduleSpecifier)) {
      const name = /^\.\/([^/]+)$/u.exec(statement.moduleSpecifier.text)?.[1];
      if (name !== undefined) imports.push(name);
    }
  }
  return { lines: lines.size, imports };
}

/** Adds the lines of all tokens of a node. */
function addLines(node: ts.Node, source: ts.SourceFile, lines: Set<number>): void {
  if (ts.isJSDoc(node)) return;
  const children = node.getChildren(source);
  for (const child of children) addLines(child, source, lines);
  // An empty list of nodes has neither children nor text.
  if (children.length > 0 || node.getWidth(source) === 0) return;
  const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
  for (let line = first; line <= last; line++) lines.add(line);
}
