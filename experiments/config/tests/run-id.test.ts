import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRunId, runId } from '../run-id.ts';
import type { RunSpec } from '../run-spec.ts';

const spec: RunSpec = {
  experiment: 'fig1',
  title: 'Migration of a quarter of the keys',
  figure: 'timeline',
  scale: 'smoke',
  workload: { name: 'key-count', variant: 'megaphone', domain: 1_000_000, parameters: {} },
  topology: { processes: 1, workers: 2 },
  binShift: 8,
  ratePerSecond: 100_000,
  durationS: 6,
  warmUpS: 1,
  seed: 1,
  tickNs: 1000,
  lookaheadTicks: 1000,
  initial: { name: 'balanced' },
  migrations: [
    { atS: 2, to: { name: 'imbalanced' } },
    { atS: 4, to: { name: 'explicit', owners: [0, 1] } },
  ],
  strategy: { name: 'batched', binsPerStep: 4, gapMs: 0 },
  handoff: 'copy',
  preTouch: 'all',
  verify: false,
  repeat: 1,
};

describe('runId', () => {
  it('is a hash of 10 digits and the repeat number', () => {
    assert.match(runId(spec), /^[0-9a-f]{10}-1$/);
    assert.ok(isRunId(runId(spec)) && isRunId('0123456789-12'));
    for (const name of ['figures', '0123456789-0', '0123456789-1.failed', '.0123456789-1.7.ab'])
      assert.ok(!isRunId(name));
  });

  it('does not change from version to version', () => {
    assert.equal(runId(spec), 'ea7c95dc8d-1');
  });

  it('has one hash for all repeats, in whatever order the properties stand', () => {
    const hash = runId(spec).slice(0, 10);
    assert.equal(runId({ ...spec, repeat: 12 }), `${hash}-12`);
    const reversed = Object.fromEntries(Object.entries(spec).reverse()) as unknown as RunSpec;
    assert.equal(runId(reversed), runId(spec));
  });

  it('does not depend on what decides no measurement', () => {
    const called = {
      experiment: 'fig2',
      title: 'A better title',
      figure: 'memory',
      scale: 'laptop',
      verify: true,
      expect: { p99Ns: 1e6 },
    } as const;
    assert.equal(runId({ ...spec, ...called }), runId(spec));
  });

  it('has another hash for everything that is measured otherwise', () => {
    const others: readonly RunSpec[] = [
      { ...spec, ratePerSecond: 100_001 },
      { ...spec, workload: { ...spec.workload, parameters: { dilation: 2 } } },
      { ...spec, migrations: spec.migrations.toReversed() },
      { ...spec, strategy: { name: 'fluid', gapMs: 0 } },
      { ...spec, initial: { name: 'imbalanced' } },
      { ...spec, handoff: 'share' },
      { ...spec, preTouch: 'state' },
      { ...spec, tickNs: 2000 },
    ];
    assert.equal(new Set([spec, ...others].map(runId)).size, others.length + 1);
  });
});
