/**
 * Lines of code of a TypeScript source, and the files of its own folder that it uses.
 *
 * A scanner instead of a parser: it knows comments, strings, templates and regular expressions, which is all that decides where code
 * stands. Sources are formatted: an import begins its line and ends in a semicolon.
 */

/** What is counted of a file. */
export interface SourceSize {
  /** Lines that hold code; imports, comments and empty lines do not count. */
  readonly lines: number;
  /** Names of the files in the same folder that it imports. */
  readonly imports: readonly string[];
}

/** A comment, or code that a search for the end of a statement must not look into: quoted text, or a regular expression. */
const ATOM = /\/\/.*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y;
/** Text of a template up to its end or its next `${`. */
const TEMPLATE_TEXT = /(?:\\[^]|(?!\$\{)[^`\\])*(?:`|\$\{)/y;
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
/** Code after which a slash begins a regular expression instead of dividing. */
const BEFORE_OPERAND = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|of|in|yield|await|void))$/;
/** Stands for the end of a line within a template, where empty lines count, too. */
const TEMPLATE_NEWLINE = '\v';
const IMPORT = /^import\b(?!\s*[(.])[^;]*;/gm;
const SIBLING = /(?:\bfrom|^import)\s*['"]\.\/([^/'"]+)['"]/;

/** The size of a source text. */
export function sourceSize(text: string): SourceSize {
  const code = codeOf(text.replace(/^#!.*/, (line) => ' '.repeat(line.length)));
  const imports: string[] = [];
  const counted = code.replace(IMPORT, (statement, at: number) => {
    const name = SIBLING.exec(text.slice(at, at + statement.length))?.[1];
    if (name !== undefined) imports.push(name);
    return '';
  });
  let lines = 0;
  for (const line of counted.split('\n')) if (line.trim() !== '') lines += line.split(TEMPLATE_NEWLINE).length;
  return { lines, imports };
}

/** The text at the same positions and lines, without comments, and with `_` for all that is quoted. */
function codeOf(text: string): string {
  let code = '';
  /** Open braces of each template's `${` around the position, innermost last; the first belongs to none. */
  const braces = [0];
  for (let at = 0; at < text.length;) {
    const char = text[at]!;
    let end = at + 1;
    let shown = char;
    const closesTemplate = char === '}' && braces.length > 1 && braces.at(-1) === 0;
    if (char === '`' || closesTemplate) {
      if (closesTemplate) braces.pop();
      end = endOf(TEMPLATE_TEXT, text, end);
      if (text[end - 1] === '{') braces.push(0);
      shown = text.slice(at, end).replaceAll('\n', TEMPLATE_NEWLINE).replaceAll(/[^\v]/g, '_');
    } else if (char === '{' || char === '}') {
      braces[braces.length - 1]! += char === '{' ? 1 : -1;
    } else if (char === '/' || char === "'" || char === '"') {
      end = endOf(ATOM, text, at);
      const isComment = char === '/' && end > at;
      if (char === '/' && !isComment && BEFORE_OPERAND.test(code.trimEnd().slice(-10)))
        end = endOf(REGULAR_EXPRESSION, text, at);
      end = Math.max(end, at + 1);
      shown = text.slice(at, end).replaceAll(/[^\n]/g, isComment ? ' ' : '_');
    }
    code += shown;
    at = end;
  }
  return code;
}

/** Where the match that begins at `at` ends; `at` when there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
