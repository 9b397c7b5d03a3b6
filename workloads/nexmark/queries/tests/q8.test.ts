import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from './run-query.ts';

describe('query 8', () => {
  for (const timeDilation of [1, 79]) {
    it(`finds the auctions of new users, while bins move (time dilation ${timeDilation})`, () => {
      const parameters = { q8WindowUs: 30 * timeDilation, activePeople: 5, hotBlock: 4, timeDilation };
      checkAgainstOracle(nexmarkWorkloads['q8']!, testInput(2500, 5, 8, parameters), [1, 5, 8]);
    });
  }
});
