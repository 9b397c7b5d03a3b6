import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { checkTimestamp, CLOSED, FIRST_TICK, LONGEST_RUN_TICKS, MAX_TIMESTAMP, TimestampError } from '../timestamp.ts';

describe('timestamps', () => {
  it('are the integers from 0 to 2^31 - 2', () => {
    for (const time of [0, 1, FIRST_TICK, 2 ** 31 - 2]) assert.equal(checkTimestamp(time, 'here'), time);
    for (const time of [-1, 0.5, NaN, Infinity, CLOSED, 2 ** 32]) {
      assert.throws(() => checkTimestamp(time, 'here'), TimestampError);
    }
  });

  it('are refused with the time, the range and the place', () => {
    assert.throws(() => checkTimestamp(-3, 'source#0'), {
      name: 'TimestampError',
      message: 'source#0: -3 is not a timestamp; expected an integer from 0 to 2147483646',
    });
  });

  it('are all before the closed frontier, which fits an Int32', () => {
    assert.equal(MAX_TIMESTAMP + 1, CLOSED);
    assert.equal(CLOSED | 0, CLOSED);
    assert.equal(FIRST_TICK + LONGEST_RUN_TICKS, MAX_TIMESTAMP);
  });
});
