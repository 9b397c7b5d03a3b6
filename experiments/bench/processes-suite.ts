/** Two workers as threads of one process and as two processes: latencies, and bytes per second of a migration beside those of a bare socket. */
import { connect, createServer, type Socket } from 'node:net';
import type { RunSpec } from '../config/run-spec.ts';
import type { RunSummary } from '../results/run-summary.ts';
import { median } from './bench-rows.ts';
import { madeRun } from './bench-run.ts';
import { inOwnProcess } from './own-process.ts';
import { steadySpec } from './steady-state.ts';
import { plainRow, type Suite, wordCount } from './suite.ts';

const TOPOLOGIES = [
  { processes: 1, workers: 2 },
  { processes: 2, workers: 1 },
] as const;
const RATE_PER_SECOND = 0.5e6;
/** Bytes of a write to the bare socket: as many as a link writes at once. */
const WRITE_BYTES = 2 ** 17;
const HOST = '127.0.0.1';

/** key-count, whose bins move all at once and come back. */
export const processesSuite: Suite = async ({ repetitions, quick }, show) => {
  const bare: number[] = [];
  const runs = TOPOLOGIES.map((): RunSummary[] => []);
  for (let i = 0; i < repetitions; i++) {
    bare.push(await bareBytesPerSecond(quick ? 2 ** 26 : 2 ** 30));
    for (const [at, topology] of TOPOLOGIES.entries()) runs[at]!.push(await summaryOf(topology, quick));
  }
  const bareMedian = median(bare) / 2 ** 20;
  show(plainRow('bare socket', '2 processes', 'bandwidth', 'MiB/s', bareMedian));
  for (const [at, { processes, workers }] of TOPOLOGIES.entries()) {
    const name = `${processes}x${workers}`;
    const of = runs[at]!;
    const bandwidth = of.map((summary) => moved(summary));
    show(plainRow(name, 'steady', 'p50', 'us', median(of.map(({ steady }) => steady.p50Ns)) / 1e3));
    show(plainRow(name, 'steady', 'p99', 'us', median(of.map(({ steady }) => steady.p99Ns)) / 1e3));
    show(plainRow(name, 'all-at-once', 'max', 'ms', median(of.map(({ migrations }) => migrations[0]!.maxNs)) / 1e6));
    const value = median(bandwidth) / 2 ** 20;
    const ratio = median(bandwidth.map((bytes, turn) => bytes / bare[turn]!));
    show({ ...plainRow(name, 'all-at-once', 'bandwidth', 'MiB/s', value), baseline: bareMedian, ratio });
  }
};

/** Bytes per second of a run's migrations, from the first step issued to the last completed. */
function moved({ migrations }: RunSummary): number {
  return median(migrations.map(({ bytes, durationMs }) => bytes / (durationMs / 1e3)));
}

async function summaryOf(topology: RunSpec['topology'], quick: boolean): Promise<RunSummary> {
  const durationS = quick ? 6 : 16;
  const spec: RunSpec = {
    ...steadySpec(wordCount('key-count', 'megaphone', 2 ** (quick ? 16 : 27)), RATE_PER_SECOND, durationS),
    warmUpS: durationS / 8,
    topology,
    migrations: [
      { atS: durationS * 0.4, to: { name: 'imbalanced' } },
      { atS: durationS * 0.6, to: { name: 'balanced' } },
    ],
  };
  const { summary } = await madeRun(spec);
  return summary;
}

/** What two processes of Node exchange on the loopback, one way, when nothing else is done with it. */
async function bareBytesPerSecond(bytes: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as { readonly port: number };
  const received = new Promise<number>((resolve) => {
    server.once('connection', (socket) => {
      let left = bytes;
      let startMs = 0;
      socket.on('data', (chunk: Buffer) => {
        startMs ||= performance.now();
        left -= chunk.length;
        if (left <= 0) resolve((performance.now() - startMs) / 1e3);
      });
    });
  });
  const sent = inOwnProcess<null>(new URL(import.meta.url), 'sendBytes', [port, bytes]);
  const seconds = await received;
  await sent;
  server.close();
  return bytes / seconds;
}

/** Sends as many bytes to a port of the loopback. */
export async function sendBytes(port: number, bytes: number): Promise<null> {
  const socket = await new Promise<Socket>((resolve) => {
    const connecting: Socket = connect({ port, host: HOST }, () => resolve(connecting.setNoDelay(true)));
  });
  const chunk = Buffer.alloc(WRITE_BYTES);
  for (let left = bytes; left > 0; left -= chunk.length) {
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve));
  }
  await new Promise<void>((resolve) => socket.end(resolve));
  return null;
}
