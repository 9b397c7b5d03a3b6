/** Records per second in a closed loop, native and Megaphone in turn with the bare loop of one thread. */
import type { BareLoopOptions } from './bare-loops.ts';
import { median } from './bench-rows.ts';
import type { ClosedLoopOptions, runClosedLoop } from './closed-loop.ts';
import { inOwnProcess } from './own-process.ts';
import { BIN_SHIFT, PEERS, plainRow, SEED, type Suite, VARIANTS } from './suite.ts';

const DOMAINS = [
  { workload: 'key-count', domain: 1e6 },
  { workload: 'key-count', domain: 32e6 },
  { workload: 'key-count', domain: 256e6 },
  { workload: 'hash-count', domain: 8e6 },
];
/** About a second each, after a tenth of them while V8 compiles. */
const RECORDS = 1e8;

/** key-count and hash-count; also the bytes that workers allocate per record. */
export const closedLoopSuite: Suite = async ({ repetitions, quick }, show) => {
  for (const { workload, domain } of quick ? [DOMAINS[0]!] : DOMAINS) {
    const records = quick ? RECORDS / 20 : RECORDS;
    const bare: number[] = [];
    const rates = { native: [] as number[], megaphone: [] as number[] };
    const bytes = { native: [] as number[], megaphone: [] as number[] };
    for (let i = 0; i < repetitions; i++) {
      bare.push(await bareRate(workload, { domain, records, seed: SEED }));
      for (const variant of VARIANTS) {
        const sizes = { domain, binShift: BIN_SHIFT, warmUpRecords: records / 10, records };
        const measured = await closedLoop({ workload, variant, ...sizes, seed: SEED });
        rates[variant].push(measured.recordsPerSecond);
        bytes[variant].push(measured.bytesPerRecord);
      }
    }
    const name = `${workload} ${domain / 1e6}e6 keys`;
    const baseline = median(bare);
    for (const variant of VARIANTS) {
      const ratio = median(rates[variant].map((rate, i) => rate / bare[i]!));
      show({ ...plainRow(name, variant, 'closed loop', 'records/s', median(rates[variant])), baseline, ratio });
      show(plainRow(name, variant, 'heap allocation', 'B/record', median(bytes[variant])));
    }
  }
};

/** A closed loop in a process of its own. */
export function closedLoop(options: ClosedLoopOptions): ReturnType<typeof runClosedLoop> {
  return inOwnProcess(new URL('./closed-loop.ts', import.meta.url), 'runClosedLoop', [options, PEERS]);
}

function bareRate(workload: string, options: BareLoopOptions): Promise<number> {
  const name = workload === 'key-count' ? 'bareKeyCount' : 'bareHashCount';
  return inOwnProcess(new URL('./bare-loops.ts', import.meta.url), name, [options]);
}
