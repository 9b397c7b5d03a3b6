/** Benchmarks of word count: closed loop against the bare loop, and the latency of an unloaded system. */
import { type BenchRow, median } from './bench-rows.ts';
import { runBareLoop, runClosedLoop } from './closed-loop.ts';
import { runSteadyState, steadySpec } from './steady-state.ts';

/** Workers of all benchmarks. */
const PEERS = 2;
const BIN_SHIFT = 12;
const SEED = 1;

/** Domains of the closed loop. */
const CLOSED_LOOPS = [
  { domain: 1e6, label: '1e6' },
  { domain: 32e6, label: '32e6' },
  { domain: 256e6, label: '256e6' },
];
/** Records of a repetition, about a second, after a tenth of them while V8 compiles; for the bare loop as well. */
const RECORDS = 1e8;
const WARM_UP_RECORDS = RECORDS / 10;

/** Closed loop: native and Megaphone in turn with the bare loop, `repetitions` times. */
export async function closedLoopRows(repetitions: number, show: (row: BenchRow) => void): Promise<void> {
  for (const { domain, label } of CLOSED_LOOPS) {
    const bare: number[] = [];
    const rates = { native: [] as number[], megaphone: [] as number[] };
    const bytes = { native: [] as number[], megaphone: [] as number[] };
    runBareLoop(domain, WARM_UP_RECORDS, SEED);
    for (let i = 0; i < repetitions; i++) {
      bare.push(runBareLoop(domain, RECORDS, SEED));
      for (const variant of ['native', 'megaphone'] as const) {
        const sizes = { domain, binShift: BIN_SHIFT, warmUpRecords: WARM_UP_RECORDS, records: RECORDS };
        const options = { workload: 'key-count', variant, ...sizes, seed: SEED };
        const { recordsPerSecond, bytesPerRecord } = await runClosedLoop(options, PEERS);
        rates[variant].push(recordsPerSecond);
        bytes[variant].push(bytesPerRecord);
      }
    }
    const name = `key-count ${label} keys`;
    const baseline = median(bare);
    for (const variant of ['native', 'megaphone'] as const) {
      const ratio = median(rates[variant].map((rate, i) => rate / bare[i]!));
      const value = median(rates[variant]);
      show({ name, variant, metric: 'closed loop', unit: 'records/s', value, baseline, ratio });
      const allocated = median(bytes[variant]);
      show({
        name,
        variant,
        metric: 'heap allocation',
        unit: 'B/record',
        value: allocated,
        baseline: null,
        ratio: null,
      });
    }
  }
}

/** Open loop: 250 000 records/s per worker on 32e6 keys. */
export async function steadyRows(repetitions: number, show: (row: BenchRow) => void): Promise<void> {
  for (const workload of ['key-count', 'hash-count']) {
    const domain = workload === 'key-count' ? 32e6 : 8e6;
    for (const variant of ['native', 'megaphone'] as const) {
      const spec = steadySpec({ name: workload, variant, domain, parameters: {} }, 250e3 * PEERS, 12);
      const runs = [];
      for (let i = 0; i < repetitions; i++) runs.push(await runSteadyState(spec));
      const name = `${workload} ${domain / 1e6}e6 keys`;
      const row = { name, variant, unit: 'us', baseline: null, ratio: null };
      show({ ...row, metric: 'p50 at 500e3/s', value: median(runs.map((run) => run.p50Ns)) / 1e3 });
      show({ ...row, metric: 'p99 at 500e3/s', value: median(runs.map((run) => run.p99Ns)) / 1e3 });
      show({ ...row, metric: 'p99.9 at 500e3/s', value: median(runs.map((run) => run.p999Ns)) / 1e3 });
    }
  }
}
