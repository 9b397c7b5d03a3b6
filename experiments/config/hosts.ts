/** Hosts: how they are written, and where their processes listen. */
import { readFileSync } from 'node:fs';
import { quoted } from './one-line.ts';
import { InputError } from './input-error.ts';

/** What a host looks like: a name or an address, a user before it, a port behind it. */
export const HOST_PATTERN = String.raw`^(?:[\w.-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*(?::[1-9]\d{0,4})?$`;

/** Most hosts of a run. */
export const MOST_HOSTS = 1024;

/** The port of the first host that names none; each further one has the next. */
const FIRST_PORT = 7700;

/** Where a process listens. */
export interface Address {
  /** A name or address. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
}

/** Whether a text is a host. */
export function isHost(text: string): boolean {
  return new RegExp(HOST_PATTERN, 'u').test(text) && Number(text.split(':')[1] ?? 1) <= 65_535;
}

/** Where the process of `host` or `user@host:port` listens, the `index`-th of a list. */
export function addressOf(host: string, index: number): Address {
  const [name = '', port] = host.slice(host.indexOf('@') + 1).split(':');
  return { host: name, port: port === undefined ? FIRST_PORT + index : Number(port) };
}

/** An address in words: `node1:7700`. */
export function addressText({ host, port }: Address): string {
  return `${host}:${port}`;
}

/**
 * The hosts of a file: one a line, empty lines and what follows a `#` left out.
 *
 * @throws {InputError} when it cannot be read, has a line that is no host, or none
 */
export function readHostFile(file: string): string[] {
  const hosts = linesOf(file).flatMap((line, index) => {
    const text = line.replace(/#.*/u, '').trim();
    if (text === '') return [];
    if (isHost(text)) return [text];
    throw new InputError(`${file}:${index + 1}: expected a host such as node1 or node1:7700, found ${quoted(text)}`);
  });
  if (hosts.length === 0) throw new InputError(`${file}: has no hosts; expected one a line`);
  return hosts;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    throw new InputError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
