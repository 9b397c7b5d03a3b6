/** Drives the live page in headless Chromium: with invented lines, and with a run. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import type { LiveLine } from '../../../../experiments/report/live-lines.ts';
import { findChromium } from '../../../report/browser/tests/chromium.ts';
import { PageServer } from '../../page-server.ts';
import { progressLine, sweepLine } from '../../tests/live-lines.ts';

const chromium = findChromium();
const skip =
  chromium === undefined &&
  'no Chromium on the PATH (Debian: apt-get install chromium); MEGAPHONE_CHROMIUM may name one';

const MAIN = fileURLToPath(new URL('../../../../experiments/cli/main.ts', import.meta.url));

describe('the live page in a browser', { skip }, () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'megaphone-live-'));

  async function open(url: string): Promise<Page> {
    const opened = await browser.newPage();
    opened.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    opened.on('pageerror', (error) => complaints.push(String(error)));
    opened.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
        complaints.push(`asks for ${request.url()}`);
    });
    await opened.setViewport({ width: 1200, height: 900 });
    await opened.goto(url);
    return opened;
  }

  const shows = (text: string, on = page) =>
    on.waitForFunction((wanted) => document.body.textContent.includes(wanted), { timeout: 120_000 }, text);

  /** Colours of each chart. */
  const colours = (on = page): Promise<number[]> =>
    on.$$eval('.plot.live canvas', (canvases) =>
      canvases.map((canvas) => {
        const { width, height } = canvas;
        const pixels = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
        return new Set(new Uint32Array(pixels.buffer)).size;
      }),
    );

  before(async () => {
    const { launch } = await import('puppeteer-core');
    browser = await launch({ executablePath: chromium!, args: ['--no-sandbox'] });
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
    assert.deepEqual(complaints, []);
  });

  describe('with invented lines', () => {
    let server: PageServer;
    const send = (line: LiveLine): void => server.send({ key: 'invented', line });

    before(async () => {
      server = await PageServer.start(0, 'results');
      page = await open(server.url);
      await shows('No run goes on there at present');
    });
    after(() => server.close());

    it('shows runs, phase, numbers and charts as lines come', async () => {
      send(sweepLine(['all-at-once', 'fluid']));
      send({ type: 'begin', run: 0 });
      send({ type: 'progress', phase: 'load', elapsedS: 1, totalS: 0, leftS: 30 });
      await shows('Run 1 of 2: all-at-once, loading, about 30 s left in all.');
      for (let quarter = 1; quarter <= 9; quarter++) send(progressLine(quarter));
      await shows('all-at-once: running 2 of 10 s');
      assert.deepEqual(await page.$$eval('.numbers dd', (cells) => cells.map(({ textContent }) => textContent)), [
        '9.96k/s',
        '40 us',
        '309 us',
        '2 ms',
        '12.5 ms',
        '180',
        '286 MiB',
        '0 of 12',
      ]);
      const drawn = await colours();
      assert.equal(drawn.length, 4);
      assert.ok(
        drawn.every((count) => count > 4),
        drawn.join(),
      );
    });

    it('shows migration steps while they are under way, and when they are complete', async () => {
      const step = { migration: 1, first: 1, last: 1, of: 12, fromS: 2.5, toS: null, bins: 4, bytes: 2 ** 21 };
      send(progressLine(11, { moving: step }));
      const row = () =>
        page.$$eval('tbody tr', (rows) => rows.map(({ innerText }) => innerText.replaceAll(/\s+/gu, ' ')));
      await shows('goes on2.50 s'.slice(0, 7));
      await page.waitForSelector('tbody tr');
      assert.deepEqual(await row(), ['1 0 of 12 4 bins 2 MiB 2.50 s goes on']);
      const done = { ...step, last: 12, toS: 2.75, bins: 48, bytes: 2 ** 24 };
      send(progressLine(13, { bands: [done], stepsDone: 12 }));
      await shows('12 of 12');
      await shows('250 ms');
      assert.deepEqual(await row(), ['1 12 of 12 48 bins 16 MiB 2.50 s 250 ms']);
    });

    it('shows the runs of a sweep one after the other, and an earlier one when it is asked for', async () => {
      const band = { migration: 1, first: 1, last: 12, of: 12, fromS: 2.5, toS: 2.7, bins: 48, bytes: 2 ** 24 };
      const epochs = [{ epoch: 39, records: 10, p50Ns: 1e4, p99Ns: 2e4, maxNs: 3e4 }];
      send({ type: 'end', status: 'done', result: { epochs, bands: [band] } });
      await shows('200 ms');
      send({ type: 'begin', run: 1 });
      send(progressLine(2));
      await shows('Run 2 of 2: fluid, running 0 of 10 s');
      assert.equal(await page.$eval('h3', ({ textContent }) => textContent), 'fluid: running 0 of 10 s');
      await page.$eval('.runs button', (button) => button.click());
      assert.equal(await page.$eval('h3', ({ textContent }) => textContent), 'all-at-once: finished');
      await page.$eval('.runs button:last-child', (button) => button.click());
    });

    it('says what is not all of a run', async () => {
      send(progressLine(3, { processes: 1, processesTotal: 3 }));
      await shows('of 1 of 3 processes: the others run on other hosts');
    });

    it('is dark where that is preferred', async () => {
      const background = () => page.$eval('body', (body) => getComputedStyle(body).backgroundColor);
      assert.equal(await background(), 'rgb(255, 255, 255)');
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
      assert.equal(await background(), 'rgb(22, 22, 22)');
      await page.emulateMediaFeatures([]);
    });

    it('fits a screen of 400 pixels', async () => {
      await page.setViewport({ width: 400, height: 800 });
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400);
      await page.setViewport({ width: 1200, height: 900 });
    });

    for (const scheme of ['light', 'dark']) {
      it(`has no serious fault of accessibility, ${scheme}`, async () => {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
        const serious = (await page.evaluate(`axe.run().then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' ')))`)) as string[];
        assert.deepEqual(serious, []);
      });
    }

    it('says why a run failed, to a page that is opened later, too, and stays when the server ends', async () => {
      send({ type: 'end', status: 'failed', message: 'worker 1: broken' });
      send({ type: 'over', status: 'failed' });
      await shows('Failed: 1 of 2 runs done.');
      await shows('worker 1: broken');
      const later = await open(server.url);
      await shows('worker 1: broken', later);
      await server.close();
      for (const each of [page, later]) {
        await shows('has ended; what is shown stays', each);
        assert.match(await each.$eval('main', ({ innerText }) => innerText), /worker 1: broken/u);
      }
    });
  });

  it('shows a run as it goes on, until the command ends', async () => {
    const args = [
      'run',
      'fig1',
      '--scale',
      'smoke',
      '--set',
      'strategy=fluid',
      '--out',
      join(folder, 'results'),
      '--live',
    ];
    const run: ChildProcess = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(run, 'close');
    let url: string | undefined;
    for await (const line of createInterface({ input: run.stdout! })) {
      url = /^live page: (.*)$/u.exec(line)?.[1];
      if (url !== undefined) break;
    }
    run.stdout!.resume();
    const live = await open(url!);
    await shows('Run 1 of 1: fluid, running', live);
    // The first epoch is shown while the run goes on.
    await live.waitForFunction(
      () => / (?:us|ms)/u.test(document.querySelector('.numbers div:nth-child(2) dd')?.textContent ?? ''),
      { timeout: 120_000 },
    );
    assert.match(await live.$eval('.status', ({ textContent }) => textContent), /^Run 1 of 1/u);
    await shows('Finished: 1 of 1 run done.', live);
    await shows('has ended; what is shown stays', live);
    assert.ok((await colours(live)).every((count) => count > 4));
    assert.match(await live.$eval('tbody', ({ innerText }) => innerText), /^1\s+16 of 16\s+16 bins\s+128 KiB/u);
    const [code] = (await ended) as [number | null];
    // On a busy machine a run may not have kept up.
    assert.ok(code === 0 || code === 4, `exit code ${code}`);
  });
});
