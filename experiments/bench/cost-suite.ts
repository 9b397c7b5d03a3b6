/** What migratability costs: time per record or event and worker in a closed loop, Megaphone over native, in turn. */
import { nexmarkQueries } from '../../workloads/nexmark/oracle/oracle.ts';
import { median } from './bench-rows.ts';
import type { ClosedLoopOptions } from './closed-loop.ts';
import { closedLoop } from './closed-loop-suite.ts';
import { BIN_SHIFT, PEERS, plainRow, SEED, type Suite, VARIANTS } from './suite.ts';

/** Event time runs so much faster in the closed loop, so that windows pass and auctions close. */
const PARAMETERS = { timeDilation: 20 };
/** V8 has compiled all of it after a second or two. */
const RECORDS = { warmUpRecords: 1e7, records: 3e7 };
const QUICK_RECORDS = { warmUpRecords: 5e5, records: 1e6 };

/** Every workload. */
export const costSuite: Suite = async ({ repetitions, quick }, show) => {
  const wordCounts = [
    { workload: 'key-count', domain: quick ? 1e5 : 32e6 },
    { workload: 'hash-count', domain: quick ? 1e5 : 8e6 },
  ];
  const queries = nexmarkQueries.map((workload) => ({ workload, domain: 0, parameters: PARAMETERS }));
  for (const input of [...wordCounts, ...(quick ? queries.slice(0, 1) : queries)]) {
    const costs = { native: [] as number[], megaphone: [] as number[] };
    for (let i = 0; i < repetitions; i++) {
      for (const variant of VARIANTS) {
        const sizes = { ...(quick ? QUICK_RECORDS : RECORDS), binShift: BIN_SHIFT, seed: SEED };
        const options: ClosedLoopOptions = { ...input, variant, ...sizes };
        costs[variant].push((PEERS * 1e9) / (await closedLoop(options)).recordsPerSecond);
      }
    }
    const row = plainRow(input.workload, 'native', 'time per record', 'ns', median(costs.native));
    show(row);
    const ratio = median(costs.megaphone.map((cost, i) => cost / costs.native[i]!));
    show({ ...row, variant: 'megaphone', value: median(costs.megaphone), baseline: row.value, ratio });
  }
};
