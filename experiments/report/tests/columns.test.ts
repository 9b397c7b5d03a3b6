import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alignColumns } from '../columns.ts';

const columns = [
  { heading: 'run', align: 'left' },
  { heading: 'p50', align: 'right' },
  { heading: 'sent', align: 'right', optional: true },
  { heading: 'done', align: 'right', optional: true },
] as const;

describe('alignColumns', () => {
  const rows = [['a name of some length', '1 ms', '10 000', '10 000']];

  it('keeps all columns where there is room', () => {
    assert.deepEqual(alignColumns(columns, rows, Infinity), [
      'run                     p50    sent    done',
      'a name of some length  1 ms  10 000  10 000',
    ]);
  });

  it('leaves optional columns out, the last first, and says so', () => {
    assert.deepEqual(alignColumns(columns, rows, 40), [
      'run                     p50    sent',
      'a name of some length  1 ms  10 000',
      '(no room for: done)',
    ]);
  });

  it('cuts names when that is not enough', () => {
    assert.deepEqual(alignColumns(columns, rows, 20), [
      'run              p50',
      'a name of som…  1 ms',
      '(no room for: sent, done)',
    ]);
  });
});
