import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from '../../../tests/run-workload.ts';

/** Auctions are open for about 170 events on average, and sellers are few: many closings of one seller share a tick. */
const closing = { inFlightAuctions: 10, hotBlock: 5, closingStepTicks: 8, activePeople: 5, q6Closings: 3 };

describe('query 6', () => {
  for (const timeDilation of [1, 79]) {
    it(`averages the latest closings of a seller, while bins move (time dilation ${timeDilation})`, () => {
      checkAgainstOracle(nexmarkWorkloads['q6']!, testInput(2000, 5, 6, { ...closing, timeDilation }), [1, 5, 8]);
    });
  }
});
