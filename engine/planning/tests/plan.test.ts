/**
 * Laws of plans, for every strategy, 1..16 workers and 2^1..2^12 bins:
 * 1. applied step by step, a plan turns its start into its target, and each move leaves the owner of the moment;
 * 2. each changed bin moves exactly once, no other bin moves, and no step is empty;
 * 3. the strategy's bound on a step holds.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { balanced, imbalanced } from '../configurations.ts';
import { ConfigurationError, StepError, StrategyError } from '../errors.ts';
import { applyStep, changedBins } from '../moves.ts';
import { planMigration, type Plan } from '../plan.ts';
import { STRATEGIES, type Strategy } from '../strategies.ts';
import { configurationPairs, type Pair } from './arbitraries.ts';

const strategies: fc.Arbitrary<Strategy> = fc
  .record({ gapTicks: fc.nat(), size: fc.integer({ min: 1, max: 40 }) })
  .chain(({ gapTicks, size }) =>
    fc.constantFrom<Strategy>(
      { name: 'all-at-once', gapTicks },
      { name: 'fluid', gapTicks },
      { name: 'batched', binsPerStep: size, gapTicks },
      { name: 'optimized', binsPerPair: size, gapTicks },
    ),
  );

/** Laws 1 and 2. */
function checkPlan({ from, to }: Pair, plan: Plan): void {
  const owners = from.slice();
  const moved = new Set<number>();
  for (const step of plan.steps) {
    assert.ok(step.length > 0);
    applyStep(owners, step);
    for (const { bin, source, target } of step) {
      assert.ok(!moved.has(bin), `bin ${bin} moves twice`);
      moved.add(bin);
      assert.equal(source, from[bin]);
      assert.equal(target, to[bin]);
      assert.notEqual(source, target);
    }
  }
  assert.deepEqual(owners, to);
  assert.equal(plan.bins, moved.size);
  assert.equal(plan.bins, changedBins(from, to).length);
}

describe('planMigration', () => {
  it('ends at its target, moves each changed bin once and no other', () => {
    fc.assert(
      fc.property(configurationPairs(16, 12), strategies, (pair, strategy) => {
        const before = { from: pair.from.slice(), to: pair.to.slice() };
        const plan = planMigration(pair.from, pair.to, strategy);
        assert.deepEqual({ from: pair.from, to: pair.to }, before, 'the arguments are unchanged');
        assert.equal(plan.strategy, strategy.name);
        assert.equal(plan.gapTicks, strategy.gapTicks);
        checkPlan(pair, plan);
      }),
      { numRuns: 200 },
    );
  });

  it('has no steps between equal configurations', () => {
    fc.assert(
      fc.property(configurationPairs(16, 8), strategies, ({ from }, strategy) => {
        assert.deepEqual(planMigration(from, from.slice(), strategy).steps, []);
      }),
    );
  });

  it('has one step all-at-once', () => {
    fc.assert(
      fc.property(configurationPairs(16, 8), ({ from, to }) => {
        const plan = planMigration(from, to, { name: 'all-at-once', gapTicks: 0 });
        assert.equal(plan.steps.length, plan.bins === 0 ? 0 : 1);
      }),
    );
  });

  it('moves one bin per step when fluid', () => {
    fc.assert(
      fc.property(configurationPairs(16, 8), ({ from, to }) => {
        const plan = planMigration(from, to, { name: 'fluid', gapTicks: 0 });
        assert.ok(plan.steps.every((step) => step.length === 1));
      }),
    );
  });

  it('moves exactly binsPerStep bins per step when batched, but for the last step', () => {
    fc.assert(
      fc.property(configurationPairs(16, 8), fc.integer({ min: 1, max: 300 }), ({ from, to }, binsPerStep) => {
        const plan = planMigration(from, to, { name: 'batched', binsPerStep, gapTicks: 0 });
        assert.ok(plan.steps.slice(0, -1).every((step) => step.length === binsPerStep));
        assert.ok(plan.steps.every((step) => step.length <= binsPerStep));
      }),
    );
  });

  it('is the same each time', () => {
    fc.assert(
      fc.property(configurationPairs(16, 6), strategies, ({ from, to }, strategy) => {
        assert.deepEqual(planMigration(from, to, strategy), planMigration(from, to, strategy));
      }),
    );
  });

  it('undoes the imbalance of 16 workers in as many optimized steps as one worker has bins to return', () => {
    const plan = planMigration(imbalanced(12, 16), balanced(12, 16), {
      name: 'optimized',
      binsPerPair: 1,
      gapTicks: 7,
    });
    assert.equal(plan.bins, 1024);
    assert.equal(plan.steps.length, 128);
    assert.ok(plan.steps.every((step) => step.length === 8));
  });

  it('refuses configurations of different sizes', () => {
    assert.throws(() => planMigration(balanced(2, 2), balanced(3, 2), { name: 'fluid', gapTicks: 0 }), {
      name: 'ConfigurationError',
      message: /changedBins, to: expected 4 bins, as many as in from, found 8/,
    });
    assert.throws(() => changedBins(balanced(2, 2), balanced(1, 2)), ConfigurationError);
  });

  it('refuses unknown strategies and parameters out of range', () => {
    const refused: [Strategy, RegExp][] = [
      [{ name: 'fluid', gapTicks: -1 }, /fluid, gapTicks: expected an integer of at least 0, found -1/],
      [{ name: 'batched', binsPerStep: 0, gapTicks: 0 }, /batched, binsPerStep: .* at least 1, found 0/],
      [{ name: 'optimized', binsPerPair: 1.5, gapTicks: 0 }, /optimized, binsPerPair: .* found 1\.5/],
      [{ name: 'hasty', gapTicks: 0 } as unknown as Strategy, /expected one of all-at-once, fluid, .*, found hasty/],
    ];
    for (const [strategy, message] of refused) {
      assert.throws(
        () => planMigration(balanced(2, 2), balanced(2, 2), strategy),
        (error) => error instanceof StrategyError && error.name === 'StrategyError' && message.test(error.message),
      );
    }
  });

  it('knows every strategy it lists', () => {
    for (const name of STRATEGIES) {
      const strategy = { name, gapTicks: 0, binsPerStep: 1, binsPerPair: 1 } as Strategy;
      assert.equal(planMigration(balanced(2, 2), imbalanced(2, 2), strategy).bins, 1);
    }
  });
});

describe('applyStep', () => {
  it('refuses a move from a worker that does not own the bin', () => {
    const owners = balanced(1, 2);
    assert.throws(() => applyStep(owners, [{ bin: 1, source: 0, target: 1 }]), {
      name: 'StepError',
      message: /applyStep, bin 1: expected worker 0 as the owner .*, found worker 1/,
    });
    assert.throws(() => applyStep(owners, [{ bin: 2, source: 0, target: 1 }]), /bin 2: .* found 2 bins only/);
    assert.throws(() => applyStep(owners, [{ bin: 2, source: 0, target: 1 }]), StepError);
  });
});
