/**
 * A process of a cluster that somebody has started, and that is not the first: it waits for orders on its own address, runs its share of
 * each run in a process of its own (`peer-process.ts`, whose pipes are the connection), and ends when it is told to.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressText } from '../config/hosts.ts';
import { formatWait } from '../config/quantity.ts';
import { InputError } from '../config/input-error.ts';
import { type Cluster, type Order, orderHandshake, OrderSocket } from './order-socket.ts';
import { PEER_PROGRAM, type PeerOrder } from './peer-channels.ts';
import { RUN_FLAGS } from './run-flags.ts';

/** Time between two looks whether a host's name is known. */
const NAME_MS = 500;

/** How long a process may take to end when its run was given up. */
const GRACE_MS = 5000;

/** How a server of orders is told what it is, and tells what it does. */
export interface OrderServerOptions {
  /** The cluster. */
  readonly cluster: Cluster;
  /** Which of its processes this is, from 1 on. */
  readonly process: number;
  /** Ends it, and the run that it takes part in. */
  readonly signal: AbortSignal;
  /** Given a line about what happens. */
  readonly say: (line: string) => void;
}

/**
 * Serves orders until it is told to end (`ended`), nobody has come for the time of the cluster (`expired`), or the signal aborts.
 *
 * @throws {InputError} when it cannot listen on its address
 */
export async function serveOrders(options: OrderServerOptions): Promise<'ended' | 'expired' | 'aborted'> {
  const { cluster, signal, say } = options;
  const { waitMs } = cluster;
  for (;;) {
    const deadline = AbortSignal.timeout(waitMs);
    const lines = await nextCaller(options, AbortSignal.any([signal, deadline]));
    if (lines === undefined) return signal.aborted ? 'aborted' : 'expired';
    const order = await nextOrder(lines, signal);
    if (signal.aborted) return 'aborted';
    if (order?.type === 'end') {
      lines.socket.end();
      return 'ended';
    }
    if (order === undefined) say('who was connected has gone without an order');
    else await takePart(order, lines.socket, options);
  }
}

/** The first that connects and belongs to the cluster; nobody listens afterwards. Undefined when the signal aborts. */
async function nextCaller(
  { cluster, process, say }: OrderServerOptions,
  signal: AbortSignal,
): Promise<OrderSocket | undefined> {
  const admitted = Promise.withResolvers<OrderSocket>();
  const callers = new Set<Socket>();
  const server = createServer((socket) => {
    callers.add(socket);
    const lines = new OrderSocket(socket);
    // Unknown once the connection is closed.
    const from = socket.remoteAddress ?? 'somewhere';
    const handshake = orderHandshake(cluster, process, { admits: (caller) => caller === 0 });
    lines.introduce(handshake, signal).then(
      () => {
        callers.delete(socket);
        admitted.resolve(lines);
      },
      (error: Error) => {
        if (!signal.aborted) say(`refused a connection from ${from}: ${error.message}`);
        if (!socket.destroyed) lines.send({ type: 'refused', reason: error.message });
        socket.destroySoon();
      },
    );
  });
  try {
    while (!(await listen(server, cluster, process)) && !signal.aborted) await sleep(NAME_MS);
    const { addresses, waitMs } = cluster;
    say(
      `process ${process} of ${addresses.length} waits for runs at ${addressText(addresses[process]!)}, for ${formatWait(waitMs / 1e3)}`,
    );
    return await Promise.race([admitted.promise, aborted(signal)]);
  } finally {
    server.close();
    for (const socket of callers) socket.destroy();
  }
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** False when the name of the host is not known yet. */
async function listen(server: Server, { addresses }: Cluster, process: number): Promise<boolean> {
  const address = addresses[process]!;
  try {
    await once(server.listen(address.port, address.host), 'listening');
    return true;
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    // It may become known late where hosts have just been started.
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return false;
    const why =
      { EADDRINUSE: 'is in use', EADDRNOTAVAIL: 'is no address of this machine' }[code] ??
      `cannot be listened on (${code})`;
    throw new InputError(
      `${addressText(address)} ${why}; expected the address of process ${process}, with a free port`,
    );
  }
}

/** The order comes when all other processes are connected, too; undefined when the caller is gone before. */
async function nextOrder(lines: OrderSocket, signal: AbortSignal): Promise<Order | undefined> {
  try {
    return (await lines.receive(signal)) as unknown as Order;
  } catch {
    lines.socket.destroy();
    return undefined;
  }
}

/** Runs this process's share; returns when it is over. */
async function takePart(
  { spec, digest, connectMs }: Extract<Order, { readonly type: 'run' }>,
  socket: Socket,
  { cluster, process: index, signal, say }: OrderServerOptions,
): Promise<void> {
  const trust = spec.engine === undefined ? '' : ' on timely dataflow, whose connections know no token';
  say(`takes part in a run of ${spec.experiment}${trust}`);
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...RUN_FLAGS, PEER_PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { addresses, token } = cluster;
  const order: PeerOrder = { spec, processes: { index, addresses, token, digest, connectMs } };
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const giveUp = (): void => endSoon(child);
  // The end of the connection says that the run is given up, or that all is read.
  socket.once('end', giveUp);
  socket.once('close', giveUp);
  signal.addEventListener('abort', giveUp);
  // What follows the order are signs of life.
  socket.pipe(child.stdin);
  child.stdout.pipe(socket);
  await once(child, 'close');
  // Nobody takes what follows; unread, it would keep the connection open.
  socket.resume();
  signal.removeEventListener('abort', giveUp);
  socket.end();
  say(`the run is over after ${((performance.now() - startedMs) / 1e3).toFixed(1)} s`);
}

function endSoon(child: ChildProcess): void {
  child.stdin?.end();
  setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
}
