/**
 * A process of a run that has several, but not its first: runs its share of the workers, and reports to the first process, over the channel
 * of a child process where there is one, or else over its pipes (see peer-channels.ts).
 */
import { createInterface } from 'node:readline';
import { serialize } from 'node:v8';
import { LaunchError } from 'megaphone-engine/runtime';
import { launchShare } from './launch-share.ts';
import type { ProgressListener } from './observation.ts';
import type { PeerLive, PeerOrder, PeerReport } from './peer-channels.ts';

const abort = new AbortController();
// The first process decides when a run stops; Ctrl-C reaches all processes of a terminal.
process.on('SIGINT', () => {});

/** Reports and hangs up: an open channel would keep the process alive. */
function reportLast(report: PeerReport): void {
  if (process.send !== undefined) process.send(report, () => process.disconnect());
  else process.stdout.write(serialize(report), () => process.exit());
}

const tellLive: ProgressListener = (_phase, _elapsedS, _totalS, share) => {
  if (share === undefined || process.connected !== true) return;
  const message: PeerLive = { type: 'live', share };
  process.send!(message);
};

function take({ spec, processes, live }: PeerOrder): void {
  launchShare({ spec, processes, live }, tellLive, abort.signal).then(
    (share) => reportLast({ type: 'results', ...share }),
    (error: unknown) => {
      if (error instanceof LaunchError && error.aborted) process.exit(1);
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
  lines.once('line', (line) => take(JSON.parse(line) as PeerOrder));
  lines.once('close', () => abort.abort());
}
