import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from '../../../tests/run-workload.ts';

describe('query 5', () => {
  const cases = [
    { timeDilation: 1, q5WindowUs: 20, q5SlideUs: 5, hotBlock: 5 },
    { timeDilation: 79, q5WindowUs: 1580, q5SlideUs: 395, hotBlock: 5 },
    // Several ticks per microsecond; no auction is hot, so that many lead a window together.
    { timeDilation: 0.3, q5WindowUs: 6, q5SlideUs: 2, hotAuctionRatio: 1 },
  ];
  for (const parameters of cases) {
    it(`finds the hottest auction of every window, while bins move (time dilation ${parameters.timeDilation})`, () => {
      checkAgainstOracle(nexmarkWorkloads['q5']!, testInput(1500, 5, 5, parameters), [1, 5, 8]);
    });
  }
});
