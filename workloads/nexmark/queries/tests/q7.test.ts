import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from '../../../tests/run-workload.ts';

describe('query 7', () => {
  const cases = [
    { timeDilation: 1, q7WindowUs: 7 },
    { timeDilation: 79, q7WindowUs: 500 },
    // Several ticks per microsecond.
    { timeDilation: 0.3, q7WindowUs: 3 },
  ];
  for (const parameters of cases) {
    it(`finds the highest bid of every window, while bins move (time dilation ${parameters.timeDilation})`, () => {
      checkAgainstOracle(nexmarkWorkloads['q7']!, testInput(1500, 5, 7, parameters), [1, 5, 8]);
    });
  }
});
