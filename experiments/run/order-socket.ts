/**
 * How the first process of a run reaches a process that somebody else has started: over a socket to the address on which that one
 * listens, as lines of JSON. Both ends prove that they know the token (see `Handshake`), and that they have the same code and hosts.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Control, Handshake, type HandshakeRole } from 'megaphone-engine/runtime';
import { type Address, addressText } from '../config/hosts.ts';
import { presentCode } from '../results/provenance.ts';
import type { PeerOrder } from './peer-channels.ts';

/** Processes that are started by hand, or by a cluster's scheduler. */
export interface Cluster {
  /** Where each listens, by index. */
  readonly addresses: readonly Address[];
  /** The secret that all share; may be empty where all addresses are of the loopback. */
  readonly token: string;
  /** How long the others are waited for, in milliseconds. */
  readonly waitMs: number;
}

/** What a process is told once it is connected, a line of JSON: to take part in a run (as itself, by its own addresses and token), or to end. */
export type Order =
  | {
      readonly type: 'run';
      readonly spec: PeerOrder['spec'];
      readonly digest: string;
      readonly connectMs: number;
    }
  | { readonly type: 'end' };

/** Most characters of a line before both ends know each other. */
const MOST_GREETING = 4096;

/** Time that a handshake may take. */
const HANDSHAKE_MS = 5000;

/** Silence after which the system asks whether the other end is still there. */
const KEEP_ALIVE_MS = 10_000;

/** Time between two attempts to connect. */
const RETRY_MS = 100;

/** A connection that is closed, or says something that is no line of JSON: nobody of ours, or not yet. */
class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

/** A socket that has lines of JSON until it is left to something else. */
export class OrderSocket {
  /** The socket itself; what follows the last line that was received is still in it. */
  readonly socket: Socket;

  /** Lines of a connected socket. */
  constructor(socket: Socket) {
    // A host that dies closes nothing.
    this.socket = socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    // Who waits for a line sees it.
    socket.on('error', () => {});
  }

  /** Sends a line. */
  send(message: object): void {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }

  /**
   * The next line.
   *
   * @throws {Error} when there is none, it has more than `most` characters, or the signal aborts
   */
  async receive(signal: AbortSignal, most = Infinity): Promise<Control> {
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = await nextChunk(this.socket, signal);
      const end = chunk.indexOf('\n');
      pieces.push(end < 0 ? chunk : chunk.subarray(0, end));
      length += chunk.length;
      if (length > most) throw new NoAnswerError('said something else');
      if (end < 0) continue;
      this.socket.unshift(chunk.subarray(end + 1));
      return parseLine(Buffer.concat(pieces).toString('utf8'));
    }
  }

  /**
   * Carries out the handshake of this end.
   *
   * @throws {WireError} when the other end is not one of these processes
   */
  async introduce(handshake: Handshake, signal: AbortSignal): Promise<void> {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(HANDSHAKE_MS)]);
    for (;;) {
      const { reply, peer } = handshake.hear(await this.receive(inTime, MOST_GREETING));
      if (reply !== null) this.send(reply);
      if (peer !== null) return;
    }
  }
}

async function nextChunk(socket: Socket, signal: AbortSignal): Promise<Buffer> {
  const chunk = socket.read() as Buffer | null;
  if (chunk !== null) return chunk;
  signal.throwIfAborted();
  if (socket.destroyed || socket.readableEnded) throw new NoAnswerError('closed the connection');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = (): void => reject(signal.reason as Error);
  socket.once('readable', resolve);
  socket.once('close', resolve);
  signal.addEventListener('abort', refuse);
  try {
    await promise;
  } finally {
    socket.off('readable', resolve);
    socket.off('close', resolve);
    signal.removeEventListener('abort', refuse);
  }
  return nextChunk(socket, signal);
}

function parseLine(line: string): Control {
  try {
    const message: unknown = JSON.parse(line);
    if (typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string')
      return message as Control;
  } catch {
    // Said below.
  }
  throw new NoAnswerError('said something else');
}

/** This end of the handshake about orders. */
export function orderHandshake({ addresses, token }: Cluster, process: number, role: HandshakeRole): Handshake {
  const digest = createHash('sha256')
    .update(JSON.stringify([presentCode(), addresses]))
    .digest('hex');
  return new Handshake({ process, processes: addresses.length, token, digest }, role);
}

/**
 * Connects to process `index` of a cluster, which may start later, or be busy with the end of a run.
 *
 * @throws {Error} when it does not answer in time, is another one, or the signal aborts
 */
export async function connectOrders(cluster: Cluster, index: number, signal: AbortSignal): Promise<OrderSocket> {
  const address = cluster.addresses[index]!;
  const untilMs = performance.now() + cluster.waitMs;
  for (;;) {
    const lines = new OrderSocket(connect({ host: address.host, port: address.port }));
    try {
      await once(lines.socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(HANDSHAKE_MS)]) });
      const handshake = orderHandshake(cluster, 0, { connectsTo: index });
      lines.send(handshake.hello());
      await lines.introduce(handshake, signal);
      return lines;
    } catch (error) {
      lines.socket.destroy();
      const isLate = signal.aborted && (signal.reason as Error).name === 'TimeoutError';
      if (signal.aborted && !isLate) throw error;
      const isLasting = error instanceof Error && error.name === 'WireError';
      if (isLate || isLasting || performance.now() > untilMs)
        throw unreachable(index, address, error as NodeJS.ErrnoException);
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

function unreachable(index: number, address: Address, { name, code, message }: NodeJS.ErrnoException): Error {
  const why = name === 'AbortError' || name === 'TimeoutError' ? 'no answer' : (code ?? message);
  return new Error(`process ${index} at ${addressText(address)} cannot be reached: ${why}`);
}

/** Tells all processes of a cluster that there are no more runs. Returns a line for each that could not be told. */
export async function endCluster(cluster: Cluster, signal: AbortSignal): Promise<string[]> {
  const told = cluster.addresses.slice(1).map(async (_, at) => {
    const lines = await connectOrders(cluster, at + 1, signal);
    lines.send({ type: 'end' } satisfies Order);
    lines.socket.end();
  });
  const outcomes = await Promise.allSettled(told);
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [] : [(outcome.reason as Error).message]));
}
