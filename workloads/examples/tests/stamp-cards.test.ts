/** The example of a workload of one's own agrees with its oracle, whatever moves. */
import { describe, it } from 'node:test';

import { checkAgainstOracle, testInput } from '../../tests/run-workload.ts';
import stampCards from '../stamp-cards.ts';

describe('stamp-cards', () => {
  for (const stampsPerCard of [1, 3]) {
    it(`gives the oracle's cards of ${stampsPerCard} stamps for any workers, transport and strategy`, () => {
      checkAgainstOracle(stampCards, { ...testInput(900, 3, 7, { stampsPerCard }), domain: 50 }, [1, 3]);
    });
  }
});
