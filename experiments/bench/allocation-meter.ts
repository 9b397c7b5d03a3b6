/** Counts the bytes that a thread's JavaScript heap allocates, from what garbage collections found and left. */
import { GCProfiler, getHeapStatistics } from 'node:v8';

/** Measures between `start` and `stop`. Exact up to what single collections round. */
export class AllocationMeter {
  readonly #profiler = new GCProfiler();
  #usedAtStart = 0;

  /** Begins to count. */
  start(): void {
    this.#profiler.start();
    this.#usedAtStart = getHeapStatistics().used_heap_size;
  }

  /** Ends the count and returns the bytes allocated since `start`. */
  stop(): number {
    const usedAtEnd = getHeapStatistics().used_heap_size;
    let used = this.#usedAtStart;
    let allocated = 0;
    for (const { beforeGC, afterGC } of this.#profiler.stop()?.statistics ?? []) {
      allocated += Math.max(0, beforeGC.heapStatistics.usedHeapSize - used);
      used = afterGC.heapStatistics.usedHeapSize;
    }
    return allocated + Math.max(0, usedAtEnd - used);
  }
}
