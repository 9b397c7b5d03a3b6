import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from '../../../tests/run-workload.ts';

describe('query 1', () => {
  it('converts every bid, while bins move', () => {
    checkAgainstOracle(nexmarkWorkloads['q1']!, testInput(1500, 5, 1, {}), [1, 5, 8]);
  });
});

describe('query 2', () => {
  it('selects the bids of every n-th auction, while bins move', () => {
    checkAgainstOracle(nexmarkWorkloads['q2']!, testInput(3000, 5, 2, { q2Modulus: 7 }), [1, 5, 8]);
  });
});
