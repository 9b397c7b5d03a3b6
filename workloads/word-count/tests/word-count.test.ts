import { describe, it } from 'node:test';

import { checkAgainstOracle, testInput } from '../../tests/run-workload.ts';
import { hashCountWorkload, keyCountWorkload } from '../word-count.ts';

describe('word count', () => {
  for (const [name, workload] of Object.entries({ 'key-count': keyCountWorkload, 'hash-count': hashCountWorkload })) {
    for (const domain of [7, 300]) {
      it(`${name} counts every identifier of ${domain}, native and while bins move`, () => {
        checkAgainstOracle(workload, { ...testInput(1500, 5, 3, {}), domain }, [1, 3, 5]);
      });
    }
  }
});
