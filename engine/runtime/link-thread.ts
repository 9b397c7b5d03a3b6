/**
 * The thread that carries everything between this process and the others: sockets are its only work, so that no worker waits for one
 * and no socket for a worker. It parks like a worker, and is woken like one by whoever publishes something.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

import { Extents } from '../dataflow/extents.ts';
import { Schema } from '../dataflow/schema.ts';
import { FrontierCells } from '../progress/frontier-cells.ts';
import { Outbox } from '../transport/outbox.ts';
import { mostPayloadBytes, ProcessLink } from '../transport/process-link.ts';
import { SharedMemoryTransport } from '../transport/shared-memory.ts';
import { controlMessage, MESSAGE, parseControl, WireError } from '../transport/wire.ts';
import type { Control, Identity } from './handshake.ts';
import { type Incoming, LinkSockets } from './link-sockets.ts';
import { CONTROL, type LinkCommand, type LinkMessage, type LinkThreadData } from './messages.ts';
import { Parking } from './parking.ts';

/** Bytes that may wait in a socket before the link leaves the rest in the rings, where it holds up who publishes it. */
const MOST_UNSENT_BYTES = 2 ** 18;
/** Time between two signs of life. */
const BEAT_MS = 250;
/** Without a byte for this long, a process counts as lost. */
const SILENCE_MS = 3000;
/** Between two beats further apart this process stood still itself, and what came meanwhile is not read yet. */
const STILL_MS = 4 * BEAT_MS;
/** Time in which a process that closes a connection tells on the other one why. */
const REASON_MS = 200;
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
const extents = new Extents(data.shared.heap);
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
  readonly link: ProcessLink;
  /** The connections to and from it; null until they are there. */
  outgoing: { readonly socket: Socket; readonly outbox: Outbox } | null;
  incoming: Incoming | null;
  /** Whether data or raises of it were applied since the last look. */
  isHeard: boolean;
  heardMs: number;
  steps: number;
  isReady: boolean;
  isGone: boolean;
}

const known = new Map<number, Peer>();
/** Those with both connections. */
const connected: Peer[] = [];
let hasEnded = false;
let isFinishing = false;
let saidBye = false;
let saidReady = false;
/** Clock of process 0 minus this one's, by the quickest answer; of the machine, and on the wall. */
let clockOffsetMs = 0;
let wallOffsetMs = 0;
let quickestMs = Infinity;
let pingsLeft = PINGS;
/** When it was last looked whether all others were heard. */
let beatMs = performance.now();

function fail(message: string): void {
  if (hasEnded) return;
  // The others would only see a connection that is closed.
  sendAll({ type: 'failed', reason: message });
  end();
  post({ type: 'failed', message });
}

function end(): void {
  hasEnded = true;
  sockets.end();
  for (const { outgoing, incoming } of known.values()) {
    outgoing?.socket.destroySoon();
    incoming?.socket.destroySoon();
  }
  parking.wakeAll();
}

const send = ({ outgoing }: Peer, message: Control): void => void outgoing?.socket.write(controlMessage(message));

function sendAll(message: Control): void {
  for (const peer of known.values()) send(peer, message);
}

/** Carries what is there in both directions. Returns whether there was anything. */
function carry(): boolean {
  let active = false;
  for (const peer of connected) {
    const { socket, outbox } = peer.outgoing!;
    if (socket.writableLength < MOST_UNSENT_BYTES && peer.link.collect(outbox)) active = true;
    peer.incoming!.retry();
    if (peer.isHeard) active = true;
    peer.isHeard = false;
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
  if (connected.length < count - 1) return;
  if (!saidReady && Atomics.load(control, CONTROL.ready) !== 0) {
    saidReady = true;
    if (processes.index !== 0) send(known.get(0)!, { type: 'ready' });
  }
  const isStarted = Atomics.load(control, CONTROL.started) !== 0;
  if (processes.index !== 0 || !saidReady || isStarted || connected.some(({ isReady }) => !isReady)) return;
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
      send(peer, { type: 'pong', sentMs: message['sentMs'], atMs: machineMs(), wallMs: wallMs() });
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
    send(known.get(0)!, { type: 'ping', sentMs: machineMs() });
  } else post({ type: 'connected', wallOffsetMs, roundTripMs: processes.index === 0 ? 0 : quickestMs });
}

/** Says good-bye once everything has gone out, and ends when all others have, too. */
function finish(): void {
  if (hasEnded || !isFinishing) return;
  while (carry());
  if (!saidBye && connected.every(({ outgoing }) => outgoing!.socket.writableLength < MOST_UNSENT_BYTES)) {
    saidBye = true;
    sendAll({ type: 'bye' });
  }
  if (!saidBye || connected.some(({ isGone }) => !isGone)) return;
  end();
  post({ type: 'closed' });
}

/** What is known of a process, one of whose connections is there. */
function peerOf(process: number): Peer {
  const before = known.get(process);
  if (before !== undefined) return before;
  const isLocal = (worker: number): boolean => Math.floor(worker / workersEach) === processes.index;
  const link = new ProcessLink({
    channels,
    outputs: data.outputs,
    cells,
    extents,
    local,
    remote: workersOf(process),
    transportOf: (worker) => new SharedMemoryTransport(data.rings, worker, peers, isLocal),
  });
  const state = { isHeard: false, heardMs: performance.now(), steps: 0, isReady: false, isGone: false };
  const peer = { process, link, outgoing: null, incoming: null, ...state };
  known.set(process, peer);
  return peer;
}

/** Goes on once both connections of a process are there. */
function complete(peer: Peer): void {
  if (peer.outgoing === null || peer.incoming === null) return;
  peer.heardMs = performance.now();
  connected.push(peer);
  if (connected.length < count - 1) return;
  sockets.complete();
  ping();
}

/** A connection of a process is closed. */
function lose(peer: Peer): void {
  if (peer.isGone) return;
  // It may have said why on its other connection.
  setTimeout(() => {
    if (!peer.isGone) fail(`process ${peer.process} was lost: its connection was closed`);
  }, REASON_MS).unref();
}

const sockets = new LinkSockets(processes, identity, payloadBytes, {
  onOutgoing: (process, socket) => {
    const peer = peerOf(process);
    peer.outgoing = { socket, outbox: new Outbox((bytes, onSent) => void socket.write(bytes, onSent)) };
    socket.on('close', () => lose(peer));
    socket.on('drain', () => {
      if (hasEnded) return;
      carry();
      finish();
    });
    complete(peer);
  },
  onIncoming: (process, incoming) => {
    const peer = peerOf(process);
    peer.incoming = incoming;
    incoming.socket.on('close', () => lose(peer));
    complete(peer);
  },
  onMessage: (process, kind, payload) => {
    const peer = known.get(process)!;
    if (kind === MESSAGE.control) hear(peer, parseControl(payload));
    else if (!peer.link.accept(kind, payload)) return false;
    else peer.isHeard = true;
    return true;
  },
  onRead: (process) => {
    known.get(process)!.heardMs = performance.now();
    carry();
  },
  onFault: fail,
  onNote: (message) => post({ type: 'note', message }),
});

function beat(): void {
  if (hasEnded) return;
  const nowMs = performance.now();
  const stoodStill = nowMs - beatMs > STILL_MS;
  beatMs = nowMs;
  for (const peer of connected) {
    // What it says is not read as long as there is no room for it.
    if (stoodStill || peer.incoming!.isHeld) peer.heardMs = nowMs;
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
setInterval(beat, BEAT_MS).unref();
await pump();
port.close();
