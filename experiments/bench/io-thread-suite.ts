/**
 * Why a thread of its own carries what goes to other processes: how long a worker waits between two of its steps, when its own thread
 * serves the socket between steps, and when another thread does. A migration's bytes arrive meanwhile, 250 MiB/s of them.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { HdrConverter } from '../metrics/hdr.ts';
import { LogLinearHistogram } from '../metrics/log-linear-histogram.ts';
import { median } from './bench-rows.ts';
import { inOwnProcess } from './own-process.ts';
import { receiveBytes } from './receive-bytes.ts';
import type { ReceiveThreadData } from './receive-thread.ts';
import { plainRow, type Suite } from './suite.ts';

/** Who serves the socket. */
type Server = 'nobody' | 'another thread' | 'the worker';

const SERVERS: readonly Server[] = ['nobody', 'another thread', 'the worker'];
const HOST = '127.0.0.1';
/** What is sent each millisecond. */
const BYTES_PER_MS = 2 ** 18;
/** Rounds of the arithmetic that stands for a step: about 2 us. */
const STEP_ROUNDS = 250;

/** What a worker saw. */
interface Steps {
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
  readonly bytesPerSecond: number;
  /** What the steps computed: nobody looks at it, but it has to be computed. */
  readonly value: number;
}

/** Gaps between steps, and what arrived meanwhile. */
export const ioThreadSuite: Suite = async ({ repetitions, quick }, show) => {
  const seen = new Map(SERVERS.map((server) => [server, [] as Steps[]]));
  for (let i = 0; i < repetitions; i++) {
    for (const server of SERVERS) seen.get(server)!.push(await stepsWith(server, quick ? 0.5 : 5));
  }
  for (const server of SERVERS) {
    const of = (figure: (steps: Steps) => number): number => median(seen.get(server)!.map(figure));
    const row = (metric: string, unit: string, value: number) => show(plainRow('sockets', server, metric, unit, value));
    row('gap p50', 'us', of(({ p50Ns }) => p50Ns) / 1e3);
    row('gap p99', 'us', of(({ p99Ns }) => p99Ns) / 1e3);
    row('gap max', 'us', of(({ maxNs }) => maxNs) / 1e3);
    row('arrived', 'MiB/s', of(({ bytesPerSecond }) => bytesPerSecond) / 2 ** 20);
  }
};

async function stepsWith(server: Server, seconds: number): Promise<Steps> {
  const listener = createServer();
  await once(listener.listen(0, HOST), 'listening');
  const { port } = listener.address() as { readonly port: number };
  listener.on('connection', (socket) => {
    socket.on('error', () => {});
    const chunk = Buffer.alloc(BYTES_PER_MS);
    let atMs = performance.now();
    const timer = setInterval(() => {
      for (; atMs < performance.now() && socket.writableLength < 16 * BYTES_PER_MS; atMs++) socket.write(chunk);
    }, 1);
    socket.on('close', () => clearInterval(timer));
  });
  const steps = await inOwnProcess<Steps>(new URL(import.meta.url), 'step', [server, port, seconds]);
  listener.close();
  return steps;
}

/** Steps for some time, and reports the times between steps. */
export async function step(server: Server, port: number, seconds: number): Promise<Steps> {
  const received = new BigInt64Array(new SharedArrayBuffer(8));
  const workerData: ReceiveThreadData = { port, received: received.buffer };
  const thread =
    server === 'another thread'
      ? new Worker(new URL('./receive-thread.ts', import.meta.url), { workerData })
      : undefined;
  if (thread !== undefined) await once(thread, 'message');
  const onBytes = (count: number): void => void (received[0]! += BigInt(count));
  const socket = server === 'the worker' ? connect(receiveBytes(port, onBytes)) : undefined;
  if (socket !== undefined) await once(socket, 'connect');
  const histogram = new LogLinearHistogram();
  const startMs = performance.now();
  let lastMs = startMs;
  let value = 1;
  while (lastMs - startMs < seconds * 1e3) {
    for (let round = 0; round < STEP_ROUNDS; round++) value = (Math.imul(value, 1664525) + 1013904223) | 0;
    if (socket !== undefined) await turn();
    const nowMs = performance.now();
    histogram.record((nowMs - lastMs) * 1e6);
    lastMs = nowMs;
  }
  const bytesPerSecond = Number(Atomics.load(received, 0)) / seconds;
  socket?.destroy();
  await thread?.terminate();
  const counts = histogram.drain();
  const [p50Ns = 0, p99Ns = 0] = new HdrConverter().percentilesNs(counts, [50, 99]);
  return { p50Ns, p99Ns, maxNs: counts.maxNs, bytesPerSecond, value };
}
