/**
 * A process of a run that has several, but not its first: says when it is ready, runs its share of the workers, and reports to the first
 * process, over the channel of a child process where there is one, or else over its pipes (see peer-output.ts).
 */
import { createInterface } from 'node:readline';
import { LaunchError } from 'megaphone-engine/runtime';
import { workloadOf } from '../config/workload-of.ts';
import { presentCode } from '../results/provenance.ts';
import { launchShare, type Share } from './launch-share.ts';
import type { ProgressListener } from './observation.ts';
import type { PeerLive, PeerOrder, PeerReady, PeerReport } from './peer-channels.ts';
import { READY_LINE, reportBytes } from './peer-output.ts';
import { giveSigns, Silence } from './signs-of-life.ts';
import { buildTimely } from './timely/build.ts';

const abort = new AbortController();
/** Signs of life on the standard output. */
let signs: NodeJS.Timeout | undefined;
// The first process decides when a run stops; Ctrl-C reaches all processes of a terminal.
process.on('SIGINT', () => {});

function sayReady(): void {
  if (process.send !== undefined) process.send({ type: 'ready' } satisfies PeerReady);
  else process.stdout.write(READY_LINE);
}

/** Reports and hangs up: an open channel would keep the process alive. */
function reportLast(report: PeerReport): void {
  if (process.send !== undefined) process.send(report, () => process.disconnect());
  else {
    clearInterval(signs);
    process.stdout.write(reportBytes(report), () => process.exit());
  }
}

const tellLive: ProgressListener = (_phase, _elapsedS, _totalS, share) => {
  if (share === undefined || process.connected !== true) return;
  const message: PeerLive = { type: 'live', share };
  process.send!(message);
};

/** Makes sure that this process can take part; its error says where it is. */
async function prepare({ spec, processes: { index, addresses }, code }: PeerOrder): Promise<void> {
  try {
    if (code !== undefined && code !== presentCode()) {
      throw new Error(`has other code than process 0 (digest ${presentCode()}, not ${code}); expected the same clone`);
    }
    // A file of one's own may be another one here.
    workloadOf(spec.workload);
    if (spec.engine !== undefined) await buildTimely(abort.signal);
  } catch (error) {
    const message = `process ${index} on ${addresses[index]!.host}: ${(error as Error).message}`;
    // Its place in the program says nothing.
    throw Object.assign(new Error(message), { stack: message });
  }
}

async function takePart(order: PeerOrder): Promise<Share> {
  await prepare(order);
  abort.signal.throwIfAborted();
  sayReady();
  const { spec, processes, watchedFile } = order;
  return launchShare({ spec, processes, watchedFile }, tellLive, abort.signal);
}

function take(order: PeerOrder): void {
  takePart(order).then(
    (share) => reportLast({ type: 'results', ...share }),
    (error: unknown) => {
      if (abort.signal.aborted || (error instanceof LaunchError && error.aborted)) process.exit(1);
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      reportLast({ type: 'failed', message, stack: stack ?? message });
    },
  );
}

if (process.send !== undefined) {
  process.on('disconnect', () => abort.abort());
  process.once('message', (order) => take(order as PeerOrder));
} else {
  const lines = createInterface({ input: process.stdin });
  lines.once('line', (line) => {
    const silence = new Silence(() => abort.abort());
    lines.on('line', () => silence.heard());
    signs = giveSigns((sign) => process.stdout.write(sign));
    take(JSON.parse(line) as PeerOrder);
  });
  lines.once('close', () => abort.abort());
}
