/**
 * An honest latency histogram: record n is due at n / rate, however late the system is, and its latency runs from then until
 * the frontier of the results has passed it on all workers.
 *
 *     node open-loop.ts
 */
import { isMainThread } from 'node:worker_threads';
import { exchange, probe, relay, scheduledSource, Schema, type Scope, timestampOf } from 'megaphone-engine';
import { launch, type ProgramHandle } from 'megaphone-engine/runtime';

/** Records per second of the whole run; a tick is a microsecond. */
const RATE = 200_000;
const TOTAL = RATE;

const schema = new Schema({ key: 'float64' });

/** Latencies of this worker's records by power of two of a microsecond. */
export function measure(scope: Scope): ProgramHandle<number[]> {
  const ticksPerRecord = 1e6 / RATE;
  const { stream } = scheduledSource(scope, 'records', schema, {
    schedule: {
      total: TOTAL,
      intendedTick: (n) => Math.floor(n * ticksPerRecord),
      dueAt: (tick) => Math.max(0, Math.min(TOTAL, Math.floor(tick / ticksPerRecord) + 1)),
    },
    records: {
      fill(columns, row, n, stride, count) {
        for (let i = 0; i < count; i++) columns.key[row + i] = n + i * stride;
      },
    },
  });
  const done = probe(relay(stream, exchange('key')));

  const histogram = new Array<number>(32).fill(0);
  let startMs = 0;
  let next = scope.worker;
  const count = (): void => {
    const elapsedTicks = (performance.now() - startMs) * 1e3;
    for (; next < TOTAL && !done.lessThan(timestampOf(Math.floor(next * ticksPerRecord) + 1)); next += scope.peers) {
      const latencyUs = Math.max(1, elapsedTicks - next * ticksPerRecord);
      histogram[Math.ceil(Math.log2(latencyUs))]! += 1;
    }
  };
  return {
    started: (atMs) => void (startMs = atMs),
    afterStep: count,
    result() {
      count();
      return histogram;
    },
  };
}

if (isMainThread) {
  const run = launch<number[]>({ module: new URL(import.meta.url), program: 'measure', args: null, peers: 2 });
  const [first = [], ...others] = await run.results;
  first.forEach((count, bucket) => {
    const records = others.reduce((sum, histogram) => sum + histogram[bucket]!, count);
    if (records > 0) process.stdout.write(`up to ${2 ** bucket} us: ${records} records\n`);
  });
}
