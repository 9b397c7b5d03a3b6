/** `megaphone worker`: takes part in runs as one of several processes, started by hand or by a cluster's scheduler. */
import type { Cluster } from '../run/order-socket.ts';
import { serveOrders } from '../run/order-server.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/**
 * Takes part in runs until the first process has made all, and returns the exit code.
 *
 * @param process - index of this process
 * @param signal - aborted by Ctrl-C
 * @throws {InputError} when there is no such process, or its address cannot be listened on
 */
export async function serveRuns(cluster: Cluster, process: number, signal: AbortSignal): Promise<number> {
  const { addresses, waitMs } = cluster;
  if (process < 1 || process >= addresses.length) {
    throw new UsageError(
      `--process: ${process} of ${addresses.length} hosts; expected 1 to ${addresses.length - 1} (process 0 is megaphone run --join)`,
    );
  }
  const outcome = await serveOrders({ cluster, process, signal, say: (line) => console.log(line) });
  if (outcome !== 'expired') return outcome === 'ended' ? EXIT.done : EXIT.interrupted;
  console.error(`megaphone: nobody has come for ${waitMs / 1e3} s; process 0 is megaphone run --join`);
  return EXIT.failed;
}
