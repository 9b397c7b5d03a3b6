import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { CollectionRow } from '../../results/rows.ts';
import { type CollectionProfiler, CollectionRecorder } from '../collections.ts';

type Statistics = { readonly gcType: string; readonly cost: number }[];

describe('CollectionRecorder', () => {
  it('gives each collection the start of the interval in which it happened', () => {
    const intervals: Statistics[] = [
      [{ gcType: 'Scavenge', cost: 1500 }],
      [],
      [
        { gcType: 'MarkSweepCompact', cost: 4000 },
        { gcType: 'IncrementalMarking', cost: 10 },
      ],
    ];
    let interval = 0;
    const profiler = (): CollectionProfiler => ({
      start: () => undefined,
      stop: () => ({ statistics: intervals[interval++]! }),
    });
    const recorder = new CollectionRecorder(2, profiler);
    [0, 0.25, 0.5].forEach((timeS) => recorder.poll(timeS));
    assert.deepEqual(recorder.finish(), [
      { worker: 2, kind: 0, startS: 0, pauseMs: 1.5 },
      { worker: 2, kind: 1, startS: 0.5, pauseMs: 4 },
      { worker: 2, kind: 0, startS: 0.5, pauseMs: 0.01 },
    ]);
  });

  it('has nothing when it never began', () => {
    assert.deepEqual(new CollectionRecorder(0).finish(), []);
  });

  it('sees the collections of a thread that never returns to its event loop', async () => {
    const thread = new Worker(new URL('./collecting-thread.ts', import.meta.url));
    const [rows] = (await once(thread, 'message')) as [CollectionRow[]];
    await thread.terminate();
    assert.ok(rows.length > 0);
    assert.ok(rows.some(({ kind }) => kind === 0));
    for (const { worker, startS, pauseMs } of rows) {
      assert.equal(worker, 3);
      assert.ok((startS === 0 || startS === 1.5) && pauseMs >= 0);
    }
  });
});
