/**
 * The connections between processes: of each pair one for each direction, on which bytes go one way once both ends have proved who they
 * are. Who receives connects, since only a socket that connects can read into memory of its own; the others of Node allocate memory for
 * every read, at less than half of the bandwidth.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

import {
  controlMessage,
  MESSAGE,
  type MessageHandler,
  MessageReader,
  parseControl,
  WireError,
} from '../transport/wire.ts';
import { Handshake, type HandshakeRole, type Identity } from './handshake.ts';
import type { ProcessOptions } from './messages.ts';

/** Bytes that are read at once. */
const READ_BYTES = 2 ** 18;
/** Time between two attempts to connect. */
const RETRY_MS = 50;
/** Time that a handshake may take. */
const HANDSHAKE_MS = 5000;

/** What becomes of the connections. */
export interface LinkSocketEvents {
  /** A process has connected, and receives what is written into `socket`. */
  readonly onOutgoing: (process: number, socket: Socket) => void;
  /** A process sends on this connection from now on. */
  readonly onIncoming: (process: number, incoming: Incoming) => void;
  /** Takes a message from such a process; false when there is no room for it (see `Incoming.retry`). */
  readonly onMessage: (process: number, ...message: Parameters<MessageHandler>) => boolean;
  /** Bytes came from such a process, and the messages in them were taken as far as there was room. */
  readonly onRead: (process: number) => void;
  /** It makes no sense to go on. */
  readonly onFault: (message: string) => void;
  /** Somebody was refused. */
  readonly onNote: (message: string) => void;
}

/** A connection that is read. */
export class Incoming {
  /** The socket. */
  readonly socket: Socket;
  readonly #reader: MessageReader;
  readonly #onWireError: (error: WireError) => void;
  #isHeld = false;

  /** A connection whose messages `onMessage` takes; one that follows no protocol is told to `onWireError`. */
  constructor(socket: Socket, mostBytes: number, onMessage: MessageHandler, onWireError: (error: WireError) => void) {
    this.socket = socket;
    this.#reader = new MessageReader(mostBytes, onMessage);
    this.#onWireError = onWireError;
  }

  /** Whether nothing is read until there is room. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Takes bytes, which must stay as they are as long as it is held. */
  read(chunk: Buffer): void {
    this.#go(() => this.#reader.push(chunk));
  }

  /** Looks whether there is room for what it is held by, and reads on if so. */
  retry(): void {
    if (!this.#isHeld) return;
    this.#go(() => this.#reader.retry());
    if (!this.#isHeld) this.socket.resume();
  }

  #go(read: () => boolean): void {
    try {
      this.#isHeld = !read();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#onWireError(error);
    }
  }
}

/** Listens for the processes that receive from this one, and connects to those from which it receives. */
export class LinkSockets {
  readonly #processes: ProcessOptions;
  readonly #identity: Identity;
  readonly #mostBytes: number;
  readonly #events: LinkSocketEvents;
  /** Processes to which, and from which, there is a connection. */
  readonly #outgoing = new Set<number>();
  readonly #incoming = new Set<number>();
  /** Why a process could not be reached the last time. */
  readonly #reasons = new Map<number, string>();
  #server: Server | undefined;
  #isLate = false;
  #hasEnded = false;

  /** Starts to listen and to connect. Frames and raises have payloads of at most `mostBytes` bytes. */
  constructor(processes: ProcessOptions, identity: Identity, mostBytes: number, events: LinkSocketEvents) {
    this.#processes = processes;
    this.#identity = identity;
    this.#mostBytes = mostBytes;
    this.#events = events;
    this.#listen();
    for (let process = 0; process < processes.addresses.length; process++) {
      if (process !== processes.index) this.#reach(process);
    }
    setTimeout(() => this.#expire(), processes.connectMs).unref();
  }

  /** Listens no longer: all are there. */
  complete(): void {
    this.#server?.close();
  }

  /** Neither listens nor connects any longer. */
  end(): void {
    this.#hasEnded = true;
    this.#server?.close();
  }

  #expire(): void {
    this.#isLate = true;
    const missing = this.#processes.addresses.flatMap((_, process) => {
      if (process === this.#processes.index || (this.#outgoing.has(process) && this.#incoming.has(process))) return [];
      const reason = this.#reasons.get(process);
      return [`${process} (${this.#addressText(process)}${reason === undefined ? '' : `: ${reason}`})`];
    });
    if (missing.length === 0 || this.#hasEnded) return;
    const limit = `${this.#processes.connectMs / 1e3} s`;
    this.#events.onFault(`no connection with process ${missing.join(', ')} within ${limit}`);
  }

  #addressText(process: number): string {
    const { host, port } = this.#processes.addresses[process]!;
    return `${host}:${port}`;
  }

  #listen(): void {
    if (this.#hasEnded) return;
    const { host, port } = this.#processes.addresses[this.#processes.index]!;
    this.#server = createServer((socket) => this.#admit(socket));
    this.#server.on('error', (error: NodeJS.ErrnoException) => {
      // A name may become known late where hosts have just been started.
      if (isUnknownName(error) && !this.#isLate) setTimeout(() => this.#listen(), RETRY_MS).unref();
      else this.#events.onFault(`${host}:${port}${error.code === 'EADDRINUSE' ? ' is in use' : `: ${error.message}`}`);
    });
    this.#server.listen(port, host);
  }

  /** Lets a process in that receives from this one. */
  #admit(socket: Socket): void {
    // Unknown once the connection is closed.
    const from = socket.remoteAddress ?? 'somewhere';
    let receiver: number | null = null;
    const refuse = (error: WireError): void => {
      if (receiver !== null) return this.#events.onFault(`the link to process ${receiver}: ${error.message}`);
      if (!socket.destroyed) socket.write(controlMessage({ type: 'refused', reason: error.message }));
      socket.destroySoon();
      // Anybody can connect.
      this.#events.onNote(`refused a connection from ${from}: ${error.message}`);
    };
    const greet = this.#greeting(socket, { admits: (process) => process !== this.#processes.index }, refuse);
    const onMessage: MessageHandler = (kind, payload) => {
      if (receiver !== null) throw new WireError('a message after the handshake');
      const process = greet(kind, payload);
      if (process === null) return true;
      if (this.#outgoing.has(process)) throw new WireError(`process ${process} is connected already`);
      this.#outgoing.add(process);
      receiver = process;
      this.#events.onOutgoing(process, socket);
      return true;
    };
    const incoming = new Incoming(socket, this.#mostBytes, onMessage, refuse);
    socket.on('data', (chunk) => incoming.read(chunk));
  }

  /** Connects to a process that may start later than this one, until the time limit. */
  #reach(process: number): void {
    if (this.#hasEnded || this.#isLate) return;
    const { host, port } = this.#processes.addresses[process]!;
    const at = `process ${process} at ${this.#addressText(process)}`;
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    let incoming: Incoming | undefined;
    let isThere = false;
    const onBytes = (count: number): boolean => {
      if (this.#hasEnded || incoming === undefined) return false;
      incoming.read(buffer.subarray(0, count));
      if (isThere) this.#events.onRead(process);
      return !incoming.isHeld;
    };
    const socket = connect({ host, port, onread: { buffer, callback: onBytes } });
    const onFault = (error: NodeJS.ErrnoException): void => {
      socket.destroy();
      this.#reasons.set(process, error.code ?? error.message);
      setTimeout(() => this.#reach(process), RETRY_MS).unref();
    };
    socket.once('error', onFault);
    socket.once('connect', () => {
      socket.off('error', onFault);
      const refuse = (error: WireError): void => {
        if (!isThere) socket.write(controlMessage({ type: 'refused', reason: error.message }));
        socket.destroySoon();
        this.#events.onFault(`${isThere ? `the link from process ${process}` : at}: ${error.message}`);
      };
      const greet = this.#greeting(socket, { connectsTo: process }, refuse);
      const onMessage: MessageHandler = (kind, payload) => {
        if (isThere) return this.#events.onMessage(process, kind, payload);
        isThere = greet(kind, payload) !== null;
        if (!isThere) return true;
        this.#incoming.add(process);
        this.#events.onIncoming(process, incoming!);
        return true;
      };
      incoming = new Incoming(socket, this.#mostBytes, onMessage, refuse);
      socket.once('close', () => {
        if (!isThere && !this.#hasEnded) this.#events.onFault(`${at} closed the connection`);
      });
    });
  }

  /**
   * Carries out the handshake of one end of a socket in time. Returns what takes the messages until it has told which process is at
   * the other end.
   */
  #greeting(
    socket: Socket,
    role: HandshakeRole,
    refuse: (error: WireError) => void,
  ): (kind: number, payload: Buffer) => number | null {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const late = setTimeout(() => refuse(new WireError(`no handshake within ${HANDSHAKE_MS / 1e3} s`)), HANDSHAKE_MS);
    socket.once('close', () => clearTimeout(late));
    const handshake = new Handshake(this.#identity, role);
    if ('connectsTo' in role) socket.write(controlMessage(handshake.hello()));
    return (kind, payload) => {
      if (kind !== MESSAGE.control) throw new WireError('data before the handshake');
      const { reply, peer } = handshake.hear(parseControl(payload));
      if (reply !== null) socket.write(controlMessage(reply));
      if (peer !== null) clearTimeout(late);
      return peer;
    };
  }
}

function isUnknownName({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}
