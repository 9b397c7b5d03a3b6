/**
 * Frontier latency (paper section 5): a record is complete when the output frontier over all workers has passed its
 * intended time; its latency runs from the intended time, which the schedule alone decides.
 */
import { CLOSED, FIRST_TICK, type Probe, type Schedule } from 'megaphone-engine';
import { EpochHistograms, type WorkerEpochs } from './epoch-histograms.ts';

/** A schedule that knows intended times to the nanosecond. */
export interface TimedSchedule extends Schedule {
  /** Nanoseconds from the start barrier to the intended time of record n. */
  intendedNs(n: number): number;
}

/** The latencies of one worker's records: those with n = worker mod peers. */
export class FrontierLatency {
  readonly #schedule: TimedSchedule;
  readonly #probe: Probe;
  readonly #peers: number;
  readonly #epochs = new EpochHistograms();
  readonly #nowMs: () => number;
  #next: number;
  #frontier = 0;
  #startMs = 0;

  /** Watches `probe`; `nowMs` is the clock that `start` is given a time of. */
  constructor(
    schedule: TimedSchedule,
    probe: Probe,
    worker: number,
    peers: number,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#schedule = schedule;
    this.#probe = probe;
    this.#peers = peers;
    this.#next = worker;
    this.#nowMs = nowMs;
  }

  /** Sets the time of the start barrier. */
  start(startMs: number): void {
    this.#startMs = startMs;
  }

  /** Records the latencies of all records that the frontier has passed since the last call. */
  update(): void {
    const frontier = this.#probe.frontier();
    if (frontier === this.#frontier) return;
    this.#frontier = frontier;
    const schedule = this.#schedule;
    // The records of ticks before the frontier are complete.
    const complete = frontier === CLOSED ? schedule.total : schedule.dueAt(frontier - FIRST_TICK - 1);
    if (this.#next >= complete) return;
    const nowNs = (this.#nowMs() - this.#startMs) * 1e6;
    for (; this.#next < complete; this.#next += this.#peers) {
      const intendedNs = schedule.intendedNs(this.#next);
      this.#epochs.record(intendedNs, nowNs - intendedNs);
    }
  }

  /** All that was recorded. */
  finish(): WorkerEpochs {
    return this.#epochs.finish();
  }
}
