import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bucketCeiling } from '../../../experiments/metrics/bucket-layout.ts';
import { runDirectory } from '../../../experiments/results/run-folders.ts';
import { browserModules } from '../browser-code.ts';
import { decodeBlock } from '../decode-block.ts';
import { measuredSpec, strategies, writeMeasuredRun } from './measured-run.ts';

const program = fileURLToPath(new URL('../../draw-report.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'megaphone-report-'));
const [before, other, bare] = ['before', 'other', 'bare'].map((name) => join(folder, name)) as [string, string, string];

after(() => rmSync(folder, { recursive: true }));

for (const spec of strategies) writeMeasuredRun(before, spec);
for (const spec of strategies) writeMeasuredRun(other, spec, 2);
writeMeasuredRun(bare, measuredSpec);
for (const file of ['histograms.hlog', 'ccdf.csv']) rmSync(join(runDirectory(bare, measuredSpec), file));

function report(...folders: string[]): { status: number | null; complaint: string; html: string } {
  const file = join(folder, 'report.html');
  rmSync(file, { force: true });
  const args = ['--disable-warning=ExperimentalWarning', program, file, ...folders];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const html = statSync(file, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(file, 'utf8');
  return { status, complaint: stderr.trim(), html };
}

/** What is read without scripts: the page without their text. */
function withoutScripts(html: string): string {
  return html.replaceAll(/<script[^>]*>.*?<\/script>/gsu, '');
}

describe('a report', () => {
  const { status, complaint, html } = report(before);

  it('is one file that loads nothing', () => {
    assert.deepEqual({ status, complaint }, { status: 0, complaint: '' });
    const addresses = withoutScripts(html).match(/\b(?:https?:)?\/\/[a-z][^"'\s<)]*/giu) ?? [];
    assert.deepEqual(new Set(addresses), new Set(['http://www.w3.org/2000/svg']));
    assert.doesNotMatch(withoutScripts(html), /<(?:link|iframe|img)\b|@import|url\((?!#)/u);
    assert.match(html, /default-src 'none'/u);
  });

  it('shows figure, tables and provenance without scripts', () => {
    const text = withoutScripts(html);
    assert.match(
      text,
      /<figure class="chart"[^>]*>.*<svg role="img" aria-label="FIXTURE: invented latencies, &amp; &lt;marks&gt;"/su,
    );
    for (const caption of ['Latency while steady', 'Migrations', 'Expectations', 'Provenance']) {
      assert.match(text, new RegExp(`<caption>${caption}`, 'u'));
    }
    assert.match(text, /resolution with which they were recorded/u);
    assert.match(text, /npx megaphone run invented/u);
    assert.doesNotMatch(text, /<marks>/u);
  });

  it('has modules of which every import is in the page', () => {
    const modules = browserModules('report');
    for (const [name, code] of modules) {
      for (const [, imported] of code.matchAll(/^(?:import|export|\}).*from '([^']+)'/gmu)) {
        assert.ok(modules.has(imported ?? ''), `${name} imports ${imported}`);
      }
      assert.doesNotMatch(code, /^import type|: unknown|\bas const\b/mu, name);
    }
    assert.ok(modules.has('plots/report/percentiles.ts'));
  });

  it('carries its runs, of which the first of each kind are shown', async () => {
    const [, block = ''] = /class="block">([^<]*)</u.exec(html) ?? [];
    const { data, histogramsOf } = await decodeBlock(block);
    assert.deepEqual(
      data.runs.map(({ label, isShown }) => [label, isShown]),
      [
        ['all-at-once', true],
        ['fluid', true],
        ['optimized (16 bins per pair)', true],
      ],
    );
    assert.equal(data.shift, 0);
    const [first] = histogramsOf(data.runs[0]!)!;
    assert.ok(bucketCeiling(first!.indexes[0]!) >= 20_000);
  });

  it('lays other results beside the first, with the differences', () => {
    const both = report(before, other).html;
    const text = withoutScripts(both);
    assert.match(
      text,
      /<b>A<\/b> is <code>[^<]*before<\/code>, 3 runs; <b>B<\/b> is <code>[^<]*other<\/code>, 3 runs/u,
    );
    assert.match(text, /Differences of <code>[^<]*other<\/code> from <code>[^<]*before<\/code>/u);
    assert.equal(text.match(/<figure class="chart"/gu)?.length, 2);
  });

  it('is made of results without histograms and distributions, and says so', () => {
    const { status, complaint, html } = report(bare);
    assert.deepEqual({ status, complaint }, { status: 0, complaint: '' });
    assert.match(html, /These results hold no histograms/u);
    assert.match(html, /<figure class="chart"/u);
  });

  it('refuses what is no folder of results in one line', () => {
    const { status, complaint } = report(before, join(folder, 'nowhere'));
    assert.equal(status, 2);
    assert.match(complaint, /nowhere: no such folder; expected a folder of results[^\n]*$/u);
  });
});
