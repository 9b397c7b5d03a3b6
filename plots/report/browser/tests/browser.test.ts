/** Drives a report in headless Chromium. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { HdrConverter } from '../../../../experiments/metrics/hdr.ts';
import { sumCounts } from '../../../../experiments/metrics/merge-epochs.ts';
import { SHOWN_PERCENTILES } from '../../page-data.ts';
import { findChromium } from './chromium.ts';
import { type MeasuredRun, strategies, writeMeasuredRun } from '../../tests/measured-run.ts';

const chromium = findChromium();
const skip =
  chromium === undefined &&
  'no Chromium on the PATH (Debian: apt-get install chromium); MEGAPHONE_CHROMIUM may name one';

const folder = mkdtempSync(join(tmpdir(), 'megaphone-report-'));
const file = join(folder, 'report.html');

after(() => rmSync(folder, { recursive: true }));

/** Percentiles and maximum of the epochs in a span, as the harness computes them. */
function harnessNs({ epochs }: MeasuredRun, fromS: number, toS: number): number[] {
  const converter = new HdrConverter();
  try {
    const sum = sumCounts(
      epochs.epochs.filter(({ epoch }) => (epoch + 0.5) * 0.25 >= fromS && (epoch + 0.5) * 0.25 < toS),
    );
    return [sum.records, ...converter.percentilesNs(sum, SHOWN_PERCENTILES), sum.maxNs];
  } finally {
    converter.close();
  }
}

/** The exact values of the table of the interval, a row per run. */
async function shownNs(page: Page): Promise<number[][]> {
  const columns = SHOWN_PERCENTILES.length + 2;
  const rows = await page.$$eval('.panel .scroll tbody tr', (found) =>
    found.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.dataset['value']))),
  );
  return rows.map((row) => row.slice(0, columns));
}

describe('a report in a browser', { skip }, () => {
  let browser: Browser;
  let page: Page;
  let runs: MeasuredRun[] = [];
  const complaints: string[] = [];

  async function press(text: string): Promise<void> {
    const buttons = await page.$$('.panel button');
    for (const button of buttons) {
      if ((await button.evaluate(({ textContent }) => textContent)) === text)
        return button.evaluate((found) => found.click());
    }
    assert.fail(`no button ${text}`);
  }

  before(async () => {
    runs = strategies.map((spec) => writeMeasuredRun(join(folder, 'results'), spec));
    const program = fileURLToPath(new URL('../../../draw-report.ts', import.meta.url));
    const args = ['--disable-warning=ExperimentalWarning', program, file, join(folder, 'results')];
    assert.equal(spawnSync(process.execPath, args, { encoding: 'utf8' }).stderr, '');
    const { launch } = await import('puppeteer-core');
    browser = await launch({ executablePath: chromium!, args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!/^(?:file|data|blob):/u.test(request.url())) complaints.push(`asks for ${request.url()}`);
    });
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('section[data-opened]');
  });

  after(async () => {
    await browser?.close();
    assert.deepEqual(complaints, []);
  });

  it('draws timeline, lanes and percentiles', async () => {
    for (const place of ['.timeline', '.lanes', '.percentiles']) {
      const colours = await page.$eval(`${place} canvas`, (canvas) => {
        const { width, height } = canvas;
        const pixels = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
        return new Set(new Uint32Array(pixels.buffer)).size;
      });
      assert.ok(colours > 5, `${place} has ${colours} colours`);
    }
  });

  it('shows the percentiles of the harness for the named parts', async () => {
    for (const [button, of] of [
      ['All', ({ run }: MeasuredRun) => run.summary.total],
      ['Steady', ({ run }: MeasuredRun) => run.summary.steady],
    ] as const) {
      await press(button);
      const expected = runs.map(of).map((each) => {
        return [each.records, each.p50Ns, each.p90Ns, each.p99Ns, each.p999Ns, each.p9999Ns, each.maxNs];
      });
      assert.deepEqual(await shownNs(page), expected, button);
    }
    await press('Migration 2');
    assert.deepEqual(
      (await shownNs(page)).map((row) => row.at(-1)),
      runs.map(({ run }) => run.summary.migrations[1]!.maxNs),
    );
  });

  it('recomputes percentiles for what is dragged, and shows all again after a double click', async () => {
    await press('All');
    const over = (await page.$('.timeline .u-over'))!;
    await over.scrollIntoView();
    const { x, y, width } = (await over.boundingBox())!;
    // The run has 12 s.
    const [fromS, toS] = [3.02, 6.01];
    await page.mouse.move(x + (width * fromS) / 12, y + 40);
    await page.mouse.down();
    await page.mouse.move(x + (width * 5) / 12, y + 60, { steps: 4 });
    await page.mouse.move(x + (width * toS) / 12, y + 60, { steps: 4 });
    await page.mouse.up();
    assert.deepEqual(
      await shownNs(page),
      runs.map((run) => harnessNs(run, fromS, toS)),
    );
    const input = await page.$eval('input[aria-label="from, in seconds"]', ({ valueAsNumber }) => valueAsNumber);
    assert.ok(Math.abs(input - fromS) < 0.02, String(input));
    await page.mouse.click(x + width / 2, y + 60, { count: 2 });
    assert.deepEqual(
      (await shownNs(page)).map(([records]) => records),
      runs.map(({ run }) => run.summary.total.records),
    );
  });

  it('zooms by keys, and by two numbers', async () => {
    await page.focus('.timeline');
    await page.keyboard.press('+');
    assert.deepEqual(
      await shownNs(page),
      runs.map((run) => harnessNs(run, 3, 9)),
    );
    await page.keyboard.press('Escape');
    await page.$eval('input[aria-label="from, in seconds"]', (input) => (input.valueAsNumber = 4));
    await page.$eval('input[aria-label="to, in seconds"]', (input) => (input.valueAsNumber = 4.5));
    await press('Show');
    assert.deepEqual(
      await shownNs(page),
      runs.map((run) => harnessNs(run, 4, 4.5)),
    );
    await press('All');
  });

  it('tells values, bins and bytes at the pointer', async () => {
    const over = (await page.$('.timeline .u-over'))!;
    await over.scrollIntoView();
    const { x, y, width } = (await over.boundingBox())!;
    await page.mouse.move(x + (width * 4.1) / 12, y + 80);
    const text = await page.$eval('.timeline .tooltip:not([hidden])', ({ textContent }) => textContent);
    assert.match(text ?? '', /^4 s to 4\.25 s.*all-at-once: max \d.*migration 1, step 1 of 1: 1024 bins, 122 MiB/u);
    const lanes = (await page.$('.lanes canvas'))!;
    await lanes.scrollIntoView();
    const lane = (await lanes.boundingBox())!;
    const left = x - lane.x;
    await page.mouse.move(lane.x + left + (width * 0.1) / 12, lane.y + 30);
    const noise = await page.$eval('.lanes .tooltip:not([hidden])', ({ textContent }) => textContent);
    assert.match(noise ?? '', /waited for a processor for 16 % of the epoch.*took 6 %/u);
    await page.mouse.move(lane.x + left + (width * 3.1) / 12, lane.y + 30);
    const pause = await page.$eval('.lanes .tooltip:not([hidden])', ({ textContent }) => textContent);
    assert.match(pause ?? '', /1 garbage collection \(1 major\) of 2\.5 ms/u);
  });

  it('counts the time above the target of the config, or of the reader', async () => {
    const above = () =>
      page.$$eval('.panel .scroll tbody tr', (rows) =>
        rows.map((row) => row.querySelector('td:last-child')!.textContent),
      );
    const count = (limitNs: number): string[] =>
      runs.map(({ run }) => {
        const rows = run.timeline.filter(({ startS, p99Ns }) => startS >= 1 && startS < 11 && p99Ns > limitNs);
        return `${rows.length * 0.25} s`;
      });
    assert.deepEqual(await above(), count(3e6));
    await page.$eval('input[aria-label="target in milliseconds"]', (input) => {
      input.valueAsNumber = 1;
      input.dispatchEvent(new Event('change'));
    });
    assert.deepEqual(await above(), count(1e6));
  });

  it('shows other lines and runs, on a linear axis, and makes files', async () => {
    const session = await page.createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
    await press('Linear');
    await page.$$eval('.controls label input', (boxes) => (boxes[1] as HTMLInputElement).click());
    assert.equal((await shownNs(page)).length, 2);
    await press('Interval as CSV');
    await page.$$eval('figure.chart button', (buttons) => buttons.forEach((button) => button.click()));
    const wanted = ['invented-laptop-interval.csv', 'invented-timeline-laptop.svg', 'invented-timeline-laptop.png'];
    const deadline = Date.now() + 20_000;
    while (!wanted.every((name) => existsSync(join(folder, name)))) {
      assert.ok(Date.now() < deadline, `only ${readdirSync(folder).join(', ')}`);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    const [heading, first] = readFileSync(join(folder, wanted[0]!), 'utf8').split('\n');
    assert.equal(
      heading,
      'run,records,p50_ns,p90_ns,p99_ns,p999_ns,p9999_ns,max_ns,max_above_target_s,p99_above_target_s',
    );
    assert.match(first ?? '', /^all-at-once,\d+,/u);
    assert.match(
      readFileSync(join(folder, wanted[1]!), 'utf8'),
      /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/u,
    );
    await page.$$eval('.controls label input', (boxes) => (boxes[1] as HTMLInputElement).click());
    await press('Logarithmic');
  });

  it('is dark where that is preferred, and by its switch', async () => {
    const background = () => page.$eval('body', (body) => getComputedStyle(body).backgroundColor);
    assert.equal(await background(), 'rgb(255, 255, 255)');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    assert.equal(await background(), 'rgb(22, 22, 22)');
    await page.$eval('#theme [data-value="light"]', (button) => (button as HTMLButtonElement).click());
    assert.equal(await background(), 'rgb(255, 255, 255)');
    await page.$eval('#theme [data-value="system"]', (button) => (button as HTMLButtonElement).click());
    await page.emulateMediaFeatures([]);
  });

  it('fits a screen of 400 pixels', async () => {
    await page.setViewport({ width: 400, height: 800 });
    // The charts follow the width at the next frames.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 400);
    await page.setViewport({ width: 1200, height: 900 });
  });

  for (const scheme of ['light', 'dark']) {
    it(`has no serious fault of accessibility, ${scheme}`, async () => {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.$$eval('details', (all) => all.forEach((each) => (each.open = true)));
      await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
      const serious = (await page.evaluate(`axe.run().then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' ')))`)) as string[];
      assert.deepEqual(serious, []);
    });
  }

  it('shows its figure and tables without scripts', async () => {
    const plain = await browser.newPage();
    await plain.setJavaScriptEnabled(false);
    await plain.goto(pathToFileURL(file).href);
    const height = await plain.$eval('figure.chart svg', (svg) => svg.getBoundingClientRect().height);
    assert.ok(height > 100);
    assert.equal(await plain.$eval('.panel', (panel) => getComputedStyle(panel).display), 'none');
    await plain.close();
  });
});
