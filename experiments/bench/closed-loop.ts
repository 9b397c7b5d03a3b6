/**
 * Closed loop: how many records per second the engine takes when records are always due.
 */
import {
  CLOSED,
  FIRST_TICK,
  inspect,
  MAX_TIMESTAMP,
  probe,
  type Schedule,
  type Scope,
  timestampOf,
} from 'megaphone-engine';
import { controlStream } from 'megaphone-engine/migration';
import { balanced } from 'megaphone-engine/planning';
import { launch, type ProgramHandle } from 'megaphone-engine/runtime';
import { workloads } from '../../workloads/index.ts';
import { AllocationMeter } from './allocation-meter.ts';

/** What the worker threads are given. */
export interface ClosedLoopOptions {
  /** Name of the workload. */
  readonly workload: string;
  /** Whether the operators can migrate. */
  readonly variant: 'native' | 'megaphone';
  /** Distinct keys. */
  readonly domain: number;
  /** There are 2^binShift bins. */
  readonly binShift: number;
  /** Records that are measured. */
  readonly records: number;
  /** Records before them, while V8 compiles. */
  readonly warmUpRecords: number;
  /** Seed of the records. */
  readonly seed: number;
  /** Parameters of the workload. */
  readonly parameters?: Readonly<Record<string, number>>;
}

/** What one worker measured. */
export interface ClosedLoopResult {
  /** From the last record of the warm-up to the last record. */
  readonly elapsedMs: number;
  /** Bytes that this worker's heap allocated meanwhile. */
  readonly allocatedBytes: number;
  /** Results that this worker emitted. */
  readonly outputs: number;
}

/** Records per tick of logical time, which event times and timers follow: as many as at `RATE_PER_SECOND`. */
const RECORDS_PER_TICK = 4;
const RATE_PER_SECOND = RECORDS_PER_TICK * 1e6;

/** All records are due at once; their ticks ascend nevertheless. */
class EagerSchedule implements Schedule {
  readonly total: number;

  constructor(total: number) {
    this.total = total;
  }

  intendedTick(n: number): number {
    return Math.floor(n / RECORDS_PER_TICK);
  }

  dueAt(): number {
    return this.total;
  }
}

/** The program of the worker threads. */
export function closedLoop(scope: Scope, options: ClosedLoopOptions): ProgramHandle<ClosedLoopResult> {
  const workload = workloads[options.workload]!;
  const input = {
    schedule: new EagerSchedule(options.warmUpRecords + options.records),
    ratePerSecond: RATE_PER_SECOND,
    seed: options.seed,
    domain: options.domain,
    parameters: options.parameters ?? {},
    tickNs: 1000,
    capacityBins: Math.ceil(2 ** options.binShift / scope.peers),
  };
  let finished = false;
  const built =
    options.variant === 'native'
      ? workload.native(scope, input)
      : workload.megaphone(
          scope,
          input,
          controlStream(scope, {
            binShift: options.binShift,
            initial: balanced(options.binShift, scope.peers),
            // The records' ticks have nothing to do with the clock: the control frontier must be ahead of all of them.
            lookaheadTicks: 2 ** 30,
            driver: () => ({ step: () => (finished ? CLOSED : MAX_TIMESTAMP) }),
          }),
        );
  let outputs = 0;
  const done = probe(inspect(built.results, (batch) => (outputs += batch.length)));
  const lastOfWarmUp = timestampOf(input.schedule.intendedTick(options.warmUpRecords - 1));
  const last = timestampOf(input.schedule.intendedTick(input.schedule.total - 1));
  const meter = new AllocationMeter();
  let warm = false;
  let startMs = 0;
  let endMs = 0;
  return {
    ready: () => built.source.loaded && !done.lessThan(FIRST_TICK),
    afterStep() {
      if (finished) return;
      const frontier = done.frontier();
      if (!warm && frontier > lastOfWarmUp) {
        warm = true;
        startMs = performance.now();
        meter.start();
      }
      if (frontier <= last) return;
      endMs = performance.now();
      finished = true;
    },
    result() {
      if (done.frontier() !== CLOSED) throw new Error('the dataflow has not finished');
      return { elapsedMs: endMs - startMs, allocatedBytes: meter.stop(), outputs };
    },
  };
}

/** Runs the dataflow on `peers` worker threads; records per second, and heap bytes allocated per record. */
export async function runClosedLoop(
  options: ClosedLoopOptions,
  peers: number,
): Promise<{ readonly recordsPerSecond: number; readonly bytesPerRecord: number }> {
  const results = await launch<ClosedLoopResult>({
    module: new URL(import.meta.url),
    program: 'closedLoop',
    args: options,
    peers,
  }).results;
  if (results.every(({ outputs }) => outputs === 0)) throw new Error(`${options.workload} emitted nothing`);
  const elapsedMs = Math.max(...results.map((result) => result.elapsedMs));
  const allocated = results.reduce((bytes, result) => bytes + result.allocatedBytes, 0);
  return { recordsPerSecond: options.records / (elapsedMs / 1e3), bytesPerRecord: allocated / options.records };
}
