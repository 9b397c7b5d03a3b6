/** Latencies of a system that is not overloaded, by rate and number of bins. */
import { median } from './bench-rows.ts';
import { inOwnProcess } from './own-process.ts';
import { type SteadyState, steadySpec } from './steady-state.ts';
import { plainRow, type Suite, wordCount } from './suite.ts';
import type { RunSpec } from '../config/run-spec.ts';
import type { Measures } from '../run/dataflow.ts';

const RATES = [0.5e6, 2e6, 8e6];
const BIN_SHIFTS = [4, 12, 20];
/** Seconds of a run, of which four at either end are left out: V8 compiles in the first ones. */
const DURATION_S = 12;

/** key-count on 32e6 keys. */
export const steadySuite: Suite = async ({ repetitions, quick }, show) => {
  const durationS = quick ? 9 : DURATION_S;
  for (const ratePerSecond of quick ? RATES.slice(0, 1) : RATES) {
    for (const binShift of quick ? [BIN_SHIFTS[1]!] : BIN_SHIFTS) {
      const spec = steadySpec(wordCount('key-count', 'megaphone', quick ? 1e6 : 32e6), ratePerSecond, durationS);
      const turns: SteadyState[] = [];
      for (let i = 0; i < repetitions; i++) turns.push(await steadyState({ ...spec, binShift }));
      const figures = { p50: 'p50Ns', p99: 'p99Ns', 'p99.9': 'p999Ns' } as const;
      const name = `key-count at ${ratePerSecond / 1e6}e6/s`;
      for (const [metric, field] of Object.entries(figures)) {
        const value = median(turns.map((turn) => turn[field])) / 1e3;
        show(plainRow(name, `2^${binShift} bins`, metric, 'us', value));
      }
    }
  }
};

/** A run without migrations in a process of its own. */
export function steadyState(spec: RunSpec, measures?: Measures): Promise<SteadyState> {
  return inOwnProcess(new URL('./steady-state.ts', import.meta.url), 'runSteadyState', [spec, measures]);
}
