/**
 * What measuring costs per record and worker: an open loop that is offered more than the engine takes is a closed loop with
 * the harness's own recorders, so its rate with and without them tells their cost.
 */
import { median } from './bench-rows.ts';
import { steadySpec } from './steady-state.ts';
import { steadyState } from './steady-suite.ts';
import { PEERS, plainRow, type Suite, VARIANTS, wordCount } from './suite.ts';

/** More than the engine takes. */
const OFFERED = 120e6;

const MEASURES = {
  nothing: { latency: false, digest: false },
  latencies: { latency: true, digest: false },
  digest: { latency: false, digest: true },
  both: { latency: true, digest: true },
};
type Measured = keyof typeof MEASURES;
const MEASURED = Object.keys(MEASURES) as Measured[];

/** key-count on 1e6 keys: with everything, and with each recorder alone, against nothing. */
export const harnessCostSuite: Suite = async ({ repetitions, quick }, show) => {
  for (const variant of VARIANTS) {
    const costs: Record<Measured, number[]> = { nothing: [], latencies: [], digest: [], both: [] };
    for (let i = 0; i < repetitions; i++) {
      for (const measured of MEASURED) {
        const spec = steadySpec(wordCount('key-count', variant, 1e6), OFFERED, quick ? 0.5 : 2);
        const { elapsedS } = await steadyState(spec, MEASURES[measured]);
        costs[measured].push((elapsedS * PEERS * 1e9) / (spec.ratePerSecond * spec.durationS));
      }
    }
    const baseline = median(costs.nothing);
    show(plainRow('harness cost', variant, 'time per record, nothing', 'ns', baseline));
    for (const measured of MEASURED.slice(1)) {
      const added = median(costs[measured].map((cost, i) => cost - costs.nothing[i]!));
      const row = plainRow('harness cost', variant, `added by ${measured}`, 'ns', added);
      show({ ...row, baseline, ratio: added / baseline });
    }
  }
};
