import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergeObserved } from '../merge-observed.ts';
import type { Observed } from '../observation.ts';

function observed(worker: number, rssBytes: readonly number[], loadS: number): Observed {
  return {
    memory: rssBytes.map((bytes, sample) => ({
      timeS: sample / 20,
      rssBytes: bytes,
      stateBytes: 1,
      queuedBytes: 2,
      minorFaults: 3,
      majorFaults: 4,
    })),
    scheduler: [0, 1].map((epoch) => ({ epoch, worker, onCpuNs: 1, runQueueWaitNs: 2, stealMs: 3 })),
    startedAtMs: 1000 + worker,
    loadS,
    others: { processorMs: 5, slices: 6 },
  };
}

describe('what was observed', () => {
  it('is left as it is for a single process', () => {
    const only = observed(0, [1, 2], 3);
    assert.equal(mergeObserved([only]), only);
    assert.throws(() => mergeObserved([]), RangeError);
  });

  it('of several processes is summed up, and kept per process', () => {
    const { memory, processMemory, scheduler, startedAtMs, loadS, others } = mergeObserved([
      observed(0, [10, 20, 30], 1),
      observed(1, [1, 2], 4),
    ]);
    assert.deepEqual(memory.map(({ timeS, rssBytes, queuedBytes }) => [timeS, rssBytes, queuedBytes]), [[0, 11, 4], [0.05, 22, 4]]); // prettier-ignore
    assert.deepEqual(
      processMemory!.map(({ process, rssBytes }) => [process, rssBytes]),
      [
        [0, 10],
        [0, 20],
        [0, 30],
        [1, 1],
        [1, 2],
      ],
    );
    assert.deepEqual(
      scheduler.map(({ epoch, worker }) => [epoch, worker]),
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    );
    assert.deepEqual([startedAtMs, loadS, others], [1000, 4, { processorMs: 10, slices: 12 }]);
  });
});
