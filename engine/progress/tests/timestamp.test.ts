import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  CLOSED,
  FIRST_REHEARSAL,
  FIRST_TICK,
  LONGEST_RUN_TICKS,
  MAX_TIMESTAMP,
  tickOf,
  timestampOf,
} from '../timestamp.ts';

describe('timestamps', () => {
  it('are all before the closed frontier, which fits an Int32', () => {
    assert.equal(MAX_TIMESTAMP + 1, CLOSED);
    assert.equal(CLOSED | 0, CLOSED);
    assert.equal(timestampOf(LONGEST_RUN_TICKS), MAX_TIMESTAMP);
  });

  it('count ticks from the start barrier, before which lie rehearsals and, before those, loading', () => {
    assert.deepEqual([timestampOf(0), tickOf(FIRST_TICK)], [FIRST_TICK, 0]);
    for (const tick of [-FIRST_TICK, -1, 0, 1, LONGEST_RUN_TICKS]) assert.equal(tickOf(timestampOf(tick)), tick);
    assert.ok(tickOf(FIRST_REHEARSAL) < 0 && FIRST_REHEARSAL > 0);
  });
});
