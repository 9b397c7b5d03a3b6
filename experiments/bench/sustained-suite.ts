/** The highest rates that are sustained, by bisection, and the rate of the NEXMark generator alone. */
import { nexmarkQueries } from '../../workloads/nexmark/oracle/oracle.ts';
import { shortfalls } from '../rate/criterion.ts';
import { inOwnProcess } from './own-process.ts';
import { type SteadyState, steadySpec } from './steady-state.ts';
import { steadyState } from './steady-suite.ts';
import { nexmark, plainRow, type Suite, VARIANTS, wordCount } from './suite.ts';

/** Rates that are tried, ascending: nine of them double it. */
const RATES = Array.from({ length: 60 }, (_, i) => Math.round((0.5e6 * 2 ** (i / 9)) / 1e4) * 1e4);
/** Length of an open-loop run, of which four seconds at either end are left out: V8 compiles in the first ones. */
const DURATION_S = 12;
/** A sustained rate has a lower p99 (see rate/criterion.ts). */
const HIGHEST_P99_NS = 100e6;
/** The digest is left out: the rate is the engine's. */
const MEASURES = { latency: true, digest: false };

/** key-count, hash-count and every query of NEXMark, native and Megaphone. */
export const sustainedSuite: Suite = async ({ quick }, show) => {
  const rates = quick ? RATES.slice(0, 3) : RATES;
  const durationS = quick ? 9 : DURATION_S;
  const generated = await inOwnProcess<number>(new URL('./generator-rate.ts', import.meta.url), 'generatorRate', []);
  show(plainRow('nexmark generator', 'one thread', 'throughput', 'events/s', generated));
  for (const variant of VARIANTS) {
    const inputs = [
      wordCount('key-count', variant, quick ? 1e5 : 32e6),
      wordCount('hash-count', variant, quick ? 1e5 : 8e6),
      ...nexmarkQueries.map((query) => nexmark(query, variant)),
    ];
    for (const workload of quick ? inputs.slice(0, 1) : inputs) {
      const run = (ratePerSecond: number): Promise<SteadyState> =>
        steadyState(steadySpec(workload, ratePerSecond, durationS), MEASURES);
      const rate = await highestSustained(rates, run);
      show(plainRow(workload.name, variant, 'highest sustained rate', 'records/s', rate));
    }
  }
};

/** The highest of the ascending rates that is sustained, by bisection; a rate that fails is tried once more. 0 when the lowest fails. */
async function highestSustained(
  rates: readonly number[],
  run: (rate: number) => Promise<SteadyState>,
): Promise<number> {
  let sustained = -1;
  let failed = rates.length;
  while (failed - sustained > 1) {
    const middle = (sustained + failed) >> 1;
    // Another tenant of the machine can spoil a run, but nothing makes one better than it is.
    const isSustained = async (): Promise<boolean> =>
      shortfalls(await run(rates[middle]!), HIGHEST_P99_NS).length === 0;
    if ((await isSustained()) || (await isSustained())) sustained = middle;
    else failed = middle;
  }
  return rates[sustained] ?? 0;
}
