import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nexmarkQueries } from '../../../workloads/nexmark/oracle/oracle.ts';
import { LOC_VARIANTS, queryLines } from '../query-lines.ts';

describe('queryLines', () => {
  const counted = queryLines();

  it('counts both variants of every query, in files of their own', () => {
    const expected = nexmarkQueries.flatMap((query) => LOC_VARIANTS.map((variant) => `${query}-${variant}.ts`));
    assert.deepEqual(
      counted.map(({ files }) => files[0]!.name),
      expected,
    );
    for (const { lines, files } of counted) {
      assert.equal(
        lines,
        files.reduce((sum, file) => sum + file.lines, 0),
      );
      for (const { name, lines: own } of files) assert.ok(own > 0, name);
    }
  });

  it('counts the files that a variant uses once, and no columns of rows', () => {
    const q4 = counted.find(({ query, variant }) => query === 'q4' && variant === 'native')!;
    const names = q4.files.map(({ name }) => name);
    assert.ok(names.includes('closed-auctions.ts') && names.includes('q4-averages.ts'));
    assert.equal(new Set(names).size, names.length);
    assert.ok(!names.some((name) => name.endsWith('rows.ts')));
  });
});
