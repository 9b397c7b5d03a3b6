import { describe, it } from 'node:test';

import { nexmarkWorkloads } from '../index.ts';
import { checkAgainstOracle, testInput } from '../../../tests/run-workload.ts';

describe('query 3', () => {
  for (const timeDilation of [1, 79]) {
    it(`joins auctions and sellers in whichever order they come, while bins move (time dilation ${timeDilation})`, () => {
      // Few active people and a long lead: many auctions name a seller who registers later.
      const parameters = { categories: 2, activePeople: 5, hotBlock: 4, idLead: 10, timeDilation };
      checkAgainstOracle(nexmarkWorkloads['q3']!, testInput(2500, 5, 3, parameters), [1, 5, 8]);
    });
  }
});
