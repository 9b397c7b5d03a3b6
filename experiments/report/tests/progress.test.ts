import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { RunEstimates } from '../estimate.ts';
import type { PhaseProgress } from '../phases.ts';
import { SweepProgress } from '../progress.ts';
import { sampleSpec } from './sample-run.ts';

/** A stream that keeps what is written to it. */
class Recorder extends Writable {
  readonly chunks: string[] = [];
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY: boolean, columns = 80) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk.toString());
    done();
  }
}

const message = (phase: PhaseProgress['phase'], elapsedS: number, totalS: number): PhaseProgress => ({
  phase,
  elapsedS,
  totalS,
});

/** Two runs of 25e6 keys and 30 s: 1 s of loading by the first estimate, 2.5 s of starting, 0.5 s of writing, 34 s in all. */
function sweep(stream: Recorder) {
  const workload = { ...sampleSpec().workload, domain: 25e6 };
  const spec = sampleSpec({ durationS: 30, workload });
  const clock = { ms: 0 };
  const estimates = new RunEstimates();
  const runs = [
    { spec, label: 'all-at-once' },
    { spec, label: 'fluid' },
  ];
  return { clock, estimates, progress: new SweepProgress(runs, stream, estimates, () => clock.ms) };
}

describe('SweepProgress', () => {
  it('writes a line per phase when nobody watches, and one per half minute', () => {
    const stream = new Recorder(false);
    const { clock, progress } = sweep(stream);
    progress.begin(0);
    progress.update(message('load', 0.5, 1));
    progress.update(message('run', 0, 30));
    clock.ms = 29_999;
    progress.update(message('run', 10, 30));
    clock.ms = 30_000;
    progress.update(message('run', 20, 30));
    clock.ms = 33_000;
    progress.end('done');
    assert.deepEqual(stream.chunks, [
      '[1/2] all-at-once: loading, about 1 min 08 s left\n',
      '[1/2] all-at-once: running 0 of 30 s, about 1 min 05 s left\n',
      '[1/2] all-at-once: running 20 of 30 s, about 45 s left\n',
      '[1/2] all-at-once: done after 33 s\n',
    ]);
  });

  it('rewrites one line on a terminal, at most four times per second, cut to its width', () => {
    const stream = new Recorder(true, 30);
    const { clock, progress } = sweep(stream);
    progress.begin(0);
    for (clock.ms = 10; clock.ms < 1000; clock.ms += 10) progress.update(message('run', clock.ms / 1000, 30));
    progress.end('done');
    assert.equal(stream.chunks.length, 5);
    const texts = stream.chunks.map(stripVTControlCharacters);
    assert.deepEqual(texts.slice(0, 2), ['\r[1/2] all-at-once: loading, a', '\r[1/2] all-at-once: running 0 ']);
    assert.equal(texts.at(-1), '\r[1/2] all-at-once: done after 1 s\n');
  });

  it('shows the last second on a terminal, as much as fits its width', () => {
    const live = {
      offeredRecords: 6e6,
      sentRecords: 6e6,
      completedRecords: 6e6,
      offeredPerSecond: 500_000,
      sentPerSecond: 499_712,
      behindS: 0,
      rssBytes: 2 ** 30,
      stateBytes: 2 ** 20,
      epochs: [],
      lastSecond: { records: 500_000, p50Ns: 41_234, p99Ns: 1_250_000, maxNs: 9_812_345 },
      bands: [],
      moving: null,
      stepsDone: 12,
      stepsTotal: 64,
      processes: 1,
      processesTotal: 1,
    };
    const lineAt = (isTTY: boolean, columns: number): string => {
      const stream = new Recorder(isTTY, columns);
      const { clock, progress } = sweep(stream);
      progress.begin(1);
      clock.ms = 60_000;
      progress.update({ ...message('run', 12.5, 30), live });
      return stripVTControlCharacters(stream.chunks.at(-1) ?? '').trim();
    };
    const start = '[2/2] fluid: running 12 of 30 s';
    const left = 'about 18 s left';
    assert.equal(lineAt(true, 120), `${start}, 500k/s, p50 41.2 us, p99 1.25 ms, max 9.81 ms, step 12/64, ${left}`);
    assert.equal(lineAt(true, 90), `${start}, p99 1.25 ms, max 9.81 ms, step 12/64, ${left}`);
    assert.equal(lineAt(true, 62), `${start}, step 12/64, ${left}`);
    assert.equal(lineAt(true, 50), `${start}, ${left}`.slice(0, 49));
    assert.equal(lineAt(false, 120), `${start}, ${left}`);
  });

  it('uses what was learned about loading, and does not count what is skipped', () => {
    const { estimates, progress } = sweep(new Recorder(false));
    progress.begin(0);
    assert.equal(progress.secondsLeft(message('load', 0, 0)), 68);
    estimates.observeLoad(25e6, 11);
    assert.equal(progress.secondsLeft(message('run', 0, 30)), 30.5 + 44);
    progress.skip(1, 'done before, skipped');
    assert.equal(progress.secondsLeft(message('run', 30, 30)), 0.5);
  });
});
