/**
 * The garbage collections of one worker's heap. A worker never returns to its event loop, where a PerformanceObserver
 * would hear of them; V8's own profiler keeps them until it is asked. It knows how long each took, not when it was: so a
 * collection has the start of the interval between two calls of `poll` that it happened in.
 *
 * Calls must be few: of each profiler that was stopped, something stays behind that makes all later collections longer, in
 * Node 24 by 14 microseconds. A call every 250 ms made those at the end of a run of 30 s take milliseconds.
 */
import { GCProfiler } from 'node:v8';
import type { CollectionRow } from '../results/rows.ts';

/** What is used of V8's profiler: `cost` is in microseconds. */
export interface CollectionProfiler {
  /** Begins to keep collections. */
  start(): void;
  /** Ends, and returns what was kept; undefined when it was not started. */
  stop(): { readonly statistics: readonly { readonly gcType: string; readonly cost: number }[] } | undefined;
}

/** Intervals that a run is cut into: with them the last collections are longer by a fifth of a millisecond at most. */
export const COLLECTION_INTERVALS = 16;

/** Collections of all objects; the others collect young ones, or are steps of an incremental one. */
const MAJOR: ReadonlySet<string> = new Set(['MarkSweepCompact', 'MarkCompact']);

/** Keeps the collections of the calling thread. That thread alone calls it. */
export class CollectionRecorder {
  readonly #worker: number;
  readonly #newProfiler: () => CollectionProfiler;
  readonly #rows: CollectionRow[] = [];
  #profiler: CollectionProfiler | undefined;
  #sinceS = 0;

  /** A recorder for the heap of `worker`. */
  constructor(worker: number, newProfiler: () => CollectionProfiler = () => new GCProfiler()) {
    this.#worker = worker;
    this.#newProfiler = newProfiler;
  }

  /** Asks for the collections since the last call, the first time only begins to; now is `timeS` after the start barrier. */
  poll(timeS: number): void {
    this.#take();
    this.#sinceS = timeS;
    this.#profiler = this.#newProfiler();
    this.#profiler.start();
  }

  /** All collections up to now, in their order. The recorder ends. */
  finish(): readonly CollectionRow[] {
    this.#take();
    this.#profiler = undefined;
    return this.#rows;
  }

  #take(): void {
    for (const { gcType, cost } of this.#profiler?.stop()?.statistics ?? []) {
      const kind = MAJOR.has(gcType) ? 1 : 0;
      this.#rows.push({ worker: this.#worker, kind, startS: this.#sinceS, pauseMs: cost / 1e3 });
    }
  }
}
