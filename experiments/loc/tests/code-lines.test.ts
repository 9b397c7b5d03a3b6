import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sourceSize } from '../code-lines.ts';

const SOURCE = `/**
 * A file.
 */
import { a } from './a.ts';
import {
  b,
  type C,
} from './b.ts';
import { d } from '../d.ts';
import { e } from 'e';

/** Not code: const x = 1; */
export const text = \`first
  // not a comment
third\`; // a comment
/* a comment */ const called = a(b, d, e);

// A comment.
export function f(c: C): string {
  /** Documents nothing. */
  return (
    // why
    text + c
  );
}
`;

describe('sourceSize', () => {
  it('counts lines with code, but neither imports nor comments', () => {
    assert.equal(sourceSize(SOURCE).lines, 3 + 1 + 5);
  });

  it('names the imported files of the same folder', () => {
    assert.deepEqual(sourceSize(SOURCE).imports, ['a.ts', 'b.ts']);
  });

  it('is not misled by quotes, comments and slashes within one another', () => {
    const sources: readonly (readonly [source: string, lines: number])[] = [
      ["const a = '// no comment';\n// 'no string\nconst b = \"/*\";\n", 2],
      ["const a = 'it\\'s /* none */';\n/* 'one' */\n", 1],
      ['/* // */ const a = 1;\n/*\n const b = `\n*/\n', 1],
      ['const a = `\n\n// text\n/* text\n`;\nconst b = 1;\n', 6],
      ['const a = `${b /* `} */ + `${c}\n`}`;\n// none\n', 2],
      ['const a = `${{ b: 1 }.b}`; // `\nconst c = 2;\n', 2],
      ['const a = `\\`${b}\\${`;\n// none\n', 1],
      ['const a = /[/*]\\/`"/.test(b);\n// none\n', 1],
      ["const a = b / c; // '\nconst d = (b) / c; // /\n// none\n", 2],
      ['#!/usr/bin/env node\nexport {};\n', 1],
      ['export const a = import.meta.url;\nawait import(a);\n', 2],
    ];
    for (const [source, lines] of sources) assert.equal(sourceSize(source).lines, lines, source);
  });

  it('finds nothing in a file without code', () => {
    assert.deepEqual(sourceSize('// nothing\n\n'), { lines: 0, imports: [] });
  });
});
