import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TopLevelSpec } from 'vega-lite';
import type { RunSpec } from '../../experiments/config/run-spec.ts';
import type { RatesFile } from '../../experiments/results/rates-file.ts';
import type { Run } from '../../experiments/results/run-reader.ts';
import { compareSides } from '../../experiments/report/comparison.ts';
import { charts } from '../charts.ts';
import { comparisonChart } from '../comparison-chart.ts';
import { ChartError, pngScale, render, renderSvg } from '../render.ts';
import { textWidth, wrapText } from '../text-width.ts';
import {
  fixtureRun,
  fixtureSpec,
  fixtureStrategy,
  type FixtureOptions,
  withMigrationTimeline,
} from './fixture-runs.ts';

const strategies = ['all-at-once', 'fluid', 'optimized'] as const;

function runs(figure: RunSpec['figure'], specs: readonly Partial<RunSpec>[], options: FixtureOptions = {}): Run[] {
  return specs.map((spec) => fixtureRun({ ...options, spec: { durationS: 60, ...spec, figure } }));
}

function onlyChart(figureRuns: readonly Run[]): TopLevelSpec {
  const [chart, ...others] = charts(figureRuns);
  assert.ok(chart !== undefined && others.length === 0);
  return chart.spec;
}

const native = { migrations: [], workload: { ...fixtureSpec.workload, variant: 'native' } } as const;
const perStrategy = strategies.map((name) => ({ strategy: fixtureStrategy(name) }));

/** Runs per figure, and texts that its picture has to show. */
const figures: readonly (readonly [name: string, runs: Run[], texts: readonly string[]])[] = [
  [
    'timeline',
    runs('timeline', [...perStrategy, ...perStrategy.map((spec) => ({ ...spec, repeat: 2 }))]),
    ['time since start (s)', 'latency (ms)', 'maximum', 'median', 'migration 2', 'optimized (16 bins per pair)', '10'],
  ],
  [
    'timeline with epochs of 10 ms, a floor and disturbed epochs',
    runs('timeline', perStrategy)
      .map(withMigrationTimeline)
      .map((run) => ({
        ...run,
        scheduler: [{ epoch: 3, worker: 0, onCpuNs: 0, runQueueWaitNs: 200e6, stealMs: 0 }],
        summary: { ...run.summary, floor: { p50Ns: 1e3, p99Ns: 5e5, p999Ns: 2e6, maxNs: 4e6 } },
      })),
    ['time since migration 2 was issued (ms)', 'floor p99', '500'],
  ],
  [
    'timeline of a single overloaded run without records in some epochs',
    runs('timeline', [{}], { emptyEpochs: [8, 9], valid: false }),
    ['all-at-once: overload', 'latency (ms)'],
  ],
  [
    'timeline without migration or record',
    runs('timeline', [native]).map((run) => ({ ...run, timeline: [] })),
    ['native'],
  ],
  [
    'ccdf',
    runs('ccdf', [...[4, 8, 12, 16].map((binShift) => ({ binShift, migrations: [] })), native]),
    ['latency (ms)', 'share of records above the latency (CCDF)', '16 bins (2⁴)', 'native', '10⁻⁷', '99.99 %'],
  ],
  [
    'ccdf beside the paper’s numbers',
    runs('ccdf', [
      ...[4, 20].map((binShift) => ({ binShift, migrations: [], experiment: 'fig13' })),
      { ...native, experiment: 'fig13' },
    ]),
    ['here: latency (ms) at percentile', 'the paper, 256 million keys', '1141', '25.2', '19.9'],
  ],
  [
    'memory',
    runs('memory', perStrategy),
    ['resident set (MiB)', 'state + in flight (MiB)', 'time since start (s)', 'fluid'],
  ],
  [
    'max-vs-duration',
    runs(
      'max-vs-duration',
      perStrategy.flatMap((spec) => [4, 8, 12].map((binShift) => ({ ...spec, binShift }))),
    ),
    ['duration of the migration (s)', 'maximum latency (ms)', '2¹²', 'fluid'],
  ],
  [
    'max-vs-rate',
    runs(
      'max-vs-rate',
      [...perStrategy, { migrations: [] }].flatMap((spec) =>
        [1e5, 1e6].flatMap((ratePerSecond) => [1, 2].map((repeat) => ({ ...spec, ratePerSecond, repeat }))),
      ),
    ),
    ['offered rate (records/s)', 'maximum latency (ms)', 'no migration', '200k'],
  ],
];

/** The texts of an SVG document. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<t(?:ext|span)[^>]*>([^<]*)(?=<)/g)].map(([, text]) =>
    (text ?? '').replaceAll('\u00a0', ' '),
  );
}

describe('pictures', () => {
  for (const [name, figureRuns, expected] of figures) {
    it(`of ${name} compile without a warning and say what they show`, async () => {
      const texts = textsOf(await renderSvg(onlyChart(figureRuns)));
      for (const text of expected) assert.ok(texts.includes(text), `"${text}" among ${texts.join(' | ')}`);
      assert.ok(
        texts.some((text) => text.startsWith('key-count')),
        'the caption',
      );
    });
  }

  it('of rates mark the highest sustained ones', async () => {
    const found = { runs: [], notSustainedPerSecond: 2e6 };
    const rates: RatesFile = {
      experiment: 'fixture-rate',
      scale: 'laptop',
      criterion: '',
      rates: [
        { ...found, label: 'native', sustainedPerSecond: 1.5e6 },
        { ...found, label: 'no migration' },
      ],
    };
    const figureRuns = runs('max-vs-rate', [1e5, 1e6].map((ratePerSecond) => ({ ratePerSecond }))); // prettier-ignore
    const [marked] = charts(figureRuns, { rates });
    assert.ok(textsOf(await renderSvg(marked!.spec)).includes('1.5M/s sustained, native'));
    const [other] = charts(figureRuns, { rates: { ...rates, scale: 'smoke' } });
    assert.ok(!textsOf(await renderSvg(other!.spec)).some((text) => text.includes('sustained')));
  });

  it('of comparisons have a row per metric and a panel per setting', async () => {
    const side = (name: string, factor: number) => ({
      name,
      runs: [1, 2, 3].flatMap((repeat) =>
        perStrategy.map((spec) => {
          const run = fixtureRun({ spec: { ...spec, repeat } });
          const steady = { ...run.summary.steady, p99Ns: run.summary.steady.p99Ns * factor * (1 + repeat / 100) };
          return { ...run, summary: { ...run.summary, steady } };
        }),
      ),
    });
    const texts = textsOf(await renderSvg(comparisonChart([compareSides(side('old', 1), side('new', 2))])));
    for (const text of ['new against old', 'steady p99', 'fluid', 'slower', 'ratio to the baseline', '2']) {
      assert.ok(texts.includes(text), `"${text}" among ${texts.join(' | ')}`);
    }
  });

  it('of memory say what was touched before the start', async () => {
    const specs = [{ preTouch: 'state' }, { preTouch: 'all', strategy: fixtureStrategy('fluid') }] as const;
    const text = textsOf(await renderSvg(onlyChart(runs('memory', specs)))).join(' ');
    assert.match(text, /preTouch state: only the state was touched/);
    assert.match(text, /preTouch all: all memory of migrations/);
  });

  it('are equal for equal runs in any order', async () => {
    const figureRuns = runs('timeline', perStrategy);
    const first = await render(onlyChart(figureRuns));
    const second = await render(onlyChart([...figureRuns].reverse()));
    assert.equal(first.svg, second.svg);
    assert.deepEqual(first.png, second.png);
  });

  it('are PNG files of twice the size of the SVG', async () => {
    const { svg, png } = await render(onlyChart(runs('memory', [{}])));
    const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
    const header = Buffer.from(png);
    assert.equal(header.toString('latin1', 1, 4), 'PNG');
    assert.ok(Math.abs(header.readUInt32BE(16) - Number(width) * pngScale) <= pngScale);
    assert.ok(Math.abs(header.readUInt32BE(20) - Number(height) * pngScale) <= pngScale);
  });

  it('are refused when a library warns', async () => {
    const faulty = {
      data: { values: [] },
      mark: 'point',
      encoding: { colour: { field: 'a' } },
    } as unknown as TopLevelSpec;
    await assert.rejects(renderSvg(faulty), ChartError);
  });

  it('are one per scale and figure', () => {
    const mixed = [fixtureRun(), fixtureRun({ spec: { scale: 'smoke' } }), fixtureRun({ spec: { figure: 'memory' } })];
    assert.deepEqual(
      charts(mixed).map(({ name }) => name),
      ['fixture-memory-laptop', 'fixture-timeline-laptop', 'fixture-timeline-smoke'],
    );
  });
});

describe('text', () => {
  it('is measured by the font', () => {
    assert.ok(textWidth('iiii', 10) < textWidth('WWWW', 10));
    assert.ok(textWidth('bins', 10) < textWidth('bins', 10, 'bold'));
    assert.equal(textWidth('', 10), 0);
  });

  it('wraps at spaces and loses nothing', () => {
    const text = 'a caption of several words that does not fit into one line';
    const lines = wrapText(text, 120, 10);
    assert.ok(lines.length > 1 && lines.every((line) => textWidth(line, 10) <= 120));
    assert.equal(lines.join(' '), text);
    assert.deepEqual(wrapText('unbreakable', 1, 10), ['unbreakable']);
  });
});
