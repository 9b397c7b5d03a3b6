/** Faults of the disk that a user can mend: told in one line, without a stack. */
import { InputError } from '../config/input-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk; free some, then run the same command again (finished runs are kept)',
  EDQUOT: 'the disk quota is used up; free some space, then run the same command again (finished runs are kept)',
  EACCES: 'not writable; expected a folder that may be written, see --out',
  EPERM: 'not writable; expected a folder that may be written, see --out',
  EROFS: 'cannot be made (a read-only file system?); expected a folder that may be written, see --out',
  ENOTDIR: 'a file stands where a folder is needed, see --out',
  EEXIST: 'a file stands where a folder is needed, see --out',
};

/** The disk does not take what is to be written. */
export class StorageError extends InputError {
  override name = 'StorageError';
}

/**
 * The error to throw for a fault of the file system at `path`, or undefined when it is none that a user can mend. The code is
 * taken from the message, which keeps it when the fault was wrapped or came from another process.
 */
export function storageError(message: string, path: string): StorageError | undefined {
  // Node writes `ENOSPC: ...` for most calls, and `EROFS, ...` for some.
  const code = /\b(E[A-Z]+)[:,]/u.exec(message)?.[1];
  // Making a folder and those above it on a read-only file system ends with ENOENT.
  const reason = REASONS[code === 'ENOENT' && message.includes('mkdir') ? 'EROFS' : (code ?? '')];
  return reason === undefined ? undefined : new StorageError(`${path}: ${reason}`);
}
