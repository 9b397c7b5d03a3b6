import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OPEN_METRICS_TYPE, openMetrics } from '../open-metrics.ts';
import { SweepView } from '../sweep-view.ts';
import { progressLine, sweepLine } from './live-lines.ts';

/** A sample as a scraper reads it. */
interface Scraped {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = { counter: ['_total'], gauge: [''], stateset: [''] };

/** Parses the text by the rules of OpenMetrics 1.0 as far as it may use them. */
function scrape(text: string): { readonly types: ReadonlyMap<string, string>; readonly samples: readonly Scraped[] } {
  assert.ok(text.endsWith('\n# EOF\n'), 'ends in # EOF and a newline');
  const types = new Map<string, string>();
  const samples: Scraped[] = [];
  let family = '';
  for (const line of text.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][\w:]*) (.+)$/u.exec(line) ?? [];
    if (keyword === 'TYPE') {
      assert.ok(!types.has(name), `${name} is declared once`);
      types.set(name, rest);
      family = name;
    } else if (keyword !== undefined) {
      assert.equal(name, family, `${line} belongs to the family before it`);
      if (keyword === 'UNIT') assert.ok(name.endsWith(`_${rest}`), `${name} ends in its unit`);
    } else {
      const found = /^([a-zA-Z_:][\w:]*)\{(.*)\} (\S+)$/u.exec(line);
      assert.ok(found !== null, `a sample: ${line}`);
      const [, sample = '', labelText = '', value = ''] = found;
      const suffix = sample.slice(family.length);
      assert.ok(sample.startsWith(family) && SUFFIXES[types.get(family)!]!.includes(suffix), line);
      const labels: Record<string, string> = {};
      const rest2 = labelText.replaceAll(
        /([a-zA-Z_]\w*)="((?:[^"\\]|\\[\\"n])*)",?/gu,
        (_, key: string, quoted: string) => {
          assert.ok(!(key in labels));
          labels[key] = quoted.replaceAll(/\\([\\"n])/gu, (_all, letter: string) => (letter === 'n' ? '\n' : letter));
          return '';
        },
      );
      assert.equal(rest2, '', `labels: ${labelText}`);
      assert.ok(Number.isFinite(Number(value)), line);
      samples.push({ name: sample, labels, value: Number(value) });
    }
  }
  const keys = samples.map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()]));
  assert.equal(new Set(keys).size, keys.length, 'no sample twice');
  return { types, samples };
}

describe('metrics for Prometheus', () => {
  it('are OpenMetrics 1.0, also when nothing goes on', () => {
    assert.equal(OPEN_METRICS_TYPE, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    const { types, samples } = scrape(openMetrics([]));
    assert.ok(types.size >= 10);
    assert.deepEqual(samples, []);
  });

  it('hold what the runs show that go on, with units and labels', () => {
    const view = new SweepView(sweepLine(['plain', 'od"d\\ \n']));
    view.add({ type: 'begin', run: 0 });
    view.add(progressLine(39));
    view.add({ type: 'end', status: 'done' });
    view.add({ type: 'begin', run: 1 });
    view.add(progressLine(8, { stepsDone: 3, behindS: 1.5 }));
    const { samples } = scrape(openMetrics([view]));
    const own = { experiment: 'invented', run: '0000000001-1', label: 'od"d\\ \n' };
    const value = (name: string, labels: Record<string, string> = {}) =>
      samples.find(
        (sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify({ ...own, ...labels }),
      )?.value;
    assert.equal(value('megaphone_frontier_latency_seconds', { quantile: '0.5' }), 40e-6);
    assert.equal(value('megaphone_frontier_latency_seconds', { quantile: '1' }), 2e-3);
    assert.equal(value('megaphone_sent_records_total'), 2490 * 8);
    assert.equal(value('megaphone_migration_steps_total'), 3);
    assert.equal(value('megaphone_behind_seconds'), 1.5);
    assert.equal(value('megaphone_resident_memory_bytes'), 300e6);
    assert.equal(value('megaphone_phase', { megaphone_phase: 'run' }), 1);
    assert.ok(
      samples.every(({ labels }) => labels['run'] === '0000000001-1'),
      'only the run that goes on',
    );
    view.add({ type: 'over', status: 'interrupted' });
    assert.deepEqual(scrape(openMetrics([view])).samples, []);
  });
});
