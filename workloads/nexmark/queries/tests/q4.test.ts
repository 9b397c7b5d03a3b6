import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from './run-query.ts';

/** Auctions that are open for about 170 events on average, and hot ones among those that are open. */
const closing = { inFlightAuctions: 10, hotBlock: 5 };

describe('query 4', () => {
  for (const timeDilation of [1, 79]) {
    it(`averages in the order of closing, while bins move (time dilation ${timeDilation})`, () => {
      checkAgainstOracle(nexmarkWorkloads['q4']!, testInput(2000, 5, 4, { ...closing, timeDilation }), [1, 5, 8]);
    });
  }
});
