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

  it('finds nothing in a file without code', () => {
    assert.deepEqual(sourceSize('// nothing\n\n'), { lines: 0, imports: [] });
  });
});
