/** The machine's floor: what threads wait that only look at the clock (see metrics/floor.ts). */
import { measureFloor } from '../metrics/floor.ts';
import { median } from './bench-rows.ts';
import { PEERS, plainRow, type Suite } from './suite.ts';

/** Percentiles of as many threads as there are workers. */
export const floorSuite: Suite = async ({ repetitions, quick }, show) => {
  const durationS = quick ? 1 : 10;
  const turns = [];
  for (let i = 0; i < repetitions; i++) turns.push(await measureFloor(PEERS, durationS));
  const figures = { p50: 'p50Ns', p99: 'p99Ns', 'p99.9': 'p999Ns', max: 'maxNs' } as const;
  for (const [metric, field] of Object.entries(figures)) {
    show(plainRow('floor', `${PEERS} threads`, metric, 'us', median(turns.map((turn) => turn[field])) / 1e3));
  }
};
