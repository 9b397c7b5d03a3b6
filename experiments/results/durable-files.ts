/** Files that are on the disk, not in a cache, when a function returns: what is renamed afterwards survives a loss of power. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** Writes a file in pieces; `produce` is given what takes a piece of text. */
export function writeDurably(path: string, produce: (write: (text: string) => void) => void): void {
  const file = openSync(path, 'w');
  try {
    produce((text) => {
      const bytes = Buffer.from(text);
      // The system may take less than it was given.
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    });
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the names in a folder durable: files that were made, renamed or removed. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
