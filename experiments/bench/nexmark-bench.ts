/** Benchmarks of NEXMark: the generator alone, time per event in a closed loop, highest sustained rates and latencies at half of them. */
import {
  allocateAuctionColumns,
  allocateBidColumns,
  allocatePersonColumns,
  NexmarkGenerator,
} from '../../workloads/nexmark/generator.ts';
import { nexmarkQueries } from '../../workloads/nexmark/oracle/oracle.ts';
import { defaultNexmarkParameters, resolveNexmarkParameters } from '../../workloads/nexmark/parameters.ts';
import { type BenchRow, median } from './bench-rows.ts';
import { runClosedLoop } from './closed-loop.ts';
import { runSteadyState, type SteadyState, steadySpec } from './steady-state.ts';

/** Workers of the queries. */
const PEERS = 2;
const BIN_SHIFT = 12;
const SEED = 1;
/** Rates that are tried, ascending. */
const RATES = [0.5e6, 0.75e6, 1e6, 1.5e6, 2e6, 2.5e6, 3e6, 4e6, 5e6, 6e6, 8e6, 10e6, 12e6, 14e6, 16e6];
/** Length of an open-loop run, of which four seconds at either end are left out: V8 compiles in the first ones. */
const DURATION_S = 12;
/** A rate is sustained below this p99, if ... */
const HIGHEST_P99_NS = 100e6;
/** ... the median is not both above this and more than doubled from the first to the last second: a growing backlog. */
const BACKLOG_NS = 10e6;
/** Event time runs so much faster in the closed loop, so that windows pass and auctions close. */
const COST_TIME_DILATION = 20;
/** Events of the closed loop: V8 has compiled all of it after a second or two. */
const COST_RECORDS = { warmUpRecords: 1e7, records: 3e7 };
const VARIANTS = ['native', 'megaphone'] as const;

/** Events per second that one thread makes. */
export function generatorRows(repetitions: number, show: (row: BenchRow) => void): void {
  const generator = new NexmarkGenerator(resolveNexmarkParameters(1e6), SEED);
  const rows = 1024;
  const persons = { columns: allocatePersonColumns(rows), length: 0, capacity: rows };
  const auctions = { columns: allocateAuctionColumns(rows), length: 0, capacity: rows };
  const bids = { columns: allocateBidColumns(rows), length: 0, capacity: rows };
  const make = (from: number, to: number): void => {
    persons.length = 0;
    auctions.length = 0;
    bids.length = 0;
    generator.fill(from, 1, to, persons, auctions, bids);
  };
  const events = 1e7;
  const rates: number[] = [];
  for (let i = 0; i < repetitions + 1; i++) {
    const start = performance.now();
    for (let n = 0; n < events; n += 1000) make(n, n + 1000);
    rates.push(events / ((performance.now() - start) / 1e3));
  }
  // The first turn compiles.
  const value = median(rates.slice(1));
  const row = { name: 'nexmark generator', variant: 'one thread', metric: 'throughput', unit: 'events/s' };
  show({ ...row, value, baseline: null, ratio: null });
}

/** Time per event of each query in a closed loop; the ratio compares Megaphone with native, in turn. */
export async function costRows(repetitions: number, show: (row: BenchRow) => void): Promise<void> {
  for (const workload of nexmarkQueries) {
    const costs = { native: [] as number[], megaphone: [] as number[] };
    for (let i = 0; i < repetitions; i++) {
      for (const variant of VARIANTS) {
        const parameters = { timeDilation: COST_TIME_DILATION };
        const options = { workload, variant, domain: 0, binShift: BIN_SHIFT, ...COST_RECORDS, seed: SEED, parameters };
        const { recordsPerSecond } = await runClosedLoop(options, PEERS);
        costs[variant].push((PEERS * 1e9) / recordsPerSecond);
      }
    }
    const baseline = median(costs.native);
    const row = { name: `nexmark ${workload}`, metric: 'time per event', unit: 'ns' };
    show({ ...row, variant: 'native', value: baseline, baseline: null, ratio: null });
    const ratio = median(costs.megaphone.map((cost, i) => cost / costs.native[i]!));
    show({ ...row, variant: 'megaphone', value: median(costs.megaphone), baseline, ratio });
  }
}

/** The highest sustained rate of each query and variant, and percentiles at half of it. */
export async function sustainedRows(_repetitions: number, show: (row: BenchRow) => void): Promise<void> {
  for (const name of nexmarkQueries) {
    for (const variant of VARIANTS) {
      const run = (ratePerSecond: number): Promise<SteadyState> =>
        runSteadyState(
          steadySpec(
            { name, variant, domain: 0, parameters: { ...defaultNexmarkParameters } },
            ratePerSecond,
            DURATION_S,
          ),
        );
      const rate = await highestSustained(run);
      const row = { name: `nexmark ${name}`, variant, baseline: null, ratio: null };
      show({ ...row, metric: 'highest sustained rate', unit: 'events/s', value: rate });
      if (rate === 0) continue;
      const half = await run(rate / 2);
      show({ ...row, metric: 'p50 at half of it', unit: 'us', value: half.p50Ns / 1e3 });
      show({ ...row, metric: 'p99 at half of it', unit: 'us', value: half.p99Ns / 1e3 });
      show({ ...row, metric: 'p99.9 at half of it', unit: 'us', value: half.p999Ns / 1e3 });
    }
  }
}

/** The highest of `RATES` that is sustained, by bisection; 0 when the lowest is not. */
async function highestSustained(run: (rate: number) => Promise<SteadyState>): Promise<number> {
  let sustained = -1;
  let failed = RATES.length;
  while (failed - sustained > 1) {
    const middle = (sustained + failed) >> 1;
    const { p99Ns, sentShare, firstP50Ns, lastP50Ns } = await run(RATES[middle]!);
    const growing = lastP50Ns > BACKLOG_NS && lastP50Ns > 2 * firstP50Ns;
    if (p99Ns < HIGHEST_P99_NS && sentShare >= 0.995 && !growing) sustained = middle;
    else failed = middle;
  }
  return RATES[sustained] ?? 0;
}
