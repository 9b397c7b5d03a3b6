import assert from 'node:assert/strict';
import { it } from 'node:test';
import { keepUnits } from '../keep-units.ts';

it('keepUnits keeps numbers whole and with their unit at a line break', () => {
  const text = keepUnits('for 60 s on 2 cores at 1 million, 16 384 bins');
  assert.equal(text, 'for 60\u00a0s on 2\u00a0cores at 1\u00a0million, 16\u00a0384\u00a0bins');
  assert.equal(keepUnits('repeat 1 some'), 'repeat 1 some');
});
