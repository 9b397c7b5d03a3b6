/** A comparison of results as a chart: the ratio of each metric with its interval, a panel per setting. */
import type { TopLevelSpec } from 'vega-lite';
import type { Comparison, PairComparison } from '../experiments/report/comparison.ts';
import { figure, panelTitle, type Panels } from './figure.ts';
import { logAxis, paddedDomain, plainLabel, type Domain } from './log-axis.ts';
import { colours } from './theme.ts';

const panelWidthPx = 300;
const rowHeightPx = 18;
const gapPx = 24;

/** Room for the names of metrics. */
const namesPx = 150;

const verdictColours = {
  faster: '#0072b2',
  slower: '#d55e00',
  'no difference': '#595959',
  'too few repeats': '#8c8c8c',
} as const;

/** Pairs with the folder they come from. */
function panelsOf(comparisons: readonly Comparison[]): { readonly title: string; readonly pair: PairComparison }[] {
  return comparisons.flatMap(({ other, pairs }) =>
    pairs.map((pair) => ({ title: comparisons.length === 1 ? pair.setting : `${pair.setting}: ${other}`, pair })),
  );
}

function panel({ title, pair }: { title: string; pair: PairComparison }, domain: Domain, isFirst: boolean): Panels {
  const values = pair.metrics
    .filter(({ ratio }) => ratio !== null)
    .map(({ metric, ratio, low, high, verdict }) => ({
      metric,
      ratio,
      low: low ?? ratio,
      high: high ?? ratio,
      verdict,
    }));
  const scale = { type: 'log' as const, domain: [...domain] };
  const axis = logAxis(domain, 'ratio to the baseline', plainLabel);
  const x = { field: 'ratio', type: 'quantitative' as const, scale, axis };
  const y = {
    field: 'metric',
    type: 'nominal',
    sort: null,
    axis: { title: null, ticks: false, domain: false, labelLimit: 0, labels: isFirst, grid: true },
  } as const;
  const color = {
    field: 'verdict',
    type: 'nominal',
    scale: { domain: Object.keys(verdictColours), range: Object.values(verdictColours) },
    legend: { title: null, orient: 'top', symbolSize: 70, symbolType: 'circle' },
  } as const;
  return {
    title: { text: panelTitle(title, panelWidthPx) },
    width: panelWidthPx,
    height: { step: rowHeightPx },
    layer: [
      {
        data: { values: [{ ratio: 1 }] },
        mark: { type: 'rule', color: colours.text, strokeWidth: 1 },
        encoding: { x },
      },
      {
        data: { values },
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color },
      },
      { data: { values }, mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding: { x, y, color } },
    ],
  };
}

/** The chart of comparisons with one baseline; at least one pair has a ratio. */
export function comparisonChart(comparisons: readonly Comparison[]): TopLevelSpec {
  const all = panelsOf(comparisons);
  const columns = Math.min(2, all.length);
  const ratios = all.flatMap(({ pair }) => pair.metrics.flatMap(({ ratio, low, high }) => [ratio, low, high]));
  const domain = paddedDomain([1, ...ratios.filter((value) => value !== null)]);
  const panels = all.map((each, index) => panel(each, domain, index % columns === 0));
  const [first] = comparisons;
  const notes = [...new Set(comparisons.flatMap((comparison) => comparison.notes))];
  return figure(
    { columns, concat: panels, spacing: { column: gapPx, row: 30 } },
    {
      title: `${comparisons.map(({ other }) => other).join(', ')} against ${first?.baseline ?? ''}`,
      caption: [
        'Ratio of the medians over the repeats, with a 95 % bootstrap interval from three repeats on; faster is better, slower worse, whichever direction a metric has.',
        ...notes,
      ].join(' '),
      widthPx: namesPx + columns * (panelWidthPx + gapPx) - gapPx,
    },
  );
}
