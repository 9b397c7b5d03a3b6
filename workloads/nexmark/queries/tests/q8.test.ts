import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from '../../../tests/run-workload.ts';

describe('query 8', () => {
  const cases = [
    { timeDilation: 1, q8WindowUs: 6 },
    { timeDilation: 79, q8WindowUs: 300 },
    // Several ticks per microsecond.
    { timeDilation: 0.3, q8WindowUs: 2 },
  ];
  for (const parameters of cases) {
    it(`finds the auctions of new users, while bins move (time dilation ${parameters.timeDilation})`, () => {
      // Few active people and few bids: many auctions name a seller who registers later, or whose window ends.
      const people = {
        personProportion: 3,
        auctionProportion: 5,
        bidProportion: 1,
        activePeople: 20,
        hotSellerRatio: 1,
      };
      checkAgainstOracle(nexmarkWorkloads['q8']!, testInput(1200, 5, 8, { ...people, ...parameters }), [1, 5, 8]);
    });
  }
});
