/**
 * The thread that carries everything between this process and the others: sockets are its only work, so that no worker waits for one
 * and no socket for a worker. It parks like a worker, and is woken like one by whoever publishes something.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server, type Socket, connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

import { Schema } from '../dataflow/schema.ts';
import { FrontierCells } from '../progress/frontier-cells.ts';
import { Outbox } from '../transport/outbox.ts';
import { mostPayloadBytes, ProcessLink } from '../transport/process-link.ts';
import { SharedMemoryTransport } from '../transport/shared-memory.ts';
import { controlMessage, MESSAGE, MessageReader, parseControl, WireError } from '../transport/wire.ts';
import { type Control, Handshake, type Identity } from './handshake.ts';
import { CONTROL, type LinkCommand, type LinkMessage, type LinkThreadData } from './messages.ts';
import { Parking } from './parking.ts';

/** Bytes that may wait in a socket before the link leaves the rest in the rings, where it holds up who publishes it. */
const MOST_UNSENT_BYTES = 2 ** 18;
/** Bytes that may wait for room in rings before the link stops reading. */
const MOST_BACKLOG_BYTES = 2 ** 23;
/** Time between two signs of life. */
const BEAT_MS = 500;
/** Without a byte for this long, a process counts as lost. */
const SILENCE_MS = 4000;
/** Time between two attempts to connect. */
const RETRY_MS = 50;
/** Time that a handshake may take. */
const HANDSHAKE_MS = 5000;
/** Questions by which a process learns how far its clock is from that of process 0. */
const PINGS = 16;

const data = workerData as LinkThreadData;
const port = parentPort!;
const { processes, peers } = data;
const count = processes.addresses.length;
const workersEach = peers / count;
const workersOf = (process: number): number[] =>
  Array.from({ length: workersEach }, (_, worker) => process * workersEach + worker);
const local = workersOf(processes.index);
const channels = data.channels.map(({ columns, ...channel }) => ({ ...channel, schema: new Schema(columns) }));
const cells = new FrontierCells(peers, data.shared.cells);
const control = new Int32Array(data.shared.control);
const parking = new Parking(data.shared.parking, workersEach + 1);
const digest = createHash('sha256').update(`${processes.digest}\n${data.text}`).digest('hex');
const identity: Identity = { process: processes.index, processes: count, token: processes.token, digest };
const payloadBytes = mostPayloadBytes({ channels, outputs: data.outputs });

const post = (message: LinkMessage): void => port.postMessage(message);

/** Milliseconds of a clock that all processes of a machine share. */
const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Milliseconds of the clock on the wall, which machines try to agree on. */
const wallMs = (): number => performance.timeOrigin + performance.now();

/** A process at the other end. */
interface Peer {
  readonly process: number;
  readonly socket: Socket;
  readonly link: ProcessLink;
  readonly outbox: Outbox;
  heardMs: number;
  steps: number;
  isReady: boolean;
  isGone: boolean;
}

const connected = new Map<number, Peer>();
let server: Server | undefined;
let hasEnded = false;
let isFinishing = false;
let saidBye = false;
let saidReady = false;
/** Clock of process 0 minus this one's, by the quickest answer; of the machine, and on the wall. */
let clockOffsetMs = 0;
let wallOffsetMs = 0;
let quickestMs = Infinity;
let pingsLeft = PINGS;

function fail(message: string): void {
  if (hasEnded) return;
  // The others would only see a connection that is closed.
  sendAll({ type: 'failed', reason: message });
  end();
  post({ type: 'failed', message });
}

function end(): void {
  hasEnded = true;
  server?.close();
  for (const { socket } of connected.values()) socket.destroySoon();
  parking.wakeAll();
}

const send = (socket: Socket, message: Control): boolean => socket.write(controlMessage(message));

function sendAll(message: Control): void {
  for (const { socket } of connected.values()) send(socket, message);
}

/** Carries what is there in both directions. Returns whether there was anything. */
function carry(): boolean {
  let active = false;
  for (const { socket, link, outbox } of connected.values()) {
    if (socket.writableLength < MOST_UNSENT_BYTES && link.collect(outbox)) active = true;
    if (link.deliver()) active = true;
    if (link.backlogBytes > MOST_BACKLOG_BYTES) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }
  if (active) {
    parking.active(workersEach);
    parking.idle(workersEach, false);
    parking.wakeAll();
  }
  barrier();
  return active;
}

/** Says once that this process is ready, and starts all when all are. */
function barrier(): void {
  if (connected.size < count - 1) return;
  if (!saidReady && Atomics.load(control, CONTROL.ready) !== 0) {
    saidReady = true;
    if (processes.index !== 0) send(connected.get(0)!.socket, { type: 'ready' });
  }
  const isStarted = Atomics.load(control, CONTROL.started) !== 0;
  if (processes.index !== 0 || !saidReady || isStarted || [...connected.values()].some(({ isReady }) => !isReady))
    return;
  const startMs = machineMs();
  sendAll({ type: 'start', startMs });
  start(startMs);
}

/** Starts the clock of this process at a time of the machine's clock. */
function start(startMs: number): void {
  new Float64Array(data.shared.startMs)[0] = performance.now() + startMs - machineMs();
  Atomics.store(control, CONTROL.started, 1);
  parking.wakeAll();
}

function hear(peer: Peer, message: Control): void {
  switch (message.type) {
    case 'ping':
      send(peer.socket, { type: 'pong', sentMs: message['sentMs'], atMs: machineMs(), wallMs: wallMs() });
      return;
    case 'pong':
      hearPong(Number(message['sentMs']), Number(message['atMs']), Number(message['wallMs']));
      return;
    case 'ready':
      peer.isReady = true;
      barrier();
      return;
    case 'start':
      start(Number(message['startMs']) - clockOffsetMs);
      return;
    case 'beat':
      if (message['steps'] !== peer.steps) {
        peer.steps = Number(message['steps']);
        parking.active(workersEach);
        parking.idle(workersEach, false);
      }
      return;
    case 'failed':
      fail(`process ${peer.process} stopped: ${String(message['reason'])}`);
      return;
    case 'bye':
      peer.isGone = true;
      finish();
      return;
    default:
      throw new WireError(`a message "${message.type.slice(0, 20)}"`);
  }
}

function hearPong(sentMs: number, atMs: number, otherWallMs: number): void {
  const nowMs = machineMs();
  if (nowMs - sentMs < quickestMs) {
    quickestMs = nowMs - sentMs;
    clockOffsetMs = atMs - (sentMs + nowMs) / 2;
    wallOffsetMs = otherWallMs - (wallMs() - quickestMs / 2);
  }
  ping();
}

/** Asks process 0 what its clock says, and after some answers reports that everything is connected. */
function ping(): void {
  if (processes.index !== 0 && pingsLeft > 0) {
    pingsLeft -= 1;
    send(connected.get(0)!.socket, { type: 'ping', sentMs: machineMs() });
  } else post({ type: 'connected', wallOffsetMs, roundTripMs: processes.index === 0 ? 0 : quickestMs });
}

/** Says good-bye once everything has gone out, and ends when all others have, too. */
function finish(): void {
  if (hasEnded || !isFinishing) return;
  while (carry());
  if (!saidBye && [...connected.values()].every(({ socket }) => socket.writableLength < MOST_UNSENT_BYTES)) {
    saidBye = true;
    sendAll({ type: 'bye' });
  }
  if (!saidBye || [...connected.values()].some(({ isGone }) => !isGone)) return;
  end();
  post({ type: 'closed' });
}

/** Follows a socket from the handshake on. */
function follow(socket: Socket, expected: number | null): void {
  socket.setNoDelay(true);
  // Unknown once the connection is closed.
  const from = socket.remoteAddress ?? 'somewhere';
  const role =
    expected === null ? { admits: (process: number) => process > processes.index } : { connectsTo: expected };
  const handshake = new Handshake(identity, role);
  let peer: Peer | undefined;
  const late = setTimeout(() => refuse(new WireError(`no handshake within ${HANDSHAKE_MS / 1e3} s`)), HANDSHAKE_MS);
  const refuse = (error: WireError): void => {
    clearTimeout(late);
    if (peer !== undefined) return fail(`the link to process ${peer.process}: ${error.message}`);
    if (!socket.destroyed) send(socket, { type: 'refused', reason: error.message });
    socket.destroySoon();
    // Anybody can connect: only what this process has connected to itself must be a peer.
    if (expected !== null) fail(`process ${expected} at ${addressText(expected)}: ${error.message}`);
    else
      post({
        type: 'note',
        message: `refused a connection from ${from}: ${error.message}`,
      });
  };
  const onMessage = (kind: number, payload: Buffer): void => {
    if (peer !== undefined) {
      peer.heardMs = performance.now();
      if (kind === MESSAGE.control) hear(peer, parseControl(payload));
      else peer.link.accept(kind, payload);
      return;
    }
    if (kind !== MESSAGE.control) throw new WireError('data before the handshake');
    const step = handshake.hear(parseControl(payload));
    if (step.peer !== null && connected.has(step.peer))
      throw new WireError(`process ${step.peer} is connected already`);
    if (step.reply !== null) send(socket, step.reply);
    if (step.peer === null) return;
    clearTimeout(late);
    peer = join(step.peer, socket);
  };
  const reader = new MessageReader(payloadBytes, onMessage);
  socket.on('data', (chunk) => {
    if (hasEnded) return;
    try {
      reader.push(chunk);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      refuse(error);
      return;
    }
    if (peer !== undefined) carry();
  });
  socket.on('drain', () => {
    if (peer === undefined || hasEnded) return;
    carry();
    finish();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearTimeout(late);
    if (peer !== undefined && !peer.isGone) fail(`process ${peer.process} was lost: its connection was closed`);
    else if (peer === undefined && expected !== null)
      fail(`process ${expected} at ${addressText(expected)} closed the connection`);
  });
  if (expected !== null) send(socket, handshake.hello());
}

function join(process: number, socket: Socket): Peer {
  const isLocal = (worker: number): boolean => Math.floor(worker / workersEach) === processes.index;
  const link = new ProcessLink({
    channels,
    outputs: data.outputs,
    cells,
    local,
    remote: workersOf(process),
    transportOf: (worker) => new SharedMemoryTransport(data.rings, worker, peers, isLocal),
  });
  const outbox = new Outbox((bytes, onSent) => void socket.write(bytes, onSent));
  const peer = { process, socket, link, outbox, heardMs: performance.now(), steps: 0, isReady: false, isGone: false };
  connected.set(process, peer);
  if (connected.size === count - 1) {
    server?.close();
    ping();
  }
  return peer;
}

function addressText(process: number): string {
  const { host, port: number } = processes.addresses[process]!;
  return `${host}:${number}`;
}

const isUnknownName = ({ code }: NodeJS.ErrnoException): boolean => code === 'ENOTFOUND' || code === 'EAI_AGAIN';

function listen(): void {
  if (hasEnded) return;
  const { host, port: number } = processes.addresses[processes.index]!;
  server = createServer((socket) => follow(socket, null));
  server.on('error', (error: NodeJS.ErrnoException) => {
    // A name may become known late where hosts have just been started.
    if (isUnknownName(error) && performance.now() < untilMs) setTimeout(listen, RETRY_MS);
    else fail(error.code === 'EADDRINUSE' ? `${host}:${number} is in use` : `${host}:${number}: ${error.message}`);
  });
  server.listen(number, host);
}

/** Connects to a process that may start later than this one, until the time limit. */
function reach(process: number, untilMs: number): void {
  if (hasEnded) return;
  const { host, port: number } = processes.addresses[process]!;
  const socket = connect({ host, port: number });
  const onFault = (error: NodeJS.ErrnoException): void => {
    socket.destroy();
    if (performance.now() < untilMs) setTimeout(() => reach(process, untilMs), RETRY_MS);
    else fail(`process ${process} at ${addressText(process)} cannot be reached: ${error.code ?? error.message}`);
  };
  socket.once('error', onFault);
  socket.once('connect', () => {
    socket.off('error', onFault);
    follow(socket, process);
  });
}

function beat(): void {
  if (hasEnded) return;
  const nowMs = performance.now();
  for (const peer of connected.values()) {
    if (!peer.isGone && nowMs - peer.heardMs > SILENCE_MS) {
      fail(`process ${peer.process} was lost: nothing came from it for ${SILENCE_MS / 1e3} s`);
      return;
    }
  }
  sendAll({ type: 'beat', steps: parking.steps() });
}

async function pump(): Promise<void> {
  while (!hasEnded) {
    if (carry()) await new Promise((resolve) => setImmediate(resolve));
    else await parking.parkAsync(workersEach, () => hasEnded || carry());
    finish();
  }
}

port.on('message', (command: LinkCommand) => {
  if (command.type === 'finish') {
    isFinishing = true;
    finish();
  } else if (!hasEnded) {
    sendAll({ type: 'failed', reason: command.reason });
    end();
  }
});

parking.idle(workersEach, false);
const untilMs = performance.now() + processes.connectMs;
if (processes.index < count - 1) listen();
for (let process = 0; process < processes.index; process++) reach(process, untilMs);
setTimeout(() => {
  const missing = processes.addresses.flatMap((_, process) =>
    process === processes.index || connected.has(process) ? [] : [`${process} (${addressText(process)})`],
  );
  if (missing.length > 0)
    fail(`no connection with process ${missing.join(', ')} within ${processes.connectMs / 1e3} s`);
}, processes.connectMs).unref();
setInterval(beat, BEAT_MS).unref();
await pump();
port.close();
