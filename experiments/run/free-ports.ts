/** Ports of the loopback for the processes of a run on this machine. */
import { createServer } from 'node:net';

/** The address of this machine that only it can reach. */
export const LOOPBACK = '127.0.0.1';

/** Ports to choose from: below those that a system gives to who connects, since such a one could be gone until it is listened on. */
const FIRST = 10_000;
const CHOICE = 20_000;

/** How far apart two processes begin to look: runs that start at the same moment do not choose the same ports. */
const APART = 8;

/**
 * Ports that nobody listens on; a process that asks twice may be given the same ones.
 *
 * @throws {Error} when there are not as many
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let n = 0; n < CHOICE && ports.length < count; n++) {
    const port = FIRST + ((process.pid * APART + n) % CHOICE);
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`${ports.length} free ports on ${LOOPBACK}; the run needs ${count}`);
  return ports;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}
