import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from './run-query.ts';

describe('query 7', () => {
  for (const timeDilation of [1, 79]) {
    it(`finds the highest bid of every window, while bins move (time dilation ${timeDilation})`, () => {
      const parameters = { q7WindowUs: 7 * timeDilation, timeDilation };
      checkAgainstOracle(nexmarkWorkloads['q7']!, testInput(2000, 5, 7, parameters), [1, 5, 8]);
    });
  }
});
