import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { sampleSpec } from '../../../experiments/report/tests/sample-run.ts';
import { RunEstimates } from '../../../experiments/report/estimate.ts';
import { SweepProgress } from '../../../experiments/report/progress.ts';
import { isWatched } from '../../../experiments/results/live-files.ts';
import { clearLeftovers } from '../../../experiments/results/run-attempt.ts';
import { LiveSweep } from '../../../experiments/run/live-sweep.ts';
import { WatchMark } from '../watch-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'megaphone-marks-'));
after(() => rmSync(folder, { recursive: true }));

describe('the mark of who watches', () => {
  it('is there from the first touch on until it is removed', () => {
    const results = join(folder, 'there');
    const mark = new WatchMark(results, undefined);
    mark.touch();
    assert.equal(isWatched([results]), false, 'the folder is not there');
    mkdirSync(results);
    mark.touch();
    assert.equal(isWatched([join(folder, 'elsewhere'), results]), true);
    mark.remove();
    assert.equal(isWatched([results]), false);
    assert.deepEqual(readdirSync(results), []);
  });

  it('of who watches another process is none', () => {
    const results = join(folder, 'others');
    mkdirSync(results);
    new WatchMark(results, process.pid + 1).touch();
    assert.equal(isWatched([results]), false);
    new WatchMark(results, process.pid).touch();
    assert.equal(isWatched([results]), true);
  });

  it('counts no longer when it was left behind, and is cleared away', () => {
    const results = join(folder, 'left');
    mkdirSync(results);
    new WatchMark(results, undefined).touch();
    const [name] = readdirSync(results);
    const before = Date.now() / 1e3 - 60;
    utimesSync(join(results, name!), before, before);
    assert.equal(isWatched([results]), false);
    clearLeftovers(results);
    assert.deepEqual(readdirSync(results), []);
  });

  it('lets the run that goes on take samples, and those that follow as long as it is there', () => {
    const spec = sampleSpec({});
    const runs = [1, 2].map((repeat) => ({ spec: { ...spec, repeat }, label: String(repeat) }));
    const stream = process.stderr;
    const sweep = new LiveSweep(
      folder,
      runs,
      [undefined, undefined],
      new SweepProgress(runs, stream, new RunEstimates()),
    );
    const mark = new WatchMark(folder, undefined);
    sweep.begin(0);
    assert.equal(existsSync(sweep.watchedFile), false);
    sweep.unfinished({ status: 'interrupted' });
    mark.touch();
    sweep.begin(1);
    assert.equal(existsSync(sweep.watchedFile), true);
    mark.remove();
    sweep.progress({ phase: 'run', elapsedS: 1, totalS: 10 });
    assert.equal(existsSync(sweep.watchedFile), true, 'until the run ends');
    sweep.over();
    assert.deepEqual(readdirSync(join(folder, spec.experiment)), []);
  });

  it('says nothing where it cannot be written', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const mark = new WatchMark(file, undefined);
    mark.touch();
    mark.remove();
  });
});
