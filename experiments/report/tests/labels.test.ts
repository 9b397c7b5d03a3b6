import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { runId } from '../../config/run-id.ts';
import type { RunSpec } from '../../config/run-spec.ts';
import { measurementLabels, runLabels, strategyLabel, varyingDimensions } from '../labels.ts';
import { sampleSpec } from './sample-run.ts';

const fluid = { name: 'fluid', gapMs: 0 } as const;

/** Labels of runs with these differences from the sample. */
const labelsOf = (...changes: readonly Partial<RunSpec>[]) => measurementLabels(changes.map(sampleSpec));

const native = { migrations: [], workload: { ...sampleSpec().workload, variant: 'native' } } as const;

describe('labels of runs', () => {
  it('say what differs, and nothing else', () => {
    assert.deepEqual(labelsOf({}, { strategy: fluid }), ['all-at-once', 'fluid']);
    assert.deepEqual(labelsOf({ binShift: 4 }, { binShift: 12 }), ['16 bins (2⁴)', '4096 bins (2¹²)']);
    assert.deepEqual(labelsOf({ binShift: 4 }, { binShift: 12, strategy: fluid }), [
      'all-at-once, 16 bins (2⁴)',
      'fluid, 4096 bins (2¹²)',
    ]);
    assert.deepEqual(labelsOf({}, { workload: { ...sampleSpec().workload, name: 'q3' } }), ['key-count', 'Q3']);
    assert.deepEqual(labelsOf({}, native, { migrations: [] }), ['all-at-once', 'native', 'no migration']);
    assert.deepEqual(labelsOf({ handoff: 'share' }, {}), ['hand-off by share', 'hand-off by copy']);
    assert.deepEqual(labelsOf({ preTouch: 'state' }, {}), ['preTouch state', 'preTouch all']);
  });

  it('say where migrations differ', () => {
    const [first, second] = sampleSpec().migrations;
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual(labelsOf({ strategy: fluid }, { strategy: fluid, migrations: [first, { ...second, atS: 2.5 }] }), [
      'imbalanced at 1 s, balanced at 2 s',
      'imbalanced at 1 s, balanced at 2.5 s',
    ]);
  });

  it('name the swept parameter of a workload only', () => {
    const workloads = [1, 79].map((timeDilation) => ({
      ...sampleSpec().workload,
      name: 'q4',
      parameters: { timeDilation, inFlightAuctions: 2e6 },
    }));
    assert.deepEqual(labelsOf(...workloads.map((workload) => ({ workload }))), ['time dilation 1', 'time dilation 79']);
  });

  it('fall back to digits where rounding would make values equal', () => {
    assert.deepEqual(labelsOf({ ratePerSecond: 1_000_000 }, { ratePerSecond: 1_000_001 }, { ratePerSecond: 2e6 }), [
      'offered rate 1000000',
      'offered rate 1000001',
      '2 million records/s',
    ]);
  });

  it('tell apart what differs in a setting that means nothing to it', () => {
    const labels = labelsOf({ ...native, binShift: 4 }, { ...native, binShift: 6 });
    assert.deepEqual(labels, ['native, 16 bins (2⁴)', 'native, 64 bins (2⁶)']);
  });

  it('are different for different measurements, whatever differs', () => {
    const spec = fc
      .record({
        isNative: fc.boolean(),
        binShift: fc.constantFrom(4, 6),
        ratePerSecond: fc.constantFrom(1e6, 1_000_001, 1_000_002),
        initial: fc.constantFrom(
          { name: 'balanced' } as const,
          { name: 'explicit', owners: new Array<number>(64).fill(1) } as const,
        ),
        strategy: fc.constantFrom({ name: 'fluid', gapMs: 0 } as const, { name: 'fluid', gapMs: 5 } as const),
        domain: fc.constantFrom(1000, 1001),
        durationS: fc.constantFrom(3, 3.0001),
        tickNs: fc.constantFrom(1000, 2000),
        lookaheadTicks: fc.constantFrom(250, 251),
        seed: fc.constantFrom(1, 2),
        handoff: fc.constantFrom('copy', 'share'),
        preTouch: fc.constantFrom('all', 'state'),
        title: fc.constantFrom('one', 'two'),
      })
      .map(({ isNative, domain, ...changes }) => {
        const variant = isNative ? 'native' : 'megaphone';
        const workload = { ...sampleSpec().workload, domain, variant } as const;
        return sampleSpec({ ...changes, workload, ...(isNative ? { migrations: [] } : {}) });
      });
    fc.assert(
      fc.property(fc.uniqueArray(spec, { selector: runId, maxLength: 6 }), (specs) => {
        assert.equal(new Set(measurementLabels(specs)).size, specs.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('have the number of the repeat where there are several', () => {
    const specs = [sampleSpec(), sampleSpec({ repeat: 2 })];
    assert.deepEqual(measurementLabels(specs), ['all-at-once', 'all-at-once']);
    assert.deepEqual(runLabels(specs), ['all-at-once, #1', 'all-at-once, #2']);
    assert.deepEqual(runLabels([sampleSpec()]), ['all-at-once']);
  });

  it('name a strategy with its parameters', () => {
    const strategy = { name: 'batched', binsPerStep: 1, gapMs: 100 } as const;
    assert.equal(strategyLabel(sampleSpec({ strategy })), 'batched (1 bin per step, gap 100 ms)');
  });

  it('know the settings that vary', () => {
    const specs = [4, 12].map((binShift) => sampleSpec({ binShift }));
    assert.deepEqual(
      varyingDimensions(specs).map(({ name }) => name),
      ['number of bins'],
    );
  });
});
