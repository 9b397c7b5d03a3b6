/** The operating system's number of a thread, under which it accounts for the thread. */
import { readlinkSync } from 'node:fs';

/** The number of the calling thread; undefined where there is no /proc. A worker thread asks for its own. */
export function currentThreadId(): number | undefined {
  try {
    // The link reads <process>/task/<thread>.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    return Number.isInteger(thread) ? thread : undefined;
  } catch {
    return undefined;
  }
}
