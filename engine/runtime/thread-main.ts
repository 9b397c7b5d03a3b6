/** What a worker thread executes: builds the graph, waits for the shared memory, runs the worker to its end. */
import { readlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

import { Extents } from '../dataflow/extents.ts';
import { Scope } from '../dataflow/scope.ts';
import { FrontierCells } from '../progress/frontier-cells.ts';
import { CLOSED, FIRST_TICK, type Timestamp } from '../progress/timestamp.ts';
import { ringSizes, SharedMemoryTransport } from '../transport/shared-memory.ts';
import { CONTROL, type StartMessage, type ThreadData, type WorkerMessage } from './messages.ts';
import { Parking } from './parking.ts';
import { type Program, type ProgramHandle, STATS_PER_WORKER } from './program.ts';
import { type StepClock, Worker, WorkerError } from './worker.ts';

/**
 * How long a worker with something that waits, for a frontier or for room, looks for work before it parks, when every worker has
 * a core of its own: what it waits for is often there sooner than it would wake. A worker where nothing waits parks at once. With
 * that a word count of 1000 records/s per worker takes 9 instead of 15 % of a processor.
 */
const SPIN_MS = 0.02;
/** The same when workers share cores. */
const SPIN_SHARED_MS = 0.005;
/**
 * The same between processes, where a worker naps between two looks: what it waits for comes by the link thread, which needs the
 * core, and need not wake who only naps. A steady p50 between two processes is 0.29 instead of 0.51 ms, a p99 5 instead of 8 ms.
 */
const NAPPING_MS = 0.1;
const NAP_MS = 0.02;
/** Nobody writes here: who waits for it naps. */
const NEVER = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
/** A worker does not park when it has something to do in less than this: waking takes about as long. */
const SHORTEST_PARK_MS = 0.1;
/** The longest sleep. Who publishes, releases slots or aborts wakes all workers: this is for safety alone. */
const LONGEST_PARK_MS = 1000;

/** Ticks since the start barrier, from the monotonic clock that all threads of the process share. */
class ThreadClock implements StepClock {
  readonly #ticksPerMs: number;
  #startMs = Infinity;
  #now: Timestamp = 0;

  constructor(tickNs: number) {
    this.#ticksPerMs = 1e6 / tickNs;
  }

  start(startMs: number): void {
    this.#startMs = startMs;
  }

  refresh(): void {
    const elapsedMs = performance.now() - this.#startMs;
    this.#now = elapsedMs < 0 ? 0 : Math.min(CLOSED - 1, FIRST_TICK + Math.floor(elapsedMs * this.#ticksPerMs));
  }

  now(): Timestamp {
    return this.#now;
  }
}

const data = workerData as ThreadData;
const port = parentPort!;
/** Index among the workers of this process. */
const localIndex = data.worker - data.local.first;
const isLinked = data.local.count < data.peers;

function post(message: WorkerMessage): void {
  port.postMessage(message);
}

function operatingSystemThreadId(): number | null {
  try {
    const id = Number(readlinkSync('/proc/thread-self').split('/').pop());
    return Number.isInteger(id) ? id : null;
  } catch {
    return null;
  }
}

/**
 * The start barrier, as a condition to step until: true once all workers are `ready`. A worker that is ready goes on
 * stepping, since others may need its steps to become ready. Between processes, the link thread starts the clock.
 */
function allReady(control: Int32Array, parking: Parking, ready: () => boolean): () => boolean {
  let arrived = false;
  return () => {
    if (!arrived && ready()) {
      arrived = true;
      if (Atomics.add(control, CONTROL.arrived, 1) === data.local.count - 1) {
        if (isLinked) {
          Atomics.store(control, CONTROL.ready, 1);
        } else {
          new Float64Array(data.shared.startMs)[0] = performance.now();
          Atomics.store(control, CONTROL.started, 1);
        }
        parking.wakeAll();
      }
    }
    return Atomics.load(control, CONTROL.started) !== 0;
  };
}

/** Steps until `finished`, parking while idle. Returns whether the run was aborted. */
function drive(
  worker: Worker,
  clock: ThreadClock,
  control: Int32Array,
  parking: Parking,
  afterStep: (() => void) | null,
  finished: () => boolean,
): boolean {
  const localMs = data.peers > availableParallelism() ? SPIN_SHARED_MS : SPIN_MS;
  const lookingMs = isLinked ? NAPPING_MS : localMs;
  const step = (): boolean => {
    const active = worker.step();
    if (active) {
      parking.active(localIndex);
      parking.wakeAll();
    }
    afterStep?.();
    return active;
  };
  const aborted = (): boolean => Atomics.load(control, CONTROL.abort) !== 0;
  const lookAgain = (): boolean => step() || finished() || aborted();
  let lookUntilMs = 0;
  while (!finished()) {
    if (aborted()) return true;
    if (step()) {
      lookUntilMs = 0;
      continue;
    }
    const waiting = worker.waiting();
    if (waiting) {
      const nowMs = performance.now();
      if (lookUntilMs === 0) lookUntilMs = nowMs + lookingMs;
      if (nowMs < lookUntilMs) {
        if (isLinked) Atomics.wait(NEVER, 0, 0, NAP_MS);
        continue;
      }
    }
    parking.idle(localIndex, waiting);
    const due = worker.nextDue();
    const untilDueMs = due === CLOSED ? LONGEST_PARK_MS : ((due - clock.now()) * data.tickNs) / 1e6;
    if (untilDueMs < SHORTEST_PARK_MS) continue;
    if (parking.park(localIndex, Math.min(LONGEST_PARK_MS, untilDueMs), lookAgain)) lookUntilMs = 0;
  }
  return false;
}

async function run(): Promise<void> {
  const imported = (await import(data.module)) as Record<string, Program<unknown, unknown>>;
  const program = imported[data.program];
  if (program === undefined) throw new Error(`${data.module} does not export ${data.program}`);
  const clock = new ThreadClock(data.tickNs);
  const { shared, peers } = data;
  const scope = new Scope(data.worker, peers, clock, data.settings, {
    cells: new FrontierCells(peers, shared.cells),
    extents: new Extents(shared.heap),
  });
  const stats = new Float64Array(
    shared.stats,
    localIndex * STATS_PER_WORKER * Float64Array.BYTES_PER_ELEMENT,
    STATS_PER_WORKER,
  );
  const handle: ProgramHandle<unknown> = program(scope, data.args, { stats });
  const graph = scope.describe();
  const started = new Promise<StartMessage>((resolve) => port.once('message', resolve));
  post({
    type: 'built',
    ringSizes: ringSizes(graph, peers),
    outputs: graph.outputs,
    channels: graph.channels.map(({ schema, ...channel }) => ({ ...channel, columns: schema.columns })),
    text: graph.text,
    threadId: operatingSystemThreadId(),
  });
  const { rings } = await started;
  const { first, count } = data.local;
  const isLocal = (peer: number): boolean => peer >= first && peer < first + count;
  scope.start(new SharedMemoryTransport(rings, data.worker, peers, isLocal));
  const worker = new Worker(scope, clock);
  const control = new Int32Array(shared.control);
  const parking = new Parking(shared.parking, count + (isLinked ? 1 : 0));
  const ready = handle.ready?.bind(handle) ?? ((): boolean => true);
  let aborted = drive(worker, clock, control, parking, null, allReady(control, parking, ready));
  if (!aborted) {
    const startMs = new Float64Array(shared.startMs)[0]!;
    clock.start(startMs);
    post({ type: 'started', startMs });
    handle.started?.(startMs);
    const afterStep = handle.afterStep?.bind(handle) ?? null;
    aborted = drive(worker, clock, control, parking, afterStep, () => worker.done);
  }
  parking.wakeAll();
  post(aborted ? { type: 'aborted' } : { type: 'result', result: handle.result() });
}

try {
  await run();
} catch (error) {
  const wrapped = error instanceof WorkerError ? error : new WorkerError(data.worker, null, error);
  post({ type: 'failed', message: wrapped.message, stack: wrapped.stack ?? wrapped.message });
}
