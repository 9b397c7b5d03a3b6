/**
 * The handshake of a link: both ends show that they know the token without sending it (challenge and response, HMAC-SHA-256), and that
 * they are of one version and run the same thing. The end that connects speaks first.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { WIRE_VERSION, WireError } from '../transport/wire.ts';

/** What both ends must have in common, and who this end is. */
export interface Identity {
  /** Index of this process. */
  readonly process: number;
  /** Processes in all. */
  readonly processes: number;
  /** The shared secret; empty on the loopback. */
  readonly token: string;
  /** Digest of what is run: arguments, settings and graph. */
  readonly digest: string;
}

/** A control message. */
export type Control = Readonly<Record<string, unknown>> & { readonly type: string };

/** What an end answers, and what it knows once the handshake is over. */
export interface HandshakeStep {
  /** To be sent; null for nothing. */
  readonly reply: Control | null;
  /** The other process, once both ends are satisfied. */
  readonly peer: number | null;
}

const NONCE_BYTES = 32;

function proof(token: string, role: 'connecting' | 'listening', nonce: string): string {
  return createHmac('sha256', token).update(`megaphone ${role} ${nonce}`).digest('hex');
}

function requireProof(found: unknown, expected: string): void {
  const [a, b] = [Buffer.from(typeof found === 'string' ? found : ''), Buffer.from(expected)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw new WireError('the other end does not know the token');
}

function requireVersion({ version }: Control): void {
  if (version !== WIRE_VERSION) throw new WireError(`protocol version ${String(version)}; expected ${WIRE_VERSION}`);
}

function requireDigest({ digest }: Control, identity: Identity): void {
  if (digest !== identity.digest)
    throw new WireError('the other end runs something else: hosts, configs, code or graphs differ');
}

function requireType(message: Control, type: string): void {
  if (message.type === 'refused') throw new WireError(`the other end refused: ${String(message['reason'])}`);
  if (message.type !== type) throw new WireError(`a message "${message.type.slice(0, 20)}"; expected "${type}"`);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > 2 * NONCE_BYTES) throw new WireError('a nonce that is none');
  return value;
}

/** Which end this is: the one that connects to a process, or the one that was connected to, and by whom it may be. */
export type HandshakeRole = { readonly connectsTo: number } | { readonly admits: (process: number) => boolean };

/** One end of the handshake of one link. */
export class Handshake {
  readonly #identity: Identity;
  readonly #role: HandshakeRole;
  readonly #nonce = randomBytes(NONCE_BYTES).toString('hex');
  #peer = -1;
  #step = 0;

  /** An end that has said nothing yet. */
  constructor(identity: Identity, role: HandshakeRole) {
    this.#identity = identity;
    this.#role = role;
  }

  /** The first message of the end that connects. */
  hello(): Control {
    return { type: 'hello', version: WIRE_VERSION, process: this.#identity.process, nonce: this.#nonce };
  }

  /**
   * Takes the next message of the other end.
   *
   * @throws {WireError} when it is not what a peer of this run says
   */
  hear(message: Control): HandshakeStep {
    const role = this.#role;
    return 'admits' in role ? this.#listening(message, role.admits) : this.#connecting(message, role.connectsTo);
  }

  #connecting(message: Control, peer: number): HandshakeStep {
    const { token, digest } = this.#identity;
    this.#step += 1;
    if (this.#step === 1) {
      requireType(message, 'challenge');
      requireVersion(message);
      requireProof(message['proof'], proof(token, 'listening', this.#nonce));
      const answer = proof(token, 'connecting', textOf(message['nonce']));
      return { reply: { type: 'proof', proof: answer, digest }, peer: null };
    }
    requireType(message, 'welcome');
    requireDigest(message, this.#identity);
    return { reply: null, peer };
  }

  #listening(message: Control, admits: (process: number) => boolean): HandshakeStep {
    const { token, digest, processes } = this.#identity;
    this.#step += 1;
    if (this.#step === 1) {
      requireType(message, 'hello');
      requireVersion(message);
      const peer = Number(message['process']);
      if (!Number.isInteger(peer) || peer < 0 || peer >= processes || !admits(peer))
        throw new WireError(`an unknown process ${peer}`);
      this.#peer = peer;
      const answer = proof(token, 'listening', textOf(message['nonce']));
      return { reply: { type: 'challenge', version: WIRE_VERSION, nonce: this.#nonce, proof: answer }, peer: null };
    }
    requireType(message, 'proof');
    requireProof(message['proof'], proof(token, 'connecting', this.#nonce));
    requireDigest(message, this.#identity);
    return { reply: { type: 'welcome', digest }, peer: this.#peer };
  }
}
