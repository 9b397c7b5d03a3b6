/** `megaphone watch`: a page on which the runs that other processes make can be watched. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { EXIT } from './exit-code.ts';
import { type LiveRequest, serveLive } from './live.ts';
import { UsageError } from './usage-error.ts';

/**
 * Serves until the signal aborts, and returns the exit code.
 *
 * @param results - a folder of results, or that of an experiment; it need not exist yet
 * @throws {UsageError} when it is no folder, or a port cannot be had
 */
export async function watchResults(results: string, request: LiveRequest, signal: AbortSignal): Promise<number> {
  const found = statSync(results, { throwIfNoEntry: false });
  if (found?.isDirectory() === false) {
    throw new UsageError(`${results}: not a folder; expected a folder of results, for instance results`);
  }
  const server = await serveLive(results, request, undefined, (line) => console.log(line));
  if (found === undefined)
    console.error(`megaphone: ${results}: no such folder yet; runs are shown as soon as it has some`);
  console.error('megaphone: Ctrl-C ends this');
  if (!signal.aborted) await Promise.race([once(signal, 'abort'), server.ended]);
  await server.close();
  return signal.aborted ? EXIT.interrupted : EXIT.failed;
}
