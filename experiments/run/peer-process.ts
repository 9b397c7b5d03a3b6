/** A process of a run that has several, but not its first: runs its share of the workers, and reports to the first process. */
import { LaunchError } from 'megaphone-engine/runtime';
import { launchShare } from './launch-share.ts';
import { Observation } from './observation.ts';
import type { PeerOrder, PeerReport } from './peer-processes.ts';

const abort = new AbortController();
// The first process decides when a run stops; Ctrl-C reaches all processes of a terminal.
process.on('SIGINT', () => {});
process.on('disconnect', () => abort.abort());

/** Reports and hangs up: an open channel would keep the process alive. */
function reportLast(report: PeerReport): void {
  process.send!(report, () => process.disconnect());
}

process.once('message', (message) => {
  const { spec, processes } = message as PeerOrder;
  const observation = new Observation(spec, processes.index * spec.topology.workers, () => {});
  launchShare(spec, processes, observation, abort.signal)
    .finally(() => observation.stop())
    .then(
      (results) => reportLast({ type: 'results', results, observed: observation.observed }),
      (error: unknown) => {
        if (error instanceof LaunchError && error.aborted) process.exit(1);
        const { message: text, stack } = error instanceof Error ? error : new Error(String(error));
        reportLast({ type: 'failed', message: text, stack: stack ?? text });
      },
    );
});
