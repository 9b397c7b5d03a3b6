import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from './run-query.ts';

describe('query 5', () => {
  for (const timeDilation of [1, 79]) {
    it(`finds the hottest auction of every window, while bins move (time dilation ${timeDilation})`, () => {
      const parameters = { q5WindowUs: 20 * timeDilation, q5SlideUs: 5 * timeDilation, hotBlock: 5, timeDilation };
      checkAgainstOracle(nexmarkWorkloads['q5']!, testInput(2000, 5, 5, parameters), [1, 5, 8]);
    });
  }
});
