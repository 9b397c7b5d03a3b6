import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from '../../results/run-reader.ts';
import { criterionText, outcomeOf, shortfalls } from '../criterion.ts';

const good = { sentShare: 1, p99Ns: 5e6, firstP50Ns: 1e5, lastP50Ns: 1e5 };

describe('the criterion of a sustained rate', () => {
  it('finds nothing in a run that keeps up', () => {
    assert.deepEqual(shortfalls(good, 10e6), []);
    assert.deepEqual(shortfalls({ ...good, sentShare: 0.995 }, 10e6), []);
  });

  it('says what a run falls short of', () => {
    assert.deepEqual(shortfalls({ ...good, sentShare: 0.99499 }, 10e6), ['99.4 % sent']);
    assert.deepEqual(shortfalls({ ...good, p99Ns: 10e6 }, 10e6), ['p99 10 ms']);
    assert.deepEqual(shortfalls({ ...good, p99Ns: NaN }, 10e6).length, 1);
    assert.deepEqual(shortfalls({ ...good, p99Ns: 50e6, firstP50Ns: 9e6, lastP50Ns: 30e6 }, 100e6), [
      'median from 9 ms to 30 ms',
    ]);
  });

  it('does not call it a backlog when latencies are low, or high throughout', () => {
    assert.deepEqual(shortfalls({ ...good, firstP50Ns: 1e5, lastP50Ns: 9e6 }, 100e6), []);
    assert.deepEqual(shortfalls({ ...good, firstP50Ns: 20e6, lastP50Ns: 30e6 }, 100e6), []);
  });

  it('compares the first and the last second outside of the warm-up', () => {
    const timeline = Array.from({ length: 40 }, (_, epoch) => ({ epoch, startS: epoch / 4, p50Ns: epoch * 1e6 }));
    const spec = { durationS: 10, warmUpS: 2 };
    const summary = { offeredRecords: 1000, sentRecords: 998, steady: { p99Ns: 3e6 } };
    assert.deepEqual(outcomeOf({ spec, summary, timeline } as unknown as Run), {
      sentShare: 0.998,
      p99Ns: 3e6,
      firstP50Ns: 9.5e6,
      lastP50Ns: 29.5e6,
    });
  });

  it('is told in words', () => {
    assert.match(
      criterionText(50e6),
      /^at least 99\.5 % of the records sent in time, p99 below 50 ms, and no growing/u,
    );
  });
});
