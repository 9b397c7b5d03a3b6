import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { describeQuery } from '../description.ts';
import { nexmarkQueries } from '../oracle/oracle.ts';
import { defaultNexmarkParameters } from '../parameters.ts';

const given = { ...defaultNexmarkParameters };

describe('describeQuery', () => {
  it('describes every parameter, with a default that is in its range', () => {
    for (const query of nexmarkQueries) {
      const description = describeQuery(query);
      const { parameters } = description;
      assert.deepEqual(Object.keys(parameters), Object.keys(defaultNexmarkParameters));
      for (const { default: value, minimum, maximum } of Object.values(parameters)) {
        assert.ok(value >= minimum && value <= maximum);
      }
      assert.equal(description.check!(given, 1000), undefined);
    }
  });

  it('refuses windows that the slide does not divide', () => {
    const [name] = describeQuery('q5').check!({ ...given, q5SlideUs: 7e6 }, 1000)!;
    assert.equal(name, 'q5SlideUs');
  });

  it('refuses ticks of more event time than queries 4 and 6 tell apart, and no others', () => {
    const most = 2 ** 26 - 3;
    for (const query of nexmarkQueries) {
      const description = describeQuery(query);
      assert.equal(description.check!({ ...given, timeDilation: most }, 1000), undefined);
      const fault = description.check!({ ...given, timeDilation: most + 1 }, 1000);
      assert.deepEqual(fault?.[0], query === 'q4' || query === 'q6' ? 'timeDilation' : undefined);
    }
  });
});
