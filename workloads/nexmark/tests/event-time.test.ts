import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import { FIRST_TICK, MAX_TIMESTAMP } from 'megaphone-engine';

import { EventTime } from '../event-time.ts';

const dilations = fc.constantFrom(0.5, 1, 3, 79, 1000);
const ticks = fc.constantFrom(100, 1000, 7000, 1_000_000);
const times = fc.integer({ min: 0, max: 1e9 });

describe('timers of event times', () => {
  it('never come before an event of that time, nor before the timer of an earlier time', () => {
    fc.assert(
      fc.property(dilations, ticks, times, times, (dilation, tickNs, timeUs, other) => {
        const eventTime = new EventTime(dilation, tickNs);
        const timer = eventTime.timerAt(timeUs);
        // The intended time of an event at timeUs is at most this, as is the time of its batch.
        const latestNs = ((timeUs + 1) / dilation) * 1000;
        assert.ok(timer >= FIRST_TICK + Math.floor(latestNs / tickNs) || timer === MAX_TIMESTAMP);
        assert.equal(Math.sign(eventTime.timerAt(other) - timer) * Math.sign(other - timeUs) >= 0, true);
      }),
    );
  });

  it('are the last timestamp beyond the range', () => {
    assert.equal(new EventTime(1, 1000).timerAt(2 ** 40), MAX_TIMESTAMP);
  });

  it('tell a bound of their event times that is less than a tick and three microseconds off', () => {
    fc.assert(
      fc.property(dilations, ticks, times, (dilation, tickNs, timeUs) => {
        const eventTime = new EventTime(dilation, tickNs);
        const timer = eventTime.timerAt(timeUs);
        fc.pre(timer < MAX_TIMESTAMP);
        const since = timeUs - eventTime.earliestAt(timer);
        assert.ok(since >= 0 && since < (dilation * tickNs) / 1000 + 3, `${since} us`);
      }),
    );
  });
});
