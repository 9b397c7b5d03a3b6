/** Reads the file of a config, whatever it turns out to be. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { ConfigError, InputError } from './input-error.ts';

/** Largest config, in bytes. */
const LARGEST_BYTES = 2 ** 20;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'is a folder',
  EACCES: 'not readable',
  ELOOP: 'a link that leads to itself',
  ENAMETOOLONG: 'a name that no file can have',
  ENXIO: 'not a file',
  ERR_INVALID_ARG_VALUE: 'a name that no file can have',
};

/**
 * The text of a config.
 *
 * @throws {InputError} when the file cannot be read, is no plain file (a pipe has no end), or is too large
 * @throws {ConfigError} when it is no UTF-8 text
 */
export function readConfig(file: string): string {
  return decode(readBytes(file), file);
}

function readBytes(file: string): Buffer {
  let descriptor: number | undefined;
  try {
    // Opening a pipe would wait until somebody writes to it.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new InputError(`${file}: is a folder; expected a config file`);
    if (!stat.isFile()) throw new InputError(`${file}: is not a plain file; expected a config file`);
    if (stat.size > LARGEST_BYTES) {
      throw new InputError(`${file}: has ${stat.size} bytes; expected a config file of at most ${LARGEST_BYTES}`);
    }
    return readFileSync(descriptor);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: ${REASONS[code] ?? message}; expected a config file`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function decode(bytes: Buffer, file: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new ConfigError(file, 'is UTF-16; expected a text in UTF-8');
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError(file, 'is no text in UTF-8; expected a YAML config');
  }
  const at = text.search(/(?![\t\n\r\u0085])\p{Cc}/u);
  if (at === -1) return text;
  const line = text.slice(0, at).split('\n').length;
  throw new ConfigError(`${file}:${line}`, `has the control character ${JSON.stringify(text[at])}; expected a text`);
}
