import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLOSED, FIRST_TICK } from 'megaphone-engine';
import type { StepRecord } from 'megaphone-engine/planning';
import { RateSchedule } from '../../load/schedule.ts';
import { EPOCH_NS, EpochHistograms } from '../epoch-histograms.ts';
import { timelineRows } from '../latency-rows.ts';
import { LiveListener, LiveReporter } from '../live-records.ts';
import { allocateRing } from '../live-ring.ts';
import { LiveRecorder, type LiveSample } from '../live-sample.ts';
import { mergeEpochs } from '../merge-epochs.ts';

const MS = 1e6;
const RATE = 10_000;

/** A worker as the recorder sees it: it records, tells, and is heard. */
class FakeWorker {
  readonly epochs = new EpochHistograms(EPOCH_NS, {
    epochNs: 10 * MS,
    spans: [{ fromNs: 500 * MS, toNs: 1000 * MS }],
  });
  readonly steps: StepRecord[] = [];
  readonly departures: { time: number; bins: number; bytes: number }[] = [];
  readonly #memory = allocateRing();
  readonly #reporter = new LiveReporter(this.#memory, () => ({
    epochs: this.epochs,
    steps: this.steps,
    departures: [this.departures],
  }));
  readonly listener = new LiveListener(this.#memory);

  tell(elapsedMs: number, sent: number, frontier: number): void {
    this.#reporter.report({ elapsedMs, sent, frontier });
  }
}

/** Timestamp of a time: ticks have a microsecond. */
const at = (ms: number): number => FIRST_TICK + ms * 1000;

function watched(workers: readonly FakeWorker[], steps: readonly number[] = []) {
  const recorder = new LiveRecorder({
    schedule: new RateSchedule(RATE, 10, 1000),
    steps,
    processes: 1,
    processesTotal: 1,
  });
  const sample = (elapsedMs: number): LiveSample => {
    const news = workers.map(({ listener }) => listener.news());
    recorder.add(0, { workers: news, rssBytes: 3 * 2 ** 20, stateBytes: 2 ** 20 });
    return recorder.sample(elapsedMs);
  };
  return sample;
}

describe('a run that goes on', () => {
  it('tells nothing before somebody listens, and then all since its start', () => {
    const memory = allocateRing();
    const epochs = new EpochHistograms();
    const reporter = new LiveReporter(memory, () => ({ epochs, steps: [], departures: [] }));
    const report = (elapsedMs: number) => reporter.report({ elapsedMs, sent: elapsedMs, frontier: at(elapsedMs) });
    for (const ms of [100, 300, 600]) {
      epochs.record(ms * MS, 5000);
      report(ms);
    }
    const listener = new LiveListener(memory);
    assert.deepEqual(listener.news(), { place: undefined, epochs: [], steps: [], departures: [] });
    report(650);
    const { place, epochs: heard } = listener.news();
    assert.equal(place?.sent, 650);
    assert.deepEqual(
      heard.map(({ epoch, counts }) => [epoch, counts[0]]),
      [
        [0, 1],
        [1, 1],
      ],
    );
  });

  it('has the latencies of its timeline: those of an epoch once no worker has any to tell', () => {
    const workers = [new FakeWorker(), new FakeWorker()];
    const sample = watched(workers);
    const shown: LiveSample['epochs'][number][] = [];
    let state = 1;
    for (let ms = 0; ms < 2000; ms++) {
      for (const { epochs } of workers) {
        for (let i = 0; i < 20; i++) {
          state = (state * 48271) % 0x7fffffff;
          epochs.record(ms * MS, 1000 + (state % 10 ** (4 + (state % 4))));
        }
      }
      if (ms % 50 === 49) workers[0]!.tell(ms + 1, 0, at(ms));
      // The other one is late.
      if (ms % 200 === 199) workers[1]!.tell(ms + 1, 0, at(ms));
      if (ms % 250 === 249) shown.push(...sample(ms + 1).epochs);
    }
    const merged = mergeEpochs(workers.map(({ epochs }) => epochs.finish()));
    const rows = timelineRows(merged).slice(0, shown.length);
    assert.deepEqual(
      shown.map(({ epoch, records, maxNs }) => [epoch, records, maxNs]),
      rows.map(({ epoch, records, maxNs }) => [epoch, records, maxNs]),
    );
    assert.ok(shown.length >= 5);
    for (const [index, { p50Ns, p99Ns }] of shown.entries()) {
      const row = rows[index]!;
      for (const [found, exact] of [
        [p50Ns, row.p50Ns],
        [p99Ns, row.p99Ns],
      ] as const) {
        assert.ok(found >= exact && found <= exact * 1.017, `${found} instead of ${exact} in epoch ${index}`);
      }
    }
  });

  it('has no epoch before every process has told of it', () => {
    const schedule = new RateSchedule(RATE, 10, 1000);
    const recorder = new LiveRecorder({ schedule, steps: [], processes: 2, processesTotal: 2 });
    const workers = [new FakeWorker(), new FakeWorker()];
    for (const worker of workers) {
      for (const ms of [100, 300]) worker.epochs.record(ms * MS, 5000);
      for (const ms of [310, 360]) worker.tell(ms, 0, at(ms));
    }
    const [first, second] = workers.map(({ listener }) => ({
      workers: [listener.news()],
      rssBytes: 0,
      stateBytes: 0,
    }));
    recorder.add(0, first!);
    assert.deepEqual(recorder.sample(400).epochs, []);
    recorder.add(1, second!);
    assert.deepEqual(
      recorder.sample(410).epochs.map(({ epoch, records }) => [epoch, records]),
      [[0, 2]],
    );
  });

  it('tells rates, and what waits', () => {
    const workers = [new FakeWorker(), new FakeWorker()];
    const sample = watched(workers);
    workers[0]!.tell(200, 1000, at(190));
    workers[1]!.tell(250, 1200, at(240));
    const first = sample(260);
    assert.deepEqual([first.offeredRecords, first.completedRecords, first.sentRecords], [2501, 2400, 2200]);
    assert.equal(first.sentPerSecond, 1000 / 0.2 + 1200 / 0.25);
    assert.ok(Math.abs(first.behindS - 0.01) < 1e-9);
    assert.deepEqual([first.rssBytes, first.processes, first.processesTotal], [3 * 2 ** 20, 1, 1]);
    // No worker comes by: what waits grows with the clock.
    const stalled = sample(3250);
    assert.ok(Math.abs(stalled.behindS - 3.01) < 1e-9);
    assert.equal(stalled.offeredRecords - stalled.completedRecords, 30101);
    assert.equal(stalled.sentPerSecond, 0);
    for (const worker of workers) worker.tell(10_100, 50_000, CLOSED);
    const last = sample(10_110);
    assert.deepEqual([last.completedRecords, last.offeredRecords, last.behindS], [100_000, 100_000, 0]);
  });

  it('shows steps while they are under way, and with all of their bytes when they are complete', () => {
    const workers = [new FakeWorker(), new FakeWorker()];
    const sample = watched(workers, [3, 1]);
    const step = (migration: number, index: number, ms: number): StepRecord => {
      const issued = { migration, step: index, time: at(ms) + 250, issued: at(ms), completed: null, bins: 2 };
      workers[0]!.steps.push(issued);
      return issued;
    };
    const first = step(0, 0, 1000);
    workers[1]!.departures.push({ time: first.time, bins: 2, bytes: 64 });
    workers[0]!.tell(1001, 0, at(1000));
    workers[1]!.tell(1001, 0, at(1000));
    const begun = sample(1001);
    assert.deepEqual(begun.moving, {
      migration: 1,
      first: 1,
      last: 1,
      of: 3,
      fromS: 1,
      toS: null,
      bins: 2,
      bytes: 64,
    });
    assert.deepEqual([begun.stepsDone, begun.stepsTotal, begun.bands], [0, 4, []]);
    first.completed = at(1100);
    const second = step(0, 1, 1100);
    second.completed = at(1200);
    const third = step(0, 2, 1200);
    workers[0]!.departures.push({ time: third.time, bins: 2, bytes: 8 });
    workers[0]!.tell(1250, 0, at(1240));
    const between = sample(1250);
    assert.deepEqual([between.stepsDone, between.bands, between.moving?.last], [2, [], 3]);
    // What left the other worker for the second step is told late.
    workers[1]!.departures.push({ time: second.time, bins: 2, bytes: 100 });
    third.completed = at(1300);
    for (const worker of workers) worker.tell(2900, 0, at(2890));
    const over = sample(2900);
    assert.deepEqual(over.bands, [{ migration: 1, first: 1, last: 3, of: 3, fromS: 1, toS: 1.3, bins: 6, bytes: 172 }]);
    assert.deepEqual([over.stepsDone, over.moving], [3, null]);
  });

  it('loses nothing when it is not looked at for long', () => {
    const worker = new FakeWorker();
    const sample = watched([worker]);
    let records = 0;
    for (let ms = 0; ms < 60_000; ms++) {
      for (let i = 0; i < 10; i++) worker.epochs.record(ms * MS, 1000 * (1 + ((ms * 10 + i) % 1999)));
      if (ms % 50 === 0) worker.tell(ms, 0, at(ms));
    }
    for (let ms = 60_000; ms < 90_000; ms += 50) {
      worker.tell(ms, 0, at(ms));
      if (ms % 250 === 0) records += sample(ms).epochs.reduce((sum, epoch) => sum + epoch.records, 0);
    }
    // All but the epoch that is open.
    assert.equal(records, 60_000 * 10 - 2500);
  });
});
