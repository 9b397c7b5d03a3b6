/**
 * Serves what goes on in a folder of results, until its standard input ends: `node plots/live/serve.ts results --page 0 --metrics 9464`. With
 * `--process 4711` only the sweeps of that process. Once it listens it prints one line of JSON: `{"page": <address>, "metrics": <address>}`,
 * each where it was asked for. Exit codes: 0 ended, 2 a port cannot be had; the standard error says which in one line.
 */
import { parseArgs } from 'node:util';
import { PageServer } from './page-server.ts';
import type { LiveLine } from '../../experiments/report/live-lines.ts';
import { serveLocally, PortError } from './loopback.ts';
import { OPEN_METRICS_TYPE, openMetrics } from './open-metrics.ts';
import { SweepFeed } from './sweep-feed.ts';
import { SweepView } from './sweep-view.ts';
import { WatchMark } from './watch-mark.ts';

/** How often the folder is looked into. */
const POLL_MS = 250;

/** How often the sweeps are told that somebody watches. */
const MARK_MS = 1000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { page: { type: 'string' }, metrics: { type: 'string' }, process: { type: 'string' } },
});
const [folder = 'results'] = positionals;

/** Sweeps that go on. */
const sweeps = new Map<string, SweepView>();

/** Metrics are for whoever is on this machine, and not secret: they have no token. */
async function serveMetrics(port: number) {
  return serveLocally(port, (request, response) => {
    if (request.url !== '/metrics') response.writeHead(404).end();
    else if (request.method !== 'GET') response.writeHead(405, { allow: 'GET' }).end();
    else response.writeHead(200, { 'content-type': OPEN_METRICS_TYPE }).end(openMetrics([...sweeps.values()]));
  });
}

// The process that started this one decides when it ends; Ctrl-C, or an end of the job, reaches both.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});

try {
  const page = values.page === undefined ? undefined : await PageServer.start(Number(values.page), folder);
  const metrics = values.metrics === undefined ? undefined : await serveMetrics(Number(values.metrics));
  const onLine = (key: string, line: LiveLine): void => {
    sweeps.get(key)?.add(line);
    if (line.type === 'over') sweeps.delete(key);
    page?.send({ key, line });
  };
  const onlyProcess = values.process === undefined ? undefined : Number(values.process);
  const mark = new WatchMark(folder, onlyProcess);
  const feed = new SweepFeed(folder, onlyProcess, {
    onSweep: (key, line) => sweeps.set(key, new SweepView(line)),
    onLine,
  });
  mark.touch();
  const timers = [setInterval(() => mark.touch(), MARK_MS), setInterval(() => feed.poll(), POLL_MS)];
  const addresses = {
    ...(page && { page: page.url }),
    ...(metrics && { metrics: `http://127.0.0.1:${metrics.port}/metrics` }),
  };
  process.stdout.write(`${JSON.stringify(addresses)}\n`);
  process.stdin.resume();
  process.stdin.once('end', () => {
    for (const timer of timers) clearInterval(timer);
    mark.remove();
    feed.poll();
    feed.close();
    void page?.close();
    metrics?.server.close();
    metrics?.server.closeAllConnections();
  });
} catch (error) {
  if (!(error instanceof PortError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
