/** Arbitrary runs of migratable programs: input, workers, rings, plans and interleavings. */
import fc from 'fast-check';

import { FIRST_TICK, type Timestamp } from '../../progress/timestamp.ts';
import type { Strategy } from '../../planning/index.ts';
import { Random } from '../../runtime/random.ts';
import type { TimedRow } from '../../runtime/tests/timed-rows.ts';
import type { Handoff } from '../state-channel.ts';

/** Which program runs. */
export type ProgramName = 'reminders' | 'join' | 'chain';

/** Who says where bins go. */
export type Control =
  /** The planning's controller: steps of random configurations, each issued after the one before has completed. */
  | {
      readonly kind: 'plan';
      readonly strategy: Strategy;
      readonly starts: readonly number[];
      readonly seed: number;
      readonly rehearsed: boolean;
    }
  /** Any updates at any time, prepared ahead by up to `ahead` ticks, several of them in flight, bins more than once. */
  | { readonly kind: 'wild'; readonly moves: number; readonly ahead: number; readonly seed: number };

/** One run. */
export interface Scenario {
  readonly program: ProgramName;
  readonly peers: number;
  readonly binShift: number;
  readonly scheduler: 'shared-memory' | 'links' | 'interruptions';
  /** Seed of the scheduler. */
  readonly seed: number;
  readonly rows: number;
  readonly slots: number;
  /** Where the counters of the rings start. */
  readonly ringStart: number;
  readonly lookahead: number;
  readonly handoff: Handoff;
  readonly control: Control;
  /** Records in all, times they lie within, distinct keys, most records a source sends in a step. */
  readonly input: {
    readonly records: number;
    readonly span: number;
    readonly domain: number;
    readonly burst: number;
    readonly seed: number;
  };
}

/** Ticks within which everything is sent. */
export const MOST_SPAN = 150;

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

const strategy: fc.Arbitrary<Strategy> = fc
  .record({
    name: fc.constantFrom('all-at-once', 'fluid', 'batched', 'optimized'),
    gapTicks: fc.constantFrom(0, 3),
    size: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ name, gapTicks, size }): Strategy => {
    if (name === 'batched') return { name, gapTicks, binsPerStep: size };
    if (name === 'optimized') return { name, gapTicks, binsPerPair: size };
    return { name, gapTicks };
  });

const control: fc.Arbitrary<Control> = fc.oneof(
  fc.record({
    kind: fc.constant('plan' as const),
    strategy,
    starts: fc
      .uniqueArray(fc.integer({ min: 0, max: MOST_SPAN }), { maxLength: 3 })
      .map((at) => at.sort((a, b) => a - b)),
    seed,
    rehearsed: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('wild' as const),
    moves: fc.integer({ min: 0, max: 60 }),
    ahead: fc.constantFrom(0, 1, 5, 40),
    seed,
  }),
);

/** Any run that is small enough to be simulated in milliseconds. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  program: fc.constantFrom('reminders' as const, 'join' as const, 'chain' as const),
  peers: fc.integer({ min: 1, max: 5 }),
  binShift: fc.integer({ min: 1, max: 6 }),
  scheduler: fc.constantFrom('shared-memory' as const, 'links' as const, 'interruptions' as const),
  seed,
  rows: fc.constantFrom(8, 16, 64),
  slots: fc.constantFrom(2, 4, 8),
  ringStart: fc.constantFrom(0, -3, 2 ** 31 - 3),
  lookahead: fc.constantFrom(1, 4, 20),
  handoff: fc.constantFrom('copy' as const, 'share' as const),
  control,
  input: fc.record({
    records: fc.noBias(fc.integer({ min: 0, max: 400 })),
    span: fc.integer({ min: 1, max: MOST_SPAN }),
    domain: fc.integer({ min: 1, max: 40 }),
    burst: fc.constantFrom(1, 8, 100),
    seed,
  }),
});

/** Records of both inputs by worker, ascending by time: (key, value). */
export interface Input {
  readonly left: readonly (readonly TimedRow[])[];
  readonly right: readonly (readonly TimedRow[])[];
}

/** The records of a scenario. Keys are small, or when `wide` up to 2^53 - 1, as far as the program can hold them. */
export function inputOf({ input, peers }: Scenario, wide: boolean): Input {
  const random = new Random(input.seed);
  const side = (): TimedRow[][] => {
    const rows: TimedRow[][] = Array.from({ length: peers }, () => []);
    for (let n = 0; n < input.records / 2; n++) {
      const index = random.below(input.domain);
      const key = wide && index % 2 === 1 ? Number.MAX_SAFE_INTEGER - index : index;
      const time: Timestamp = FIRST_TICK + random.below(input.span);
      rows[random.below(peers)]!.push({ time, values: [key, random.below(20)] });
    }
    for (const part of rows) part.sort((a, b) => a.time - b.time);
    return rows;
  };
  return { left: side(), right: side() };
}
