/** Runs take samples from when on somebody watches them, of all since their start; runs that nobody watches take none. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { configFile } from '../../../experiments/cli/config-path.ts';
import { loadExperiment } from '../../../experiments/config/load.ts';
import type { LiveSample } from '../../../experiments/metrics/live-sample.ts';
import type { LiveLine } from '../../../experiments/report/live-lines.ts';
import { readExperiment } from '../../../experiments/results/run-reader.ts';
import { makeRuns } from '../../../experiments/run/driver.ts';
import { findCargo } from '../../../experiments/run/timely/build.ts';
import { SweepFeed } from '../sweep-feed.ts';
import { WatchMark } from '../watch-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'megaphone-watched-'));
after(() => rmSync(folder, { recursive: true }));

const POLL_MS = 100;
const noCargo = findCargo() === undefined && 'needs cargo, which is not found';

/** Makes a run of 6 s, watched from its second second on, or never; returns what it has told, and its summary. */
async function made(name: string, settings: readonly string[], watched: boolean, engine?: 'timely') {
  const out = join(folder, name);
  const { specs } = loadExperiment(configFile('fig1'), {
    scale: 'smoke',
    engine,
    settings: [
      'strategy=fluid',
      'duration=6 s',
      'migrations=[{ at: 1 s, to: imbalanced }, { at: 4.5 s, to: balanced }]',
      ...settings,
    ],
  });
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const { signal } = new AbortController();
  let isOver = false;
  const result = makeRuns(specs, { out, force: false, signal, stream }).finally(() => (isOver = true));
  const lines: LiveLine[] = [];
  const feed = new SweepFeed(out, process.pid, { onSweep: () => {}, onLine: (_key, line) => void lines.push(line) });
  const mark = new WatchMark(out, process.pid);
  const isRunning = (line: LiveLine): boolean => line.type === 'progress' && line.phase === 'run' && line.elapsedS > 1;
  while (!isOver) {
    feed.poll();
    if (watched && lines.some(isRunning)) mark.touch();
    await pause(POLL_MS);
  }
  feed.poll();
  feed.close();
  mark.remove();
  const { finished, failed } = await result;
  assert.equal(failed, undefined);
  assert.equal(finished.length, 1);
  const [run] = readExperiment(join(out, specs[0]!.experiment), assert.fail);
  const samples = lines.flatMap((line): LiveSample[] => (line.type === 'progress' && line.live ? [line.live] : []));
  return { samples, lines, run: run! };
}

describe('runs that are watched', () => {
  for (const [name, processes, engine] of [
    ['threads', 1, undefined],
    ['processes', 2, undefined],
    ['threads on timely dataflow', 1, 'timely'],
    ['processes on timely dataflow', 2, 'timely'],
  ] as const) {
    it(`tell all since their start, ${name}`, { skip: engine && noCargo }, async () => {
      const topology = [`topology.processes=${processes}`, `topology.workers=${2 / processes}`];
      const { samples, lines, run } = await made(name, topology, true, engine);
      assert.ok(samples.length > 1);
      assert.equal(samples.at(-1)!.processes, processes);
      const told = samples.flatMap(({ epochs }) => epochs);
      const exact = new Map(run.timeline.map((row) => [row.epoch, row]));
      assert.equal(told[0]!.epoch, run.timeline[0]!.epoch);
      for (const { epoch, records, maxNs } of told) {
        assert.deepEqual([records, maxNs], [exact.get(epoch)!.records, exact.get(epoch)!.maxNs]);
      }
      // The first migration is over before anybody watches.
      assert.equal(samples.flatMap(({ bands }) => bands)[0]!.migration, 1);
      assert.equal(run.summary.watched, true);
      const end = lines.find((line) => line.type === 'end');
      assert.equal(end?.result?.epochs.length, run.timeline.length);
      assert.deepEqual(
        end.result.bands.map(({ bytes }) => bytes),
        run.summary.migrations.map(({ bytes }) => bytes),
      );
    });
  }

  it('take no samples when nobody watches', async () => {
    const { samples, lines, run } = await made('nobody', [], false);
    assert.deepEqual(samples, []);
    assert.ok(lines.some((line) => line.type === 'progress' && line.phase === 'run'));
    assert.equal(run.summary.watched, undefined);
    assert.equal(existsSync(join(folder, 'nobody', 'fig1', run.id)), true);
  });
});
